"""How applicants found the handling of their case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import RatingRow
from service.store.rows.ratings import rating

_RATING = one(rating, "case_id")
_WAITS = (rating.c.reply_by.is_not(None), rating.c.answered_at.is_(None))


class RatingCount(NamedTuple):
    """Ratings of one grade: how many, how many wait for an answer, how many of these beyond its day."""

    grade: int
    given: int
    waiting: int
    late: int


_SINCE = sa.select(rating).where(
    among(rating.c.jurisdiction, "places"), rating.c.at >= sa.bindparam("since", type_=rating.c.at.type)
)
_WAITING = sa.select(rating).where(among(rating.c.jurisdiction, "places"), *_WAITS)
_RATED = sa.select(rating).where(among(rating.c.case_id, "cases"))


class RatingRepository(Repository):
    """Ratings, one for each case."""

    def of_case(self, case_id: int) -> RatingRow | None:
        """Return the rating of a case, None where there is none."""
        return self._first(RatingRow, _RATING, case_id=case_id)

    def rated(self, case_ids: Sequence[int]) -> set[int]:
        """Return which of these cases were rated."""
        return {row.case_id for row in self._all(RatingRow, _RATED, cases=list(case_ids))}

    def add(self, row: RatingRow) -> None:
        """Keep a rating; the case has none yet."""
        self._put(rating, [row])

    def answer(self, case_id: int, words: str, person_id: int, at: datetime) -> None:
        """Keep what the office answered."""
        given = {"answer": words, "answered_by": person_id, "answered_at": at}
        self._change(sa.update(rating).where(rating.c.case_id == case_id).values(given))

    def waiting(self, places: Sequence[str], limit: int, after: tuple[date, int] | None = None) -> list[RatingRow]:
        """Return the bad ones that wait for an answer, soonest first; ``after`` is (reply_by, case_id) of the last above."""
        key = (rating.c.reply_by, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places), *_WAITS).order_by(*key)
        if after is not None:
            statement = statement.where(sa.tuple_(*key) > after)
        return self._all(RatingRow, statement.limit(limit))

    def count_waiting(self, places: Sequence[str]) -> tuple[int, date | None]:
        """Return how many wait for an answer, and the day by which the first of them is due."""
        rows = self._all(RatingRow, _WAITING, places=list(places))
        return len(rows), min((row.reply_by for row in rows if row.reply_by is not None), default=None)

    def listed(self, places: Sequence[str], limit: int, before: tuple[datetime, int] | None = None) -> list[RatingRow]:
        """Return ratings newest first; ``before`` is (at, case_id) of the last one of the page above."""
        key = (rating.c.at, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places)).order_by(*(each.desc() for each in key))
        if before is not None:
            statement = statement.where(sa.tuple_(*key) < before)
        return self._all(RatingRow, statement.limit(limit))

    def counts(self, places: Sequence[str], since: datetime, today: date) -> list[RatingCount]:
        """Return how often each grade was given since an instant."""
        rows = self._all(RatingRow, _SINCE, places=list(places), since=since)
        given = Counter(row.grade for row in rows)
        waits = [row for row in rows if row.reply_by is not None and row.answered_at is None]
        waiting = Counter(row.grade for row in waits)
        late = Counter(row.grade for row in waits if row.reply_by is not None and row.reply_by < today)
        return [RatingCount(grade, given[grade], waiting[grade], late[grade]) for grade in sorted(given)]
