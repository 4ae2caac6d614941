"""How applicants found the handling of their case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import RatingRow
from service.store.rows.ratings import rating

_RATING = one(rating, "case_id")
_WAITS = (rating.c.reply_by.is_not(None), rating.c.answered_at.is_(None))
_LATE = sa.and_(*_WAITS, rating.c.reply_by < sa.bindparam("today", type_=sa.Date()))


class RatingCount(NamedTuple):
    """Ratings of one grade: how many, how many wait for an answer, how many of these beyond its day."""

    grade: int
    given: int
    waiting: int
    late: int


_COUNTS = (
    sa.select(
        rating.c.grade,
        sa.func.count(),
        sa.func.sum(sa.case((sa.and_(*_WAITS), 1), else_=0)),
        sa.func.sum(sa.case((_LATE, 1), else_=0)),
    )
    .where(among(rating.c.jurisdiction, "places"), rating.c.at >= sa.bindparam("since", type_=rating.c.at.type))
    .group_by(rating.c.grade)
    .order_by(rating.c.grade)
)
_WAITING = sa.select(sa.func.count(), sa.func.min(rating.c.reply_by)).where(
    among(rating.c.jurisdiction, "places"), *_WAITS
)


class RatingRepository(Repository):
    """Ratings, one for each case."""

    def of_case(self, case_id: int) -> RatingRow | None:
        """Return the rating of a case, None where there is none."""
        return self._first(RatingRow, _RATING, case_id=case_id)

    def rated(self, case_ids: Sequence[int]) -> set[int]:
        """Return which of these cases were rated."""
        statement = sa.select(rating.c.case_id).where(rating.c.case_id.in_(case_ids))
        return {int(row[0]) for row in self._connection.execute(statement)}

    def add(self, row: RatingRow) -> None:
        """Keep a rating; the case has none yet."""
        self._put(rating, [row])

    def answer(self, case_id: int, words: str, person_id: int, at: datetime) -> None:
        """Keep what the office answered."""
        given = {"answer": words, "answered_by": person_id, "answered_at": at}
        self._connection.execute(sa.update(rating).where(rating.c.case_id == case_id).values(given))

    def waiting(self, places: Sequence[str], limit: int, after: tuple[date, int] | None = None) -> list[RatingRow]:
        """Return the bad ones that wait for an answer, soonest first; ``after`` is (reply_by, case_id) of the last above."""
        key = (rating.c.reply_by, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places), *_WAITS).order_by(*key)
        if after is not None:
            statement = statement.where(sa.tuple_(*key) > after)
        return self._all(RatingRow, statement.limit(limit))

    def count_waiting(self, places: Sequence[str]) -> tuple[int, date | None]:
        """Return how many wait for an answer, and the day by which the first of them is due."""
        row: Sequence[Any] = tuple(self._told_rows(_WAITING, places=list(places))[0])
        return int(row[0]), row[1]

    def listed(self, places: Sequence[str], limit: int, before: tuple[datetime, int] | None = None) -> list[RatingRow]:
        """Return ratings newest first; ``before`` is (at, case_id) of the last one of the page above."""
        key = (rating.c.at, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places))
        if before is not None:
            statement = statement.where(sa.tuple_(*key) < before)
        return self._all(RatingRow, statement.order_by(*(each.desc() for each in key)).limit(limit))

    def counts(self, places: Sequence[str], since: datetime, today: date) -> list[RatingCount]:
        """Return how often each grade was given since an instant."""
        rows = self._told_rows(_COUNTS, places=list(places), since=since, today=today)
        return [RatingCount(*(int(value) for value in row)) for row in rows]
