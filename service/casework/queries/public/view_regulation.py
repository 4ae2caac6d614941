"""The regulation of an award as the public reads it: clauses with where each is carried out, and the diagrams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import bpmn_of, processes_of
from service.casework.reading.citations import CitedArticle, cite
from service.catalog import Clause, Kind, Package
from service.catalog.bpmn.picture import in_words, picture_of
from service.catalog.bpmn.read import read_diagram


@dataclass(frozen=True, slots=True)
class RegulationView:
    """The regulation of an award: clauses with where each is carried out, and the diagrams."""

    package: Package
    diagrams: tuple[tuple[str, str], ...]
    clauses: tuple[tuple[Clause, tuple[str, ...]], ...]
    steps: tuple[tuple[str, str, tuple[CitedArticle, ...]], ...]
    process: str


@guarded("definition.view")
def view_regulation(desk: Desk, actor: Actor, package_key: str, process: str | None) -> RegulationView:
    """Return the regulation of an award as clauses and one readable diagram; raises NotFound."""
    del actor
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
    diagrams = tuple(dict(pair for kind in package.award.processes for pair in processes_of(package, kind)).items())
    if process:
        package.diagram(process)  # raises NotFound
    chosen = process or (diagrams[0][0] if diagrams else "")
    return RegulationView(package, diagrams, _list_clauses(package), _list_steps(package, chosen), chosen)


@guarded("definition.view")
def public_diagram(desk: Desk, actor: Actor, package_key: str, process: str) -> bytes:
    """Return the BPMN of a published diagram; raises NotFound."""
    del actor
    with desk.store.read() as tx:
        return bpmn_of(desk.packages.current(package_key, tx), process)


@guarded("definition.view")
def public_picture(desk: Desk, actor: Actor, package_key: str, process: str, say: Callable[[str], str] = str) -> str:
    """Return a published diagram as a picture (SVG), which paper and small screens show whole; raises NotFound."""
    del actor
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
    diagram = package.diagram(process)
    return picture_of(read_diagram(in_words(bpmn_of(package, process), diagram.file, say), diagram.file))


def _list_clauses(package: Package) -> tuple[tuple[Clause, tuple[str, ...]], ...]:
    carried: dict[str, list[str]] = {}
    for diagram in package.processes.values():
        for element in diagram.elements.values():
            for clause in element.clauses:
                if element.name and not clause.startswith("slot:"):
                    carried.setdefault(clause, []).append(element.name)
            for bound in element.slots.values():
                for clause in bound:
                    carried.setdefault(clause, []).append(element.name)
    for parameter in package.award.parameters.values():
        for clause in parameter.clauses:
            carried.setdefault(clause, []).append(parameter.name)
    return tuple((c, tuple(dict.fromkeys(carried.get(c.id, [])))) for c in package.law.clauses.values())


def _list_steps(package: Package, process: str) -> tuple[tuple[str, str, tuple[CitedArticle, ...]], ...]:
    """Return what is done in a diagram, with its articles; what is called alike is one step."""
    diagram = package.processes.get(process)
    if diagram is None:
        return ()
    cited: dict[str, tuple[str, list[str]]] = {}
    for element in diagram.elements.values():
        if element.name and (element.clauses or element.kind in (Kind.USER_TASK, Kind.CALL)):
            _, clauses = cited.setdefault(element.name, (element.id, []))
            clauses += [c for c in element.clauses if not c.startswith("slot:") and c not in clauses]
    return tuple((ident, name, cite(package, clauses)) for name, (ident, clauses) in cited.items())
