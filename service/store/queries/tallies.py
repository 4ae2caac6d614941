"""What waits where, what runs, what began and ended: each figure counted in the transaction that asks, by grouped index scans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.calendar import end_of_day, local_date
from service.store.models.cases import call, case, subscription, task
from service.store.models.work import work_item
from service.store.queries.base import Repository, word

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_COUNT = sa.func.count()
_OPEN = task.c.state == word("open")
_TASK = sa.and_(_OPEN, task.c.kind != word("ballot"))
_WAITS = sa.and_(work_item.c.element.is_not(None), work_item.c.state.in_([word("waiting"), word("held")]))


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


@dataclass(frozen=True, slots=True)
class KindTotals:
    """Sums of one kind of case: cases that run and have ended, open tasks, those that are overdue, timers, messages."""

    jurisdiction: str
    award: str
    sort: str
    running: int = 0
    ended: int = 0
    tasks: int = 0
    over: int = 0
    timers: int = 0
    messages: int = 0


class TallyRepository(Repository):
    """What waits where, what runs, what began and ended."""

    def by_element(self, jurisdictions: Collection[str]) -> list[ElementCount]:
        """Return what waits at each element of each diagram."""
        found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        waiting: Any = (("tasks", task, (_OPEN,)), ("messages", subscription, ()), ("timers", work_item, (_WAITS,)))
        counted = sa.union_all(
            *(
                _counted(subject, (rows.c.jurisdiction, rows.c.process_id, rows.c.element)).where(
                    *where, rows.c.jurisdiction.in_(jurisdictions)
                )
                for subject, rows, where in waiting
            )
        )
        for subject, count, *place in self._connection.execute(counted):
            found[place[0], place[1] or "", place[2]][subject] = count
        return [ElementCount(*place, n["tasks"], n["messages"], n["timers"]) for place, n in sorted(found.items())]

    def inside(self, jurisdictions: Collection[str]) -> dict[tuple[str, str, str], int]:
        """Return how many cases stand in each call activity: (jurisdiction, process id, element id) → cases."""
        keys = (call.c.jurisdiction, call.c.process_id, call.c.element)
        counted = sa.select(*keys, _COUNT).where(call.c.left_at.is_(None), call.c.jurisdiction.in_(jurisdictions))
        return {(a, b, c): int(n) for a, b, c, n in self._connection.execute(counted.group_by(*keys))}

    def by_kind(self, jurisdictions: Collection[str], now: datetime) -> list[KindTotals]:
        """Return the sums of every kind of case of the places; a task is overdue that was due before ``now``."""
        found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        keys, here = (case.c.jurisdiction, case.c.award, case.c.process), case.c.jurisdiction.in_(jurisdictions)
        ended = case.c.status == word("ended")
        tasks = _counted("tasks", keys).join_from(task, case).where(_TASK, task.c.jurisdiction.in_(jurisdictions))
        timers = _counted("timers", keys).join_from(work_item, case).where(_WAITS, work_item.c.kind == word("timer"))
        counted = sa.union_all(
            _counted("running", keys).where(case.c.status != word("ended"), here),
            _counted("ended", keys).where(ended, here),
            tasks,
            tasks.with_only_columns(sa.literal("over"), _COUNT, *keys).where(task.c.due_at < now),
            timers.where(work_item.c.jurisdiction.in_(jurisdictions)),
            _counted("messages", keys).join_from(subscription, case).where(here),
        )
        for subject, count, *kind in self._connection.execute(counted):
            found[kind[0], kind[1], kind[2]][subject] = count
        sums = ("running", "ended", "tasks", "over", "timers", "messages")
        return [KindTotals(*kind, *(n[each] for each in sums)) for kind, n in sorted(found.items())]

    def by_role(self, jurisdictions: Collection[str]) -> list[tuple[str, str, str, str, bool, int]]:
        """Return who is waited for: (jurisdiction, award, kind of case, role, whether to vote, count)."""
        keys = (task.c.jurisdiction, case.c.award, case.c.process, task.c.role, task.c.kind == word("ballot"))
        counted = sa.select(*keys, _COUNT).join_from(task, case).where(_OPEN, task.c.jurisdiction.in_(jurisdictions))
        found = self._connection.execute(counted.group_by(*keys))
        return sorted((a, b, c, d, bool(vote), int(n)) for a, b, c, d, vote, n in found)

    def by_day(self, jurisdictions: Collection[str], first: date, last: date) -> Mapping[date, int]:
        """Return how many open tasks have their last day on each day from ``first`` to ``last``."""
        due = (task.c.due_at > end_of_day(first - _DAY), task.c.due_at <= end_of_day(last))
        counted = sa.select(task.c.due_at, _COUNT).where(_TASK, task.c.jurisdiction.in_(jurisdictions), *due)
        found: Counter[date] = Counter()
        for moment, count in self._connection.execute(counted.group_by(task.c.due_at)):
            found[local_date(moment - _SECOND)] += count
        return found

    def by_week(self, jurisdictions: Collection[str], mondays: Sequence[date]) -> list[tuple[int, int]]:
        """Return how many cases began and how many ended in each of the weeks that begin on ``mondays``."""
        spans = [(end_of_day(monday - _DAY), end_of_day(monday + 6 * _DAY)) for monday in mondays]
        counted = [
            _some(sa.and_(moment >= first, moment < end))
            for first, end in spans
            for moment in (case.c.started_at, case.c.ended_at)
        ]
        since = sa.or_(case.c.started_at >= spans[0][0], case.c.ended_at >= spans[0][0])
        statement = sa.select(*counted).where(case.c.jurisdiction.in_(jurisdictions), since)
        figures = [int(figure) for figure in self._connection.execute(statement).one()]
        return list(zip(figures[::2], figures[1::2], strict=True))


def _counted(subject: str, keys: Sequence[sa.ColumnElement[str]]) -> sa.Select[*tuple[Any, ...]]:
    """Return a statement that counts rows by ``keys``, of which each is marked by its ``subject``."""
    return sa.select(sa.literal(subject), _COUNT, *keys).group_by(*keys)


def _some(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
