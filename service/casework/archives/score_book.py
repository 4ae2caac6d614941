"""The workbook of a round's scores (核分表): formulas from the sheets to the ranking, for whoever recalculates them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.reading.stages import drawn_name, usual_name
from service.catalog import Package
from service.domain.calendar import CHINA
from service.domain.review import count_trimmed
from service.office.sheets import Formula, WorkbookSheet
from service.office.workbooks import write_sheets
from service.store import Transaction
from service.store.models import CaseRow, SheetRow, StageScoreRow

Row = list[object]
_ITEMS, _TOTALS, _STAGES, _RANKS, _DRAWS = "条款得分", "评分表", "阶段得分", "排名", "抽取"
_HOW = {"mean": "平均", "median": "中位数", "consensus": "合议"}


@dataclass(slots=True)
class _Book:
    """The rows of each sheet so far; ``stage_cells`` is where the points of a case in a stage stand."""

    titles: Mapping[int, str]
    packages: Sequence[Package]
    items: list[Row] = field(default_factory=list)
    totals: list[Row] = field(default_factory=list)
    stages: list[Row] = field(default_factory=list)
    ranks: list[Row] = field(default_factory=list)
    draws: list[Row] = field(default_factory=list)
    stage_cells: dict[tuple[int, str], str] = field(default_factory=dict)
    full: dict[tuple[int, str], Fraction] = field(default_factory=dict)

    def stage_name(self, stage: str) -> str:
        """Return what the city calls a stage."""
        return drawn_name(self.packages, stage) or usual_name(stage).zh


def write_score_book(desk: Desk, tx: Transaction, cases: Sequence[CaseRow], titles: Mapping[int, str]) -> bytes | None:
    """Return the workbook (.xlsx) of the ``cases`` of a round, None where nothing was scored in them.

    ``titles`` are what cases are called in it. An expert is a number within a case and stage.
    """
    book = _Book(titles, [desk.packages.get(definition, tx) for definition in sorted({c.definition for c in cases})])
    for case in cases:
        for result in tx.stage_scores.select(case_id=case.id):
            _add_stage(desk, tx, book, case, result)
        book.draws += [_draw_row(book, row) for row in tx.draws.select(case_id=case.id)]
    if not book.stages:
        return None
    for case in cases:
        for event in tx.history.newest(case.id):
            for ranking in event.data.get("rankings") or ():
                _add_ranking(book, ranking, f"{event.at.astimezone(CHINA):%Y-%m-%d %H:%M}")
    return write_sheets(*_build_sheets(book))


def _build_sheets(book: _Book) -> list[WorkbookSheet]:
    head = ["办件编号", "申报组织", "环节"]
    match = ["记录的得分", "是否相符"]
    return [
        WorkbookSheet(_ITEMS, [[*head, "评审员", "条款", "名称", "分值", "得分率%", "得分"], *book.items], (8, 30, 16, 10, 10, 36, 8, 8, 10)),
        WorkbookSheet(_TOTALS, [[*head, "评审员", "全表得分", *match], *book.totals], (8, 30, 16, 10, 12, 12, 10)),
        WorkbookSheet(_STAGES, [[*head, "汇总方法", "得分", *match], *book.stages], (8, 30, 16, 14, 12, 12, 10)),
        WorkbookSheet(
            _RANKS,
            [["排名时间", "组别", "办件编号", "申报组织", "各环节", "附加分", "总分", "名次", "记录的总分", "记录的名次", "是否相符"], *book.ranks],
            (18, 12, 8, 30, 16, 8, 12, 8, 12, 10, 10),
        ),
        WorkbookSheet(
            _DRAWS,
            [[*head, "第几次", "方法", "种子", "种子的由来", "抽中", "备选"], *book.draws],
            (8, 30, 16, 8, 14, 70, 60, 24, 24),
        ),
    ]  # fmt: skip


def _add_stage(desk: Desk, tx: Transaction, book: _Book, case: CaseRow, result: StageScoreRow) -> None:
    rows = {row.id: row for row in tx.sheets.select(case_id=case.id, stage=result.stage)}
    agreed = rows.get(result.details.get("consensus", 0))
    counted = [agreed] if agreed else [rows[ident] for ident in result.details.get("sheets") or () if ident in rows]
    first = len(book.totals) + 2
    for number, row in enumerate(counted, 1):
        _add_sheet(desk, tx, book, case, row, "合议" if agreed else f"专家{number}")
    head = [case.id, book.titles[case.id], book.stage_name(result.stage)]
    cells = f"'{_TOTALS}'!E{first}:E{len(book.totals) + 1}"
    at = len(book.stages) + 2
    book.stages.append([
        *head, _describe_method(result.how, len(counted)), Formula(_build_combination_formula(cells, result.how, len(counted))),
        *_build_comparison_cells(f"E{at}", Fraction(result.points)),
    ])  # fmt: skip
    book.stage_cells[case.id, result.stage] = f"'{_STAGES}'!E{at}"
    if "full" in result.details:
        book.full[case.id, result.stage] = Fraction(result.details["full"])


def _add_sheet(desk: Desk, tx: Transaction, book: _Book, case: CaseRow, row: SheetRow, expert: str) -> None:
    edition = desk.packages.get(case.definition, tx).edition(row.edition)
    head, first = [case.id, book.titles[case.id], book.stage_name(row.stage), expert], len(book.items) + 2
    for item in edition.items.values():
        at, percent = len(book.items) + 2, (row.scores.get(item.id) or {}).get("percent")
        item_cells = [item.id, item.name, float(item.points), None if percent is None else int(percent)]
        book.items.append([*head, *item_cells, Formula(f"=G{at}*H{at}/100")])
    at = len(book.totals) + 2
    cells = f"'{_ITEMS}'!I{first}:I{len(book.items) + 1}"
    book.totals.append([*head, Formula(f"=SUM({cells})"), *_build_comparison_cells(f"E{at}", Fraction(row.points))])


def _describe_method(how: str, count: int) -> str:
    ends = count_trimmed(how, count)
    if ends is None:
        return _HOW.get(how, how)
    return f"去掉{ends}个最高、{ends}个最低后平均" if ends else f"平均（只有{count}份，没有去掉最高、最低分）"


def _build_combination_formula(cells: str, how: str, count: int) -> str:
    """Return the formula by which the totals in ``cells`` become the points of a stage (`service.domain.review.combine`)."""
    if how == "median":
        return f"=MEDIAN({cells})"
    ends = count_trimmed(how, count)
    if not ends:
        return f"=AVERAGE({cells})"
    away = "".join(f"-LARGE({cells},{n})-SMALL({cells},{n})" for n in range(1, ends + 1))
    return f"=(SUM({cells}){away})/{count - 2 * ends}"


def _build_comparison_cells(cell: str, points: Fraction) -> Row:
    """Return what is on record, and a formula that says whether ``cell`` agrees, beside each other."""
    return [float(points), Formula(f'=IF(ABS({cell}-{float(points)!r})<0.000001,"相符","不符")')]


def _add_ranking(book: _Book, ranking: Mapping[str, Any], at: str) -> None:
    """Add a ranking that is on record (`rank_record`): each total from the stages, each place from the totals."""
    standings = {entry["case"]: entry for entry in ranking["standings"]}
    first = len(book.ranks) + 2
    last = first + len(ranking["entrants"]) - 1
    for line, entrant in enumerate(ranking["entrants"], first):
        standing, case = standings[entrant["case"]], entrant["case"]
        stages = {stage: _stage_term(book, ranking, entrant, stage) for stage in ranking["weights"]}
        total = "+".join([*stages.values(), f"F{line}"])
        place = f"=1+SUMPRODUCT(1*($G${first}:$G${last}>G{line}+0.000001))"
        verdict_formula = f'=IF(AND(ABS(ROUND(G{line},2)-I{line})<0.0051,H{line}=J{line}),"相符","不符")'
        book.ranks.append([
            at, str(ranking.get("group") or ""), case, book.titles.get(case, str(case)),
            "、".join(map(book.stage_name, stages)),
            float(Fraction(entrant["bonus"])), Formula(f"={total}"), Formula(place),
            float(standing["points"]), standing["place"], Formula(verdict_formula),
        ])  # fmt: skip


def _stage_term(book: _Book, ranking: Mapping[str, Any], entrant: Mapping[str, Any], stage: str) -> str:
    """Return the part of a total that a stage makes: its cell, on the common scale, times its weight."""
    case, weight = entrant["case"], _format_fraction(ranking["weights"][stage])
    cell = None if stage in entrant["given"] else book.stage_cells.get((case, stage))
    if cell is None:
        cell = _format_fraction(entrant["stages"].get(stage, "0"))
    elif ranking["out_of"] is not None and (case, stage) in book.full:
        full = book.full[case, stage]
        cell = f"{cell}*{_format_fraction(ranking['out_of'])}/({full.numerator}/{full.denominator})"
    return f"{cell}*{weight}"


def _format_fraction(text: str) -> str:
    value = Fraction(text)
    return f"({value.numerator}/{value.denominator})" if value.denominator != 1 else str(value.numerator)


def _draw_row(book: _Book, row: Any) -> Row:
    """Return a draw: the seed is the SHA-256 of what it was made of, the order that of SHA-256(seed ‖ expert)."""
    method = {"random_draw": "随机抽取", "office_choice": "办公室选定"}.get(row.method, row.method)
    source = str(row.seed_source.get("text") or row.seed_source)
    chosen, reserve = row.result.get("chosen") or [], row.result.get("reserve") or []
    listed = ("、".join(map(str, some)) for some in (chosen, reserve))
    return [
        row.case_id,
        book.titles[row.case_id],
        book.stage_name(row.stage),
        row.number,
        method,
        row.seed,
        source,
        *listed,
    ]
