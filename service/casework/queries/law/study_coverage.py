"""The pages of the coverage matrix: clauses with what carries them out, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import bpmn_of, processes_of
from service.casework.queries.law.versions import studied_cities, studied_package, studied_packages
from service.catalog import Kind, Law, Package
from service.catalog.coverage.matrix import (
    ClauseLine,
    ClauseSource,
    ClauseStatus,
    Matrix,
    SourceKind,
    build_coverage_matrix,
)
from service.catalog.pieces.piece_kinds import title_of
from service.domain.errors import NotFound
from service.domain.text import Text
from service.office.sheets import WorkbookSheet, sanitise_cell_text
from service.office.workbooks import write_sheets


@dataclass(frozen=True, slots=True)
class CityLine:
    """A jurisdiction on the front page: counts by status, its awards, and how much its text is remarked on."""

    id: str
    name: Text
    law: str
    counts: Mapping[ClauseStatus, int]
    awards: tuple[tuple[str, Text], ...]
    remarks: int


@dataclass(frozen=True, slots=True)
class CoverageView:
    """The clauses of a jurisdiction that were asked for; ``counts`` are of all of them."""

    jurisdiction: str
    name: Text
    law: Law
    awards: tuple[tuple[str, Text], ...]
    counts: Mapping[ClauseStatus, int]
    lines: tuple[ClauseLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause: what stands in the register, what carries it out by kind, and the clauses before and after."""

    jurisdiction: str
    name: Text
    law: Law
    line: ClauseLine
    groups: tuple[tuple[SourceKind, tuple[ClauseSource, ...]], ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class PiecesView:
    """The places of one diagram or file with their clauses; ``chosen`` is the one that was asked for."""

    package: Package
    file: str
    process: str
    title: str
    diagrams: tuple[tuple[str, str], ...]
    places: tuple[ClauseSource, ...]
    chosen: str


@guarded("law.study")
def list_cities(desk: Desk, actor: Actor) -> tuple[CityLine, ...]:
    """Return every jurisdiction the reader oversees with the sums of its matrix."""
    with desk.store.read() as tx:
        return tuple(
            CityLine(
                ident,
                packages[0].jurisdiction.text,
                packages[0].law.title,
                _count_statuses(build_coverage_matrix(packages)),
                _list_awards(packages),
                len(packages[0].law.remarks),
            )
            for ident, packages in studied_cities(desk, tx, actor)
        )


@guarded("law.study")
def view_coverage(desk: Desk, actor: Actor, jurisdiction: str, status: str = "", text: str = "") -> CoverageView:
    """Return the clauses, all or those with ``status`` (a name of ``ClauseStatus``, or REMARKED) that speak of ``text``.

    Raises NotFound.
    """
    packages, whole = _build_matrix(desk, actor, jurisdiction)
    first = packages[0]
    lines = [line for line in whole.lines if _has_status(line, status) and _clause_speaks(line, text.strip().lower())]
    return CoverageView(
        jurisdiction,
        first.jurisdiction.text,
        first.law,
        _list_awards(packages),
        _count_statuses(whole),
        tuple(lines),
        len(whole.lines),
    )


@guarded("law.study")
def view_clause(desk: Desk, actor: Actor, jurisdiction: str, clause: str) -> ClauseView:
    """Return everything about one clause; raises NotFound."""
    packages, whole = _build_matrix(desk, actor, jurisdiction)
    ids = [line.clause.id for line in whole.lines]
    if clause not in ids:
        raise NotFound(Text(f"条款登记中没有“{clause}”。", f"The register has no clause “{clause}”."))
    at = ids.index(clause)
    line = whole.lines[at]
    groups = tuple((s, places) for s in SourceKind if (places := tuple(p for p in line.places if p.source_kind is s)))
    return ClauseView(
        jurisdiction,
        packages[0].jurisdiction.text,
        packages[0].law,
        line,
        groups,
        ids[at - 1] if at else None,
        ids[at + 1] if at + 1 < len(ids) else None,
    )


@guarded("law.study")
def view_pieces(desk: Desk, actor: Actor, package_key: str, file: str, chosen: str = "") -> PiecesView:
    """Return what of one file (a diagram, table, form, document or award.yaml) carries clauses out; raises NotFound."""
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, package_key)
    if file not in package.files:
        raise NotFound(Text(f"程序包中没有文件“{file}”。", f"The package has no file “{file}”."))
    diagram = package.diagrams.get(file)
    return PiecesView(
        package,
        file,
        diagram.process_id if diagram else "",
        title_of(package, file),
        _list_diagrams(package),
        tuple(place for place in build_coverage_matrix((package,)).places if place.file == file),
        chosen,
    )


@guarded("law.study")
def studied_diagram(desk: Desk, actor: Actor, package_key: str, process: str) -> bytes:
    """Return the BPMN of a diagram of the current version; raises NotFound."""
    with desk.store.read() as tx:
        return bpmn_of(studied_package(desk, tx, actor, package_key), process)


def diagram_state(view: PiecesView, language: str) -> dict[str, Mapping[str, Any]]:
    """Return what the viewer marks: how many clauses each element carries out, and where its calls lead."""
    diagram = view.package.diagram(view.process)
    elements: dict[str, dict[str, Any]] = {}
    words = Text("条", "clauses").pick(language)
    for place in view.places:
        if place.element in diagram.elements:
            elements[place.element] = {"count": len(place.clauses), "text": words}
    for call in diagram.of(Kind.CALL):
        elements.setdefault(call.id, {})["href"] = f"/law/{view.package.key}/diagrams/{call.called}"
    return dict(elements)


def _build_matrix(desk: Desk, actor: Actor, jurisdiction: str) -> tuple[tuple[Package, ...], Matrix]:
    with desk.store.read() as tx:
        packages = studied_packages(desk, tx, actor, jurisdiction)
        return packages, build_coverage_matrix(packages)


def _list_awards(packages: Sequence[Package]) -> tuple[tuple[str, Text], ...]:
    return tuple((p.key, p.award.text) for p in packages)


def _count_statuses(whole: Matrix) -> Mapping[ClauseStatus, int]:
    return {status: whole.count(status) for status in ClauseStatus}


def _list_diagrams(package: Package) -> tuple[tuple[str, str], ...]:
    """Return every diagram of the package in the order in which cases run through them."""
    names_by_process = {pair[0]: pair[1] for kind in package.award.processes for pair in processes_of(package, kind)}
    return tuple(names_by_process.items())


def _has_status(line: ClauseLine, status: str) -> bool:
    return (bool(line.remarks) if status == "REMARKED" else status in ("", line.status.name)) or (
        status == "UNCOVERED" and line.status is ClauseStatus.LATER
    )


def _clause_speaks(line: ClauseLine, text: str) -> bool:
    c = line.clause
    texts = (
        c.id,
        c.article,
        c.summary,
        line.reason,
        *(p.label for p in line.places),
        *(r.text.zh for r in line.remarks),
    )
    return text in " ".join(texts).lower()


Rows = list[list[str]]

_CLAUSES = [
    "编号",
    "条文",
    "性质",
    "要点",
    "结果",
    "落实类别",
    "落实于",
    "文件",
    "环节或行",
    "情景",
    "期望",
    "理由",
    "按语",
]
_PLACES = ["类别", "名称", "文件", "环节或行", "编号", "条文"]


@guarded("law.study")
def coverage_as_xlsx(desk: Desk, actor: Actor, jurisdiction: str) -> bytes:
    """Return both directions as a workbook of two sheets; raises NotFound."""
    coverage = _matrix_sheet(desk, actor, jurisdiction)
    return write_sheets(
        WorkbookSheet("条款→落实", _clause_rows(coverage), (14, 22, 12, 60, 12, 12, 28, 44, 28, 28, 60, 40, 40)),
        WorkbookSheet("落实→条款", _place_rows(coverage), (12, 28, 48, 32, 14, 30)),
    )


def _matrix_sheet(desk: Desk, actor: Actor, jurisdiction: str) -> Matrix:
    with desk.store.read() as tx:
        return build_coverage_matrix(studied_packages(desk, tx, actor, jurisdiction))


def _clause_rows(coverage: Matrix) -> Rows:
    rows = [_CLAUSES]
    for line in coverage.lines:
        c = line.clause
        remarks = "；".join(f"{r.text.zh}{r.reading.zh}" for r in line.remarks)
        proofs = ["\n".join(p.name for p in line.proofs), "\n".join(p.told for p in line.proofs)]
        for place in line.places or (None,):
            where = [place.source_kind.value.zh, place.label, place.file, place.element] if place else [""] * 4
            rows.append(
                [c.id, c.article, c.kind, c.summary, line.status.value.zh, *where, *proofs, line.reason, remarks]
            )
    return [[sanitise_cell_text(cell) for cell in row] for row in rows]


def _place_rows(coverage: Matrix) -> Rows:
    articles = {line.clause.id: line.clause.article for line in coverage.lines}
    rows = [
        _PLACES,
        *(_place_row(p, clause, articles.get(clause, "")) for p in coverage.places for clause in p.clauses),
    ]
    return [[sanitise_cell_text(cell) for cell in row] for row in rows]


def _place_row(place: ClauseSource, clause: str, article: str) -> list[str]:
    return [place.source_kind.value.zh, place.label, place.file, place.element, clause, article]
