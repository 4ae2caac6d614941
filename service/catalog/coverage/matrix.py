"""The coverage matrix in both directions: from clauses to what carries them out, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

from service.catalog.coverage.coverage import Citation, coverage, list_package_citations
from service.catalog.law.clause_slots import ClauseUse
from service.catalog.law.law import Clause, Remark
from service.catalog.law.proof import Proof
from service.catalog.package import Package
from service.domain.errors import LaurelError
from service.domain.text import Text


class ClauseStatus(Enum):
    """How a clause is accounted for."""

    CARRIED_OUT = Text("由流程落实", "carried out")
    UNPROVED = Text("未证明", "unproved")
    UNPLAYED = Text("情景未跑", "scenario not played")
    """Studio: an expectation would prove it, but no scenario that holds it was played on this revision."""
    FAILED = Text("情景未通过", "scenario failed")
    """Studio: every scenario of this revision that would prove it and was played failed."""
    WORDS_ONLY = Text("文字体现", "words only")
    INFORMATIVE = Text("说明性条款", "informative")
    OUTSIDE = Text("在流程之外", "outside the procedure")
    LATER = Text("留待以后", "left for later")
    UNCOVERED = Text("未落实", "uncovered")


class SourceKind(Enum):
    """Kinds of sources: what carries a clause out."""

    ELEMENT = Text("环节", "diagram element")
    ROW = Text("决策表行", "table row")
    PARAMETER = Text("参数", "parameter")
    FIELD = Text("表单字段", "form field")
    FORM = Text("表单", "form")
    DOCUMENT = Text("文书", "document")
    AWARD = Text("奖项与操作", "award and actions")


_SOURCE_KINDS = {
    "table_row": SourceKind.ROW,
    "parameter": SourceKind.PARAMETER,
    "form_field": SourceKind.FIELD,
    "form": SourceKind.FORM,
    "document": SourceKind.DOCUMENT,
    "award": SourceKind.AWARD,
    "tier": SourceKind.AWARD,
    "action": SourceKind.AWARD,
}


@dataclass(frozen=True, slots=True)
class ClauseSource:
    """Something that carries clauses out: ``process`` is its diagram's process id, "" outside diagrams."""

    package: str
    file: str
    element: str
    kind: str
    name: str
    process: str
    clauses: tuple[str, ...]

    @property
    def source_kind(self) -> SourceKind:
        """What kind of thing it is."""
        return SourceKind.ELEMENT if self.process else _SOURCE_KINDS.get(self.kind, SourceKind.AWARD)

    @property
    def label(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.element


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with what became of it: ``reason`` where nothing carries it out, ``places`` where something does.

    ``proofs`` are the expectations of scenarios that fail where it does not happen.
    """

    clause: Clause
    status: ClauseStatus
    reason: str
    places: tuple[ClauseSource, ...]
    remarks: tuple[Remark, ...]
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Both directions for one jurisdiction: ``lines`` in the order of the text, ``places`` in that of the files."""

    lines: tuple[ClauseLine, ...]
    places: tuple[ClauseSource, ...]

    def count(self, status: ClauseStatus) -> int:
        """Return how many clauses have that status."""
        return sum(line.status is status for line in self.lines)


Verdicts = Mapping[str, bool | None]
"""By file whether a scenario passed on the revision at hand; None or left out for one that was not played on it."""


def as_played(matrix: Matrix, verdicts: Verdicts) -> Matrix:
    """Return ``matrix`` with a clause carried out only where a scenario that proves it passed on this revision."""
    return replace(matrix, lines=tuple(_as_played(line, verdicts) for line in matrix.lines))


def _as_played(line: ClauseLine, verdicts: Verdicts) -> ClauseLine:
    if line.status is not ClauseStatus.CARRIED_OUT:
        return line
    came = {verdicts.get(proof.scenario) for proof in line.proofs if not proof.beyond}
    if True in came:
        return line
    return replace(line, status=ClauseStatus.FAILED if False in came else ClauseStatus.UNPLAYED)


def build_coverage_matrix(packages: Sequence[Package]) -> Matrix:
    """Return the matrix of all packages of one jurisdiction together; the newest few are kept, for packages never change."""
    return _build_matrix(tuple(packages))


@lru_cache(maxsize=16)
def _build_matrix(packages: tuple[Package, ...]) -> Matrix:
    law = packages[0].law
    places = tuple(place for package in packages for place in _list_sources(package))
    coverages = coverage(packages)
    by_clause: dict[str, list[ClauseSource]] = {}
    for place in places:
        for clause in place.clauses:
            by_clause.setdefault(clause, []).append(place)
    statuses = {
        **dict.fromkeys(coverages.uncovered, ClauseStatus.UNCOVERED),
        **dict.fromkeys(coverages.not_modelled_yet, ClauseStatus.LATER),
        **dict.fromkeys(coverages.carried_out, ClauseStatus.CARRIED_OUT),
        **dict.fromkeys(coverages.unproved, ClauseStatus.UNPROVED),
        **dict.fromkeys(coverages.words_only, ClauseStatus.WORDS_ONLY),
        **dict.fromkeys(coverages.informative, ClauseStatus.INFORMATIVE),
        **dict.fromkeys(coverages.outside, ClauseStatus.OUTSIDE),
    }
    lines = tuple(
        ClauseLine(
            clause,
            statuses[ident],
            _get_reason(clause, statuses[ident], law.not_modelled_reason),
            tuple(by_clause.get(ident, ())),
            law.remarks_on(ident),
            coverages.proofs.get(ident, ()),
        )
        for ident, clause in law.clauses.items()
    )
    return Matrix(lines, places)


def _get_reason(clause: Clause, status: ClauseStatus, later: str) -> str:
    if status is ClauseStatus.LATER:
        return later
    if status is ClauseStatus.WORDS_ONLY:
        return clause.words_only or ""
    return (
        ""
        if status in (ClauseStatus.CARRIED_OUT, ClauseStatus.UNPROVED)
        else clause.informative or clause.outside or ""
    )


def matrix_as_json(jurisdiction: str, matrix: Matrix) -> dict[str, Any]:
    """Return the matrix for programs; the shape is stable.

    ``{jurisdiction, clauses, carried_out, unproved, words_only, informative, outside, uncovered, matrix: [{id, article,
    kind, summary, fate, reason, remarks, places, proofs}]}``: counts, the ids left uncovered, and every clause.
    ``fate`` is one of carried_out, unproved, words_only, informative, outside, later, uncovered. ``places`` are
    ``[{file, element, kind, name, process}]``, with the process id of diagrams; ``proofs`` ``[{scenario, title, line,
    expectation, step_only}]``; ``remarks`` ``[{text, reading}]``.
    """
    return {
        "jurisdiction": jurisdiction,
        "clauses": len(matrix.lines),
        "carried_out": matrix.count(ClauseStatus.CARRIED_OUT),
        "unproved": matrix.count(ClauseStatus.UNPROVED),
        "words_only": matrix.count(ClauseStatus.WORDS_ONLY),
        "informative": matrix.count(ClauseStatus.INFORMATIVE),
        "outside": matrix.count(ClauseStatus.OUTSIDE),
        "uncovered": [
            line.clause.id for line in matrix.lines if line.status in (ClauseStatus.UNCOVERED, ClauseStatus.LATER)
        ],
        "matrix": [_line_as_json(line) for line in matrix.lines],
    }


def _line_as_json(line: ClauseLine) -> dict[str, Any]:
    return {
        "id": line.clause.id,
        "article": line.clause.article,
        "kind": line.clause.kind,
        "summary": line.clause.summary,
        "fate": line.status.name.lower(),
        "reason": line.reason,
        "remarks": [{"text": r.text.zh, "reading": r.reading.zh} for r in line.remarks],
        "places": [
            {"file": p.file, "element": p.element, "kind": p.kind, "name": p.name, "process": p.process}
            for p in line.places
        ],
        "proofs": [
            {
                "scenario": p.scenario,
                "title": p.title,
                "line": p.line,
                "expectation": p.told,
                "step_only": p.step_only,
            }
            for p in line.proofs
        ],
    }


def _list_sources(package: Package) -> Iterable[ClauseSource]:
    process = {path: diagram.process_id for path, diagram in package.diagrams.items()}
    cited_places: dict[tuple[str, str, str], tuple[Citation, dict[str, None]]] = {}
    for citation in list_package_citations(package):
        key = (citation.file, citation.element, citation.kind)
        cited_places.setdefault(key, (citation, {}))[1][citation.clause] = None
    return [
        ClauseSource(
            package.key,
            c.file,
            c.element,
            c.kind,
            (form_title(package, c.element) if c.kind == "form" else c.name) or c.element,
            process.get(c.file, ""),
            tuple(clauses),
        )
        for c, clauses in cited_places.values()
    ]


def form_title(package: Package, ident: str) -> str:
    """Return what a form is called, its id where it says nothing or cannot be read."""
    try:
        return str((package.form(ident).get("properties") or {}).get("title") or ident)
    except LaurelError:
        return ident


@dataclass(frozen=True, slots=True)
class ClausePlace:
    """A place in the file ``path`` that names a clause; ``source`` is what cites it there, None where the file says it otherwise."""

    path: str
    source: ClauseSource | None


def clause_places(
    package: Package, uses: Iterable[ClauseUse], clauses: Collection[str], seen_to: Collection[ClauseSource] = ()
) -> tuple[ClausePlace, ...]:
    """Return what names ``clauses`` in the files of ``uses``, each once; of what cites them that is not ``seen_to`` already."""
    citing: dict[str, list[ClauseSource]] = {}
    for source in build_coverage_matrix([package]).places:
        if source not in seen_to and not set(clauses).isdisjoint(source.clauses):
            citing.setdefault(source.file, []).append(source)
    paths = dict.fromkeys(use.path for use in uses)
    return tuple(ClausePlace(path, source) for path in paths for source in citing.get(path, (None,)))
