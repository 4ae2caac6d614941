"""A round in one workbook: where every applicant stands, how far they came and how severe its reviewers were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.rounds.round_board import WHAT, BoardColumn, cards_in_order
from service.casework.queries.rounds.round_cards import Card
from service.casework.queries.rounds.round_funnel import FunnelRow, FunnelView, read_funnel
from service.casework.queries.rounds.round_reviewers import ReviewersView, read_reviewers
from service.casework.reading.review_stages import drawn_name, usual_name
from service.casework.spreadsheets.board import COLUMNS, REVIEWERS, funnel_columns
from service.casework.spreadsheets.export_access import note_export, round_overseen
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import Column

_ALL, _BEFORE = "全部申报单位", "上届同期"


class RoundSheet(NamedTuple):
    """A sheet of the workbook: its name, headings and rows."""

    title: str
    columns: tuple[Column, ...]
    rows: list[list[object]]


@guarded("applicants.export")
def export_round(
    desk: Desk, actor: Actor, round_id: int, order: str = "stage", came: str = ""
) -> tuple[RoundSheet, ...]:
    """Return the board, the funnel by every question and the reviewers of a round; heads who only lead are refused.

    ``order`` and ``came`` are those of the board's table; an unknown ``order`` is its first.

    Raises:
        NotAllowed: the actor does not oversee the place of the round.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        seen = round_overseen(desk, tx, actor, round_id, WHAT)
        cards = list(_cards(cards_in_order(desk, tx, actor, *seen, order, came)))
        funnel = read_funnel(desk, tx, actor, round_id)
        reviewers = read_reviewers(desk, tx, actor, round_id)
    sheets = (
        RoundSheet("申报进展", COLUMNS, cards),
        RoundSheet("各环节件数", funnel_columns(funnel.stages), list(_reached(funnel))),
        RoundSheet("评审员宽严", REVIEWERS, list(_severities(reviewers))),
    )
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, WHAT, sum(len(sheet.rows) for sheet in sheets))
    return sheets


def _cards(found: Iterable[tuple[Card, BoardColumn]]) -> Iterator[list[object]]:
    for card, column in found:
        yield [
            card.name, card.number, column.name.zh, card.holder, card.what, local_date(card.since), card.days,
            card.limit.last_day, "、".join(flag.text.zh for flag in card.flags),
        ]  # fmt: skip


def _reached(funnel: FunnelView) -> Iterator[list[object]]:
    yield _line(_ALL, funnel.total)
    if funnel.before is not None:
        yield [_BEFORE, funnel.before.title, funnel.before.applied, *funnel.before.reached]
    for question, rows in funnel.splits:
        yield from (_line(question.zh, row) for row in rows)


def _line(question: str, row: FunnelRow) -> list[object]:
    return [question, row.name.zh, row.applied, *row.reached]


def _severities(view: ReviewersView) -> Iterator[list[object]]:
    for stage in view.stages:
        name = drawn_name([view.package], stage.stage) or usual_name(stage.stage).zh
        for one in stage.reviewers:
            figures = (one.mean, one.apart, one.lowest, one.highest)
            yield [name, one.name, one.sheets, *map(_rounded, figures)]


def _rounded(figure: Fraction) -> float:
    return round(float(figure), 2)
