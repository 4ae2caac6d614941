"""How an applicant found the handling of a case, as pages and programs show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import APPLICANT_KINDS, Actor
from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, RatingRow

GRADES: Mapping[int, Text] = {
    5: Text("非常满意", "Very satisfied"),
    4: Text("满意", "Satisfied"),
    3: Text("基本满意", "Fairly satisfied"),
    2: Text("不满意", "Dissatisfied"),
    1: Text("非常不满意", "Very dissatisfied"),
}
"""The five grades, best first."""
BAD = (1, 2)
"""Grades that the office answers (差评)."""
MOST = 1000
"""Most characters of a rating and of its answer."""
OPEN_DAYS = 365
"""Days after the end of a case within which it is rated, as long as it stands on its applicant's own place; ours."""


@dataclass(frozen=True, slots=True)
class RatingView:
    """A rating with its answer; ``reply_by`` is the last day of the answer where one is due, explained by ``reason``."""

    case_id: int
    grade: int
    name: Text
    words: str
    at: datetime
    reply_by: date | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnRating:
    """What an applicant may do about the handling of its case: give a rating until ``until`` unless that is ``over``, or read its own."""

    case_id: int
    given: RatingView | None
    until: datetime | None
    over: bool = False


def build_rating_view(row: RatingRow) -> RatingView:
    """Return a rating as it is shown."""
    rating_values = (row.case_id, row.grade, GRADES[row.grade], row.words, row.at)
    return RatingView(*rating_values, row.reply_by, row.answer, row.answered_at)


def may_rate_case(actor: Actor, case: CaseRow) -> bool:
    """Return whether ``actor`` speaks for the organisation whose case it was, and which began it itself."""
    seats = (seat for seat in actor.seats if seat.body_id == case.subject_id)
    return case.status == "ended" and any(seat.body_kind in APPLICANT_KINDS for seat in seats)


def find_rating_deadline(case: CaseRow) -> datetime | None:
    """Return until when a case that has ended is rated."""
    return case.ended_at + timedelta(days=OPEN_DAYS) if case.ended_at is not None else None


def build_actor_rating(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> OwnRating | None:
    """Return what the actor's organisation said of a case, or until when it may or might; None where neither."""
    if not may_rate_case(actor, case):
        return None
    row, until = tx.ratings.find(case_id=case.id), find_rating_deadline(case)
    if row is not None:
        return OwnRating(case.id, build_rating_view(row), None)
    return OwnRating(case.id, None, until, desk.clock.now() >= until) if until is not None else None
