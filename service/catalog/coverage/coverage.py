"""The coverage matrix: where every clause of a law is carried out, and what proves it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from service.catalog.bpmn.model import SLOT, Diagram
from service.catalog.forms.forms import FormMistake, form_clauses, form_fields, parse_form
from service.catalog.law.clause_slots import bind_once, call_chains
from service.catalog.law.law import Law
from service.catalog.law.proof import Proof
from service.catalog.package import Package
from service.catalog.pieces.piece_kinds import document_name
from service.catalog.problems import Problem, Severity
from service.catalog.source.newest import by_file, of_newest
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Citation:
    """One place that carries a clause out: ``kind`` says what it is, ``element`` which one."""

    clause: str
    file: str
    element: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the clauses of a law are accounted for; each tuple is in the order of the text.

    What is cited is either ``carried_out`` (an expectation says that it proves it, in a season within the law),
    ``unproved`` (none does), or ``words_only``.
    """

    jurisdiction: str
    clauses: tuple[str, ...]
    carried_out: tuple[str, ...]
    unproved: tuple[str, ...]
    words_only: tuple[str, ...]
    informative: tuple[str, ...]
    outside: tuple[str, ...]
    not_modelled_yet: tuple[str, ...]
    uncovered: tuple[str, ...]
    where: Mapping[str, tuple[Citation, ...]]
    proofs: Mapping[str, tuple[Proof, ...]]

    @property
    def summary(self) -> Text:
        """The counts in a sentence."""
        return Text(
            f"共 {len(self.clauses)} 条：{len(self.carried_out)} 条由流程落实并有情景证明，{len(self.unproved)} 条未证明，"
            f"{len(self.words_only)} 条为文字体现，{len(self.informative)} 条为说明性，"
            f"{len(self.outside)} 条在流程之外，{len(self.uncovered)} 条未落实。",
            f"{len(self.clauses)} clauses: {len(self.carried_out)} carried out and proved by a scenario, "
            f"{len(self.unproved)} unproved, {len(self.words_only)} words only, {len(self.informative)} informative, "
            f"{len(self.outside)} outside the procedure, {len(self.uncovered)} uncovered.",
        )


def coverage(packages: Package | Iterable[Package]) -> Coverage:
    """Return the coverage of one package, or of all packages of one jurisdiction together."""
    group = [packages] if isinstance(packages, Package) else list(packages)
    citations_by_clause = _by_clause(group)
    proofs: dict[str, list[Proof]] = {}
    for proof in (proof for package in group for proof in package.proofs):
        proofs.setdefault(proof.clause, []).append(proof)
    return _sorted_out(group[0].jurisdiction.id, group[0].law, citations_by_clause, proofs)


def _sorted_out(
    jurisdiction: str, law: Law, citations_by_clause: dict[str, list[Citation]], proofs: dict[str, list[Proof]]
) -> Coverage:
    clauses = tuple(law.clauses)
    cited = tuple(ident for ident in clauses if ident in citations_by_clause)
    words_only = tuple(ident for ident in cited if law.clauses[ident].words_only)
    proved_ids = {ident for ident, clause_proofs in proofs.items() if any(not proof.beyond for proof in clause_proofs)}
    carried_out = tuple(ident for ident in cited if ident in proved_ids and ident not in words_only)
    unproved = tuple(ident for ident in cited if ident not in proved_ids and ident not in words_only)
    informative = tuple(
        ident for ident in clauses if law.clauses[ident].informative and ident not in citations_by_clause
    )
    outside = tuple(
        i for i in clauses if law.clauses[i].outside and i not in citations_by_clause and i not in informative
    )
    uncovered = uncovered_by(law, citations_by_clause)
    where = {ident: tuple(citations_by_clause[ident]) for ident in cited}
    later = tuple(ident for ident in uncovered if ident in law.not_modelled_yet)
    return Coverage(
        jurisdiction,
        clauses,
        carried_out,
        unproved,
        words_only,
        informative,
        outside,
        later,
        uncovered,
        MappingProxyType(where),
        MappingProxyType({ident: tuple(proofs[ident]) for ident in clauses if ident in proofs}),
    )


def cited_in(package: Package) -> Mapping[str, list[Citation]]:
    """Return the citations of a package by clause, as they are asked for where nothing has to be proved."""
    return package.derived("cited", lambda: _by_clause([package]))


def uncovered_by(law: Law, cited_ids: Container[str]) -> tuple[str, ...]:
    """Return the clauses that are not among the cited ones ``cited_ids``, not informative and not outside of the procedure."""
    return tuple(
        i for i, clause in law.clauses.items() if i not in cited_ids and not clause.informative and not clause.outside
    )


def _by_clause(group: Iterable[Package]) -> dict[str, list[Citation]]:
    citations_by_clause: dict[str, list[Citation]] = {}
    for citation in (citation for package in group for citation in list_package_citations(package)):
        citations_by_clause.setdefault(citation.clause, []).append(citation)
    return citations_by_clause


def list_package_citations(package: Package) -> tuple[Citation, ...]:
    """Return every citation of a package, slots bound along every chain of calls."""
    return package.derived("citations", lambda: tuple(_iterate_citations(package)))


def _iterate_citations(package: Package) -> Iterator[Citation]:
    yield from _cite_award(package)
    if package.law.amendment is not None:
        for clause in package.law.amendment.clauses:
            yield Citation(clause, package.law.file, "amendment", "amendment", "对进行中的办件的规定")
    for path, diagram in package.diagrams.items():
        yield from _cite_diagram(package, path, diagram)
    for table in {id(table): table for table in package.tables.values()}.values():
        for row in table.rows:
            for clause in table.clauses(row):
                yield Citation(clause, table.file, row.id, "table_row", row.description)
    for template in package.documents.values():
        for clause in template.clauses:
            yield Citation(clause, template.file, template.id, "document", document_name(package, template.id))
    for ident, path in package.forms.items():
        yield from _cite_form(package.files[path], path, ident)


def _cite_award(package: Package) -> Iterator[Citation]:
    award, file = package.award, package.award_file
    cited = [(award.clauses, award.id, "award", award.name)]
    cited += [(tier.clauses, f"tiers.{tier.id}", "tier", tier.name) for tier in award.tiers]
    cited += [(p.clauses, f"processes.{key}", "process", p.name) for key, p in award.processes.items()]
    cited += [(a.clauses, f"actions.{key}", "action", a.name) for key, a in award.actions.items()]
    dated = [(p.clauses, f"parameters.{key}", "parameter", p.name) for key, p in award.parameters.items()]
    for place, citing_rows in ((file, cited), (package.parameters_file, dated)):
        for clauses, element, kind, name in citing_rows:
            for clause in clauses:
                yield Citation(clause, place, element, kind, name)


def _cite_diagram(package: Package, path: str, diagram: Diagram) -> Iterator[Citation]:
    chains = list(call_chains(package.processes, diagram.process_id))
    cited = [(diagram.clauses, diagram.process_id, "process", diagram.name)]
    cited += [(e.clauses, e.id, e.kind.value, e.name) for e in diagram.elements.values()]
    cited += [(f.clauses, f.id, "sequenceFlow", f.name) for f in diagram.flows.values()]
    for words, element, kind, name in cited:
        bound: dict[str, None] = {}
        for chain in chains:
            clauses = words
            for call in reversed(chain):
                clauses = bind_once(clauses, call)
            bound.update(dict.fromkeys(clauses))
        for clause in bound:
            if not clause.startswith(SLOT):
                yield Citation(clause, path, element, kind, name)


@of_newest(by_file)
def _cite_form(content: bytes, path: str, ident: str) -> tuple[Citation, ...]:
    try:
        schema = parse_form(content, path)
    except FormMistake:
        return ()
    whole = (Citation(clause, path, ident, "form", ident) for clause in form_clauses(schema))
    fields = (
        Citation(clause, path, field.path or field.id, "form_field", field.label)
        for field in form_fields(schema)
        for clause in field.clauses
    )
    return (*whole, *fields)


UNPROVED = "unproved_clauses"
RULE = "remark"
"""What a remark has in place of a rule."""


def remarks_of(laws: Iterable[Law]) -> tuple[Problem, ...]:
    """Return the remarks of ``laws``, each once; ``element`` holds the clauses, ``remedy`` the reading chosen."""
    problems = {
        Problem(
            law.file,
            " ".join(remark.clauses),
            RULE,
            remark.text,
            Text(f"采用的理解：{remark.reading.zh}", f"Read as: {remark.reading.en}"),
            Severity.REMARK,
        ): None
        for law in laws
        for remark in law.remarks
    }
    return tuple(problems)


def unproved_of(packages: Sequence[Package]) -> tuple[Problem, ...]:
    """Return one remark where clauses of a jurisdiction are cited and no expectation proves them.

    ``packages`` are those of one jurisdiction, with what their scenarios prove.
    """
    report = coverage(packages)
    if not report.unproved:
        return ()
    some = "、".join(report.unproved[:5]) + ("…" if len(report.unproved) > 5 else "")
    return (
        Problem(
            packages[0].law.file,
            "clauses",
            UNPROVED,
            Text(
                f"{len(report.unproved)}条有引用而没有情景的期望证明：{some}。",
                f"{len(report.unproved)} clauses are cited and no expectation of a scenario proves them: {some}",
            ),
            Text(
                f"laurel coverage {report.jurisdiction} --unproved 逐条列出；在断言其效果的期望上写 proves。",
                f"laurel coverage {report.jurisdiction} --unproved lists them; write proves on what asserts their effect.",
            ),
            Severity.REMARK,
        ),
    )
