"""How applicants found the handling of their case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import among, one
from service.store.repositories.choices import SealingRows
from service.store.rows import RatingRow
from service.store.rows.ratings import rating
from service.store.seals.choice_seals import RATINGS
from service.store.seals.row_seals import mark_of

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


class RatingRepository(SealingRows):
    """Ratings, one for each case; one that others wrote or changed is none, and told in the log."""

    def of_case(self, case_id: int) -> RatingRow | None:
        """Return the rating of a case, None where there is none."""
        return next(iter(self._that_hold(RATINGS, self._all(RatingRow, _RATING, case_id=case_id))), None)

    def is_of_others(self, case_id: int) -> bool:
        """Return whether what stands there as the rating of a case was written or changed by others."""
        rows = self._all(RatingRow, _RATING, case_id=case_id)
        return len(self._that_hold(RATINGS, rows)) < len(rows)

    def rated(self, case_ids: Sequence[int]) -> set[int]:
        """Return which of these cases were rated."""
        return {row.case_id for row in self._that_hold(RATINGS, self._all(RatingRow, _RATED, cases=list(case_ids)))}

    def add(self, row: RatingRow) -> None:
        """Keep a rating; the case has none yet."""
        self._count(rating, row)
        self._put(rating, [RATINGS.rows.sealed(self.seals, row)])

    def answer(self, case_id: int, words: str, person_id: int, at: datetime) -> None:
        """Keep what the office answered; a rating that others wrote gets no seal by it."""
        (row,) = self._all(RatingRow, _RATING, case_id=case_id)
        if row.seal:
            self.withdrawn.append(mark_of(row.seal))
        given = {"answer": words, "answered_by": person_id, "answered_at": at}
        changes = RATINGS.rows.resealed(self.seals, row, given)
        self._connection.execute(sa.update(rating).where(rating.c.case_id == case_id).values(changes))

    def waiting(self, places: Sequence[str], limit: int, after: tuple[date, int] | None = None) -> list[RatingRow]:
        """Return the bad ones that wait for an answer, soonest first; ``after`` is (reply_by, case_id) of the last above."""
        key = (rating.c.reply_by, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places), *_WAITS).order_by(*key)

        def behind(after: tuple[object, int] | None) -> list[RatingRow]:
            rest = statement if after is None else statement.where(sa.tuple_(*key) > after)
            return self._all(RatingRow, rest.limit(limit))

        return self._next_that_hold(RATINGS, behind, lambda row: (row.reply_by, row.case_id), limit, after)

    def count_waiting(self, places: Sequence[str]) -> tuple[int, date | None]:
        """Return how many wait for an answer, and the day by which the first of them is due."""
        rows = self._that_hold(RATINGS, self._all(RatingRow, _WAITING, places=list(places)))
        return len(rows), min((row.reply_by for row in rows if row.reply_by is not None), default=None)

    def listed(self, places: Sequence[str], limit: int, before: tuple[datetime, int] | None = None) -> list[RatingRow]:
        """Return ratings newest first; ``before`` is (at, case_id) of the last one of the page above."""
        key = (rating.c.at, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places)).order_by(*(each.desc() for each in key))

        def behind(before: tuple[object, int] | None) -> list[RatingRow]:
            rest = statement if before is None else statement.where(sa.tuple_(*key) < before)
            return self._all(RatingRow, rest.limit(limit))

        return self._next_that_hold(RATINGS, behind, lambda row: (row.at, row.case_id), limit, before)

    def counts(self, places: Sequence[str], since: datetime, today: date) -> list[RatingCount]:
        """Return how often each grade was given since an instant."""
        rows = self._that_hold(RATINGS, self._all(RatingRow, _SINCE, places=list(places), since=since))
        given = Counter(row.grade for row in rows)
        waits = [row for row in rows if row.reply_by is not None and row.answered_at is None]
        waiting = Counter(row.grade for row in waits)
        late = Counter(row.grade for row in waits if row.reply_by is not None and row.reply_by < today)
        return [RatingCount(grade, given[grade], waiting[grade], late[grade]) for grade in sorted(given)]
