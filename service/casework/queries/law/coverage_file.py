"""Export of the coverage matrix: as CSV, workbook and JSON."""

from __future__ import annotations

from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.studied_packages import studied_packages
from service.catalog.coverage.matrix import ClauseSource, Matrix, matrix, matrix_as_json
from service.office.sheets import WorkbookSheet, harmless
from service.office.workbooks import write_csv_lines, write_sheets

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
    "图元或行",
    "情景",
    "期望",
    "理由",
    "按语",
]
_PLACES = ["类别", "名称", "文件", "图元或行", "编号", "条文"]


@guarded("law.study")
def coverage_as_csv(desk: Desk, actor: Actor, jurisdiction: str) -> bytes:
    """Return the matrix, a line for every clause and place, as CSV that office programs open; raises NotFound."""
    return write_csv_lines(_clause_rows(_matrix(desk, actor, jurisdiction)))


@guarded("law.study")
def coverage_as_xlsx(desk: Desk, actor: Actor, jurisdiction: str) -> bytes:
    """Return both directions as a workbook of two sheets; raises NotFound."""
    found = _matrix(desk, actor, jurisdiction)
    return write_sheets(
        WorkbookSheet("条款→落实", _clause_rows(found), (14, 22, 12, 60, 12, 12, 28, 44, 28, 28, 60, 40, 40)),
        WorkbookSheet("落实→条款", _place_rows(found), (12, 28, 48, 32, 14, 30)),
    )


@guarded("law.study")
def coverage_as_dict(desk: Desk, actor: Actor, jurisdiction: str) -> dict[str, Any]:
    """Return what ``laurel coverage --json`` prints; raises NotFound."""
    return matrix_as_json(jurisdiction, _matrix(desk, actor, jurisdiction))


def _matrix(desk: Desk, actor: Actor, jurisdiction: str) -> Matrix:
    with desk.store.read() as tx:
        return matrix(studied_packages(desk, tx, actor, jurisdiction))


def _clause_rows(found: Matrix) -> Rows:
    rows = [_CLAUSES]
    for line in found.lines:
        c = line.clause
        remarks = "；".join(f"{r.text.zh}{r.reading.zh}" for r in line.remarks)
        proofs = ["\n".join(p.name for p in line.proofs), "\n".join(p.told for p in line.proofs)]
        for place in line.places or (None,):
            where = [place.source_kind.value.zh, place.label, place.file, place.element] if place else [""] * 4
            rows.append(
                [c.id, c.article, c.kind, c.summary, line.status.value.zh, *where, *proofs, line.reason, remarks]
            )
    return [[harmless(cell) for cell in row] for row in rows]


def _place_rows(found: Matrix) -> Rows:
    articles = {line.clause.id: line.clause.article for line in found.lines}
    rows = [_PLACES, *(_place_row(p, clause, articles.get(clause, "")) for p in found.places for clause in p.clauses)]
    return [[harmless(cell) for cell in row] for row in rows]


def _place_row(place: ClauseSource, clause: str, article: str) -> list[str]:
    return [place.source_kind.value.zh, place.label, place.file, place.element, clause, article]
