"""Sums that the database keeps itself: read instead of counting, folded from time to time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, word
from service.store.rows.tallies import tally
from service.store.tallying import recount

_KEYS = [column for column in tally.c if column.name not in ("id", "n")]
_SUM = sa.func.sum(tally.c.n)
_FOLD_AT = 5_000
"""Changes beside the sums before they are put together."""

_FOLDED = (
    "WITH gone AS (DELETE FROM tally RETURNING {keys}, n) INSERT INTO tally ({keys}, n) "
    "SELECT {keys}, SUM(n) FROM gone GROUP BY {keys} HAVING SUM(n) <> 0"
)


@dataclass(frozen=True, slots=True)
class ElementCount:
    """How much waits at one element of a diagram: open tasks, awaited messages, timers and other work items."""

    jurisdiction: str
    process_id: str
    element: str
    tasks: int = 0
    messages: int = 0
    timers: int = 0

    @property
    def here(self) -> int:
        """How much stands here: tasks, and what waits; for a day or a message, whichever comes first, it waits once."""
        return self.tasks + max(self.timers, self.messages)


class Totals(NamedTuple):
    """Sums of some places: running cases, open tasks (ballots apart), those of them whose last day is over, timers."""

    running: int
    tasks: int
    over: int
    timers: int


@dataclass(frozen=True, slots=True)
class KindTotals:
    """Sums of one kind of case: cases that run and have ended, open tasks, those whose last day is over, timers, messages."""

    jurisdiction: str
    award: str
    sort: str
    running: int
    ended: int
    tasks: int
    over: int
    timers: int
    messages: int


class TallyRepository(Repository):
    """What waits where, what runs, what began and ended: each figure exact in the transaction that reads it."""

    def by_element(self, jurisdictions: Collection[str]) -> list[ElementCount]:
        """Return what waits at each element of each diagram."""
        names = {"task": "tasks", "ballot": "tasks", "message": "messages", "timer": "timers", "work": "timers"}
        keys = (tally.c.jurisdiction, tally.c.process_id, tally.c.element)
        found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for subject, place, process, element, count in self._sums((tally.c.subject, *keys), jurisdictions, list(names)):
            found[place, process, element][names[subject]] += count
        return [
            ElementCount(*place, counts["tasks"], counts["messages"], counts["timers"])
            for place, counts in sorted(found.items())
        ]

    def inside(self, jurisdictions: Collection[str]) -> dict[tuple[str, str, str], int]:
        """Return how many cases stand in each call activity: (jurisdiction, process id, element id) → cases."""
        keys = (tally.c.jurisdiction, tally.c.process_id, tally.c.element)
        return {(a, b, c): int(n) for a, b, c, n in self._sums(keys, jurisdictions, ("call",))}

    def totals(self, jurisdictions: Collection[str], over: date) -> Totals:
        """Return the sums of places; ``over`` is the first day that still counts as not over."""
        late = sa.and_(tally.c.subject == word("task"), tally.c.day < over)
        columns = [_of("running"), _of("task"), _some(late), _of("timer")]
        where = _where(jurisdictions, ("running", "task", "timer"))
        return Totals._make(int(n or 0) for n in self._connection.execute(sa.select(*columns).where(*where)).one())

    def by_kind(self, jurisdictions: Collection[str], over: date) -> list[KindTotals]:
        """Return the same for every kind of case, with how many cases have ended."""
        late = sa.and_(tally.c.subject == word("task"), tally.c.day < over)
        keys = (tally.c.jurisdiction, tally.c.award, tally.c.sort)
        columns = [*keys, _of("running"), _of("ended"), _of("task"), _some(late), _of("timer"), _of("message")]
        where = _where(jurisdictions, ("running", "ended", "task", "timer", "message"))
        found = self._connection.execute(sa.select(*columns).where(*where).group_by(*keys).order_by(*keys))
        return [KindTotals(*row) for row in found]

    def by_role(self, jurisdictions: Collection[str]) -> list[tuple[str, str, str, str, str, int]]:
        """Return who is waited for: (jurisdiction, award, kind of case, role, "task" or "ballot", count)."""
        keys = (tally.c.jurisdiction, tally.c.award, tally.c.sort, tally.c.role, tally.c.subject)
        return [(a, b, c, d, e, int(n)) for a, b, c, d, e, n in self._sums(keys, jurisdictions, ("task", "ballot"))]

    def by_day(self, jurisdictions: Collection[str], first: date, last: date) -> dict[date, int]:
        """Return how many open tasks have their last day on each day from ``first`` to ``last``."""
        days = tally.c.day.between(first, last)
        found = self._sums((tally.c.day,), jurisdictions, ("task",), days)
        return {row[0]: int(row[1]) for row in found}

    def by_week(self, jurisdictions: Collection[str], since: date) -> dict[str, dict[date, int]]:
        """Return how many cases began ("started") and ended ("ended") in each week since a Monday."""
        found: dict[str, dict[date, int]] = {"started": {}, "ended": {}}
        weeks = self._sums((tally.c.subject, tally.c.day), jurisdictions, ("started", "ended"), tally.c.day >= since)
        for subject, monday, count in weeks:
            found[subject][monday] = int(count)
        return found

    def many_changes(self) -> bool:
        """Return whether so many changes stand beside the sums that it pays to put them together."""
        groups = sa.select(*_KEYS).group_by(*_KEYS).having(_SUM != 0).subquery()
        changes = self._scalar(sa.select(sa.func.count()).select_from(tally))
        return bool(changes > _FOLD_AT + self._scalar(sa.select(sa.func.count()).select_from(groups)))

    def fold(self) -> None:
        """Put changes together with the sums."""
        keys = ", ".join(column.name for column in _KEYS)
        if self._connection.dialect.name == "postgresql":  # one statement: what commits meanwhile is left alone
            self._connection.exec_driver_sql(_FOLDED.format(keys=keys))
            return
        last = self._scalar(sa.select(sa.func.coalesce(sa.func.max(tally.c.id), 0)))
        sums = sa.select(*_KEYS, _SUM).group_by(*_KEYS).having(_SUM != 0)
        self._connection.execute(sa.insert(tally).from_select([*(c.name for c in _KEYS), "n"], sums))
        self._connection.execute(sa.delete(tally).where(tally.c.id <= last))

    def recount(self) -> None:
        """Count everything anew, from the rows themselves."""
        recount(self._connection)

    def _sums(
        self,
        keys: Sequence[sa.ColumnElement[Any]],
        jurisdictions: Collection[str],
        subjects: Collection[str],
        *conditions: sa.ColumnElement[bool],
    ) -> list[tuple[Any, ...]]:
        where = (*_where(jurisdictions, subjects), *conditions)
        statement = sa.select(*keys, _SUM).where(*where).group_by(*keys).having(_SUM != 0).order_by(*keys)
        return [tuple(row) for row in self._connection.execute(statement)]


def _where(jurisdictions: Collection[str], subjects: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return tally.c.subject.in_([word(subject) for subject in subjects]), tally.c.jurisdiction.in_(jurisdictions)


def _of(subject: str) -> sa.ColumnElement[int]:
    return _some(tally.c.subject == word(subject))


def _some(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, tally.c.n), else_=0)), 0)
