"""The elements and flows of diagrams that cite a clause, and the package without one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.bpmn.model import Diagram, Kind
from service.catalog.coverage.coverage import list_package_citations
from service.catalog.package import Package
from service.domain.text import Text
from tests.mutants.mutant import Mutant, MutatedPiece
from tests.mutants.taken_out import taken_out


@dataclass(frozen=True, slots=True)
class CitingElement:
    """An element that cites: where it is drawn and what it is called."""

    file: str
    process: str
    element: str

    def __str__(self) -> str:
        return f"{self.process}/{self.element}"


def citing_elements(package: Package) -> Iterator[CitingElement]:
    """Yield every element and flow of the package's diagrams that cites a clause or a slot and does something.

    A plain start does nothing that could be missed: its citation is one the coverage matrix alone can lose.
    """
    for path, diagram in package.diagrams.items():
        for element in diagram.elements.values():
            if element.clauses and element.kind is not Kind.START:
                yield CitingElement(path, diagram.process_id, element.id)
        for flow in diagram.flows.values():
            if flow.clauses:
                yield CitingElement(path, diagram.process_id, flow.id)


def without(package: Package, mark: CitingElement) -> Package:
    """Return the package as it would be had the element never been drawn: what led to it leads on to what followed."""
    files = dict(package.files)
    files[mark.file] = taken_out(files[mark.file], mark.element)
    return Package.from_files(files, package.operations, f"without-{mark.process}-{mark.element}")


def passed_at(package: Package, mark: CitingElement) -> str:
    """Return what a case passes where the element matters, as "process/element": of a flow what it leads to."""
    flow = package.diagrams[mark.file].flows.get(mark.element)
    return str(mark) if flow is None else f"{mark.process}/{flow.target}"


def taken_out_mutants(package: Package) -> dict[str, Mutant]:
    """Return a mutant for each mark by its id, "process/element", with the clauses that it carries out."""
    cited = clauses_by_place(package)
    return {
        str(mark): Mutant(
            str(mark),
            cited.get((mark.file, mark.element), ()),
            _element_words(package.diagrams[mark.file], mark.element),
            MutatedPiece.ELEMENT,
            mark.file,
            None,
            mark.element,
            passes=frozenset({passed_at(package, mark)}),
            words=(mark.element,),
        )
        for mark in citing_elements(package)
    }


def clauses_by_place(package: Package) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the clauses that are cited at each place, by file and element; slots are filled."""
    cited: dict[tuple[str, str], dict[str, None]] = {}
    for citation in list_package_citations(package):
        cited.setdefault((citation.file, citation.element), {})[citation.clause] = None
    return {place: tuple(found) for place, found in cited.items()}


def _element_words(diagram: Diagram, ident: str) -> Text:
    flow = diagram.flows.get(ident)
    if flow is None:
        name = _name(diagram, ident)
        return Text(f"拿掉“{name}”", f"“{name}” taken out")
    source, target = (_name(diagram, end) for end in (flow.source, flow.target))
    return Text(f"拿掉从“{source}”到“{target}”的连线", f"the flow from “{source}” to “{target}” taken out")


def _name(diagram: Diagram, ident: str) -> str:
    found = diagram.elements.get(ident)
    return (found.name if found else "") or ident
