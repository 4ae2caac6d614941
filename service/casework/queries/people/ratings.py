"""How applicants found the handling of their cases: the list of the office, its figures, and one rating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, require_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import EVERYWHERE
from service.casework.queries.limits import TimeLimit, day_limit
from service.casework.reading.published import Published, published, select_overseen_places
from service.casework.reading.ratings import BAD, GRADES, RatingView, build_rating_view
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import RatingRow

PAGE = 30
"""Ratings on a page, of either list."""
TASKS = 10
"""So many stand among the tasks of an office; the list of ratings has the others."""
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class RatingLine:
    """A rating in a list: of which case and organisation; ``limit`` is the office's where an answer is due."""

    case_id: int
    title: str
    body: str
    rating: RatingView
    limit: TimeLimit | None


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How often a grade was given within a year."""

    grade: int
    name: Text
    given: int


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """The ratings of a year: by grade, best first; how many were good (3 to 5), and how the bad ones were answered."""

    grades: tuple[GradeCount, ...]
    given: int
    good: int
    bad: int
    answered: int
    late: int


@dataclass(frozen=True, slots=True)
class RatingList:
    """Bad ratings that wait, soonest first, and all ratings newest first; what they go on with, None at the end."""

    waiting: tuple[RatingLine, ...]
    all: tuple[RatingLine, ...]
    after: tuple[date, int] | None
    before: tuple[datetime, int] | None
    figures: RatingFigures
    answers: bool


@dataclass(frozen=True, slots=True)
class RatingPage:
    """One rating for who oversees the place; ``answers`` when the reader may answer it now."""

    line: RatingLine
    answers: bool
    answered_by: str


@guarded("rating.view")
def list_ratings(
    desk: Desk, actor: Actor, after: tuple[date, int] | None = None, before: tuple[datetime, int] | None = None
) -> RatingList:
    """Return the ratings of the places that the actor oversees, but for organisations they are recused from."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = select_overseen_places(actor, publications.jurisdictions())
        waiting = tx.ratings.select(
            "reply_by case_id", limit=PAGE + 1, jurisdiction=places, reply_by__ne=None, answered_at=None, after=after
        )
        rating_rows = tx.ratings.select("-at -case_id", limit=PAGE + 1, jurisdiction=places, after=before)
        lines = _map_lines(
            desk, tx, actor, publications, {row.case_id: row for row in (*waiting[:PAGE], *rating_rows[:PAGE])}
        )
        figures = _compute_figures(tx, places, now)
    last, oldest = waiting[:PAGE][-1:], rating_rows[:PAGE][-1:]
    return RatingList(
        tuple(lines[row.case_id] for row in waiting[:PAGE] if row.case_id in lines),
        tuple(lines[row.case_id] for row in rating_rows[:PAGE] if row.case_id in lines),
        (last[0].reply_by, last[0].case_id) if len(waiting) > PAGE and last[0].reply_by else None,
        (oldest[0].at, oldest[0].case_id) if len(rating_rows) > PAGE else None,
        figures,
        any(seat.in_office for seat in actor.seats),
    )


@guarded("rating.view")
def view_rating(desk: Desk, actor: Actor, case_id: int) -> RatingPage:
    """Return the rating of a case; raises NotFound where there is none, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        row = tx.ratings.find(case_id=case_id) if actor.oversees(case.jurisdiction) else None
        if row is None:
            raise NotFound(Text("这个办件还没有评价。", "This case was not rated."))
        line = _map_lines(desk, tx, actor, published(desk, tx), {case_id: row})[case_id]
        waits = row.reply_by is not None and row.answered_at is None
        answers = actor.in_office(case.jurisdiction)
        by = tx.people.named([row.answered_by]) if row.answered_by is not None else {}
        return RatingPage(line, waits and answers, by.get(row.answered_by or 0, ""))


def waiting_ratings(tx: Transaction, places: Sequence[str]) -> tuple[int, date | None]:
    """Return how many bad ratings of these places wait for an answer, and the last day of the first."""
    return tx.ratings.count_waiting(places) if places else (0, None)


@guarded("task.list")
def rating_tasks(desk: Desk, actor: Actor) -> tuple[RatingLine, ...]:
    """Return the bad ratings that the offices of the actor must answer, soonest first; at most `TASKS` of them."""
    places = sorted({seat.jurisdiction for seat in actor.seats if seat.in_office and seat.jurisdiction != EVERYWHERE})
    if not places:
        return ()
    with desk.store.read() as tx:
        rows = tx.ratings.select(
            "reply_by case_id", limit=TASKS, jurisdiction=places, reply_by__ne=None, answered_at=None
        )
        lines = _map_lines(desk, tx, actor, published(desk, tx), {row.case_id: row for row in rows}) if rows else {}
    return tuple(lines[row.case_id] for row in rows if row.case_id in lines)


def _map_lines(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published, rows: dict[int, RatingRow]
) -> dict[int, RatingLine]:
    if actor.recused:
        rows = {ident: row for ident, row in rows.items() if not is_recused(actor, tx.cases.get(ident))}
    titles = tx.cases.titles(sorted(rows)) if rows else {}
    bodies = tx.bodies.by_id({row.body_id for row in rows.values()}) if rows else {}
    today = local_date(desk.clock.now())
    lines = {}
    for ident, row in rows.items():
        limit = None
        if row.reply_by is not None:
            state = "done" if row.answered_at is not None else "running"
            limit = day_limit(
                publications.calendar(desk, row.jurisdiction), row.reply_by, today, row.reason or {}, state
            )
        lines[ident] = RatingLine(ident, titles[ident], bodies[row.body_id].name, build_rating_view(row), limit)
    return lines


def _compute_figures(tx: Transaction, places: Sequence[str], now: datetime) -> RatingFigures:
    counts = {grade_count.grade: grade_count for grade_count in tx.ratings.counts(places, now - YEAR, local_date(now))}
    grade_counts = {grade: counts[grade].given if grade in counts else 0 for grade in GRADES}
    bad = [counts[grade] for grade in BAD if grade in counts]
    bad_count = sum(grade_count.given for grade_count in bad)
    return RatingFigures(
        tuple(GradeCount(grade, name, grade_counts[grade]) for grade, name in GRADES.items()),
        sum(grade_counts.values()),
        sum(grade_counts.values()) - bad_count,
        bad_count,
        bad_count - sum(grade_count.waiting for grade_count in bad),
        sum(grade_count.late for grade_count in bad),
    )
