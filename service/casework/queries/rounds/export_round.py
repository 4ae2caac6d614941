"""A round in one workbook: where every applicant stands, how far they came and how severe its reviewers were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListColumn, ListSpec, Say, Table
from service.casework.queries.rounds.round_board import WHAT, BoardColumn, cards_in_order
from service.casework.queries.rounds.round_cards import Card
from service.casework.queries.rounds.round_funnel import FunnelRow, FunnelView, read_funnel
from service.casework.queries.rounds.round_reviewers import ReviewerSeverity, ReviewersView, read_reviewers
from service.casework.reading.stages import drawn_name, usual_name
from service.casework.spreadsheets.export_access import note_export, round_overseen
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text

_ALL, _BEFORE = "全部申报单位", "上届同期"


BOARD: ListSpec[tuple[Card, BoardColumn]] = ListSpec(
    "",
    Text("申报进展", "Progress"),
    (
        ListColumn(Text("申报组织", "Applicant"), lambda line, _say: line[0].name),
        ListColumn(Text("申报编号", "Number"), lambda line, _say: line[0].number),
        ListColumn(Text("环节", "Stage"), lambda line, say: say(line[1].name)),
        ListColumn(Text("现由谁办理", "With"), lambda line, say: say(line[0].holder)),
        ListColumn(Text("事项", "Matter"), lambda line, say: say(line[0].what)),
        ListColumn(Text("自何日起", "Since"), lambda line, _say: local_date(line[0].since), kind=CellKind.DAY),
        ListColumn(Text("已等天数", "Days waited"), lambda line, _say: line[0].days, kind=CellKind.NUMBER),
        ListColumn(Text("期限", "Last day"), lambda line, _say: line[0].limit.last_day, kind=CellKind.DAY),
        ListColumn(Text("提示", "Flags"), lambda line, say: "、".join(say(flag.text) for flag in line[0].flags)),
    ),
)

_REVIEWERS: ListSpec[tuple[str, ReviewerSeverity]] = ListSpec(
    "",
    Text("评审员宽严", "Severity of reviewers"),
    (
        ListColumn(Text("评审阶段", "Stage"), lambda line, say: say(line[0])),
        ListColumn(Text("评审员", "Reviewer"), lambda line, _say: line[1].name),
        ListColumn(Text("可比评分表", "Sheets compared"), lambda line, _say: line[1].sheets, kind=CellKind.NUMBER),
        ListColumn(Text("平均得分率", "Mean percent"), lambda line, _say: _rounded(line[1].mean), kind=CellKind.NUMBER),
        ListColumn(
            Text("与中位数的平均差", "Mean distance to the median"),
            lambda line, _say: _rounded(line[1].apart),
            kind=CellKind.NUMBER,
        ),
        ListColumn(
            Text("最低差", "Lowest distance"), lambda line, _say: _rounded(line[1].lowest), kind=CellKind.NUMBER
        ),
        ListColumn(
            Text("最高差", "Highest distance"), lambda line, _say: _rounded(line[1].highest), kind=CellKind.NUMBER
        ),
    ),
)


@guarded("applicants.export")
def export_round(
    desk: Desk, actor: Actor, round_id: int, say: Say, order: str = "stage", came: str = ""
) -> tuple[Table, ...]:
    """Return the board, the funnel by every question and the reviewers of a round; heads who only lead are refused.

    ``order`` and ``came`` are those of the board's table; an unknown ``order`` is its first.

    Raises:
        NotAllowed: the actor does not oversee the place of the round.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        seen = round_overseen(desk, tx, actor, round_id, WHAT)
        cards = BOARD.make_table(cards_in_order(desk, tx, actor, *seen, order, came), say)
        funnel = read_funnel(desk, tx, actor, round_id)
        reviewers = read_reviewers(desk, tx, actor, round_id)
    tables = (
        cards,
        Table("各环节件数", _funnel_columns(funnel.stages), list(_reached(funnel))),
        _REVIEWERS.make_table(_severities(reviewers), say),
    )
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, WHAT, sum(len(table.rows) for table in tables))
    return tables


def _funnel_columns(stages: Iterable[Text]) -> tuple[Column, ...]:
    """Return the headings of how many came to each of ``stages``, by what they chose when they applied."""
    return (
        Column("_by", Text("按什么分", "By"), given=True),
        Column("_choice", Text("选项", "Choice"), given=True),
        Column("_applied", Text("申报", "Applied"), kind=CellKind.NUMBER, given=True),
        *(Column(f"_stage_{n}", stage, kind=CellKind.NUMBER, given=True) for n, stage in enumerate(stages, 1)),
    )


def _reached(funnel: FunnelView) -> Iterator[list[object]]:
    yield _line(_ALL, funnel.total)
    if funnel.before is not None:
        yield [_BEFORE, funnel.before.title, funnel.before.applied, *funnel.before.reached]
    for question, rows in funnel.splits:
        yield from (_line(question.zh, row) for row in rows)


def _line(question: str, row: FunnelRow) -> list[object]:
    return [question, row.name.zh, row.applied, *row.reached]


def _severities(view: ReviewersView) -> Iterator[tuple[str, ReviewerSeverity]]:
    for stage in view.stages:
        name = drawn_name([view.package], stage.stage) or usual_name(stage.stage).zh
        yield from ((name, one) for one in stage.reviewers)


def _rounded(figure: Fraction) -> float:
    return round(float(figure), 2)
