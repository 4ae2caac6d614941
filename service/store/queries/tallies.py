"""What waits where and for how long: figures counted in the transaction that asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.calendar import end_of_day, local_date
from service.store.models.cases import case, subscription, task
from service.store.models.people import body, membership, person
from service.store.models.work import work_item
from service.store.queries.base import Repository, word
from service.store.queries.people import is_valid_at

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
        counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        waiting: Any = (("tasks", task, (_OPEN,)), ("messages", subscription, ()), ("timers", work_item, (_WAITS,)))
        counted = sa.union_all(
            *(
                _build_count(subject, (rows.c.jurisdiction, rows.c.process_id, rows.c.element)).where(
                    *where, rows.c.jurisdiction.in_(jurisdictions)
                )
                for subject, rows, where in waiting
            )
        )
        for subject, count, *place in self._connection.execute(counted):
            counts[place[0], place[1] or "", place[2]][subject] = count
        return [ElementCount(*place, n["tasks"], n["messages"], n["timers"]) for place, n in sorted(counts.items())]

    def by_kind(self, jurisdictions: Collection[str], now: datetime) -> list[KindTotals]:
        """Return the sums of every kind of case of the places; a task is overdue that was due before ``now``."""
        counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        keys, condition = (case.c.jurisdiction, case.c.award, case.c.process), case.c.jurisdiction.in_(jurisdictions)
        ended = case.c.status == word("ended")
        tasks = _build_count("tasks", keys).join_from(task, case).where(_TASK, task.c.jurisdiction.in_(jurisdictions))
        timers = (
            _build_count("timers", keys).join_from(work_item, case).where(_WAITS, work_item.c.kind == word("timer"))
        )
        counted = sa.union_all(
            _build_count("running", keys).where(case.c.status != word("ended"), condition),
            _build_count("ended", keys).where(ended, condition),
            tasks,
            tasks.with_only_columns(sa.literal("over"), _COUNT, *keys).where(task.c.due_at < now),
            timers.where(work_item.c.jurisdiction.in_(jurisdictions)),
            _build_count("messages", keys).join_from(subscription, case).where(condition),
        )
        for subject, count, *kind in self._connection.execute(counted):
            counts[kind[0], kind[1], kind[2]][subject] = count
        sums = ("running", "ended", "tasks", "over", "timers", "messages")
        return [KindTotals(*kind, *(n[each] for each in sums)) for kind, n in sorted(counts.items())]

    def by_role(self, jurisdictions: Collection[str]) -> list[tuple[str, str, str, str, bool, int]]:
        """Return who is waited for: (jurisdiction, award, kind of case, role, whether to vote, count)."""
        keys = (task.c.jurisdiction, case.c.award, case.c.process, task.c.role, task.c.kind == word("ballot"))
        counted = sa.select(*keys, _COUNT).join_from(task, case).where(_OPEN, task.c.jurisdiction.in_(jurisdictions))
        rows = self._connection.execute(counted.group_by(*keys))
        return sorted((a, b, c, d, bool(vote), int(n)) for a, b, c, d, vote, n in rows)

    def without_people(self, jurisdictions: Collection[str], now: datetime) -> list[tuple[str, str, str, int]]:
        """Return the open tasks whose role nobody holds for their body: (jurisdiction, role, body's name or "", count)."""
        held = sa.exists().where(
            membership.c.role == task.c.role,
            membership.c.jurisdiction.in_([task.c.jurisdiction, sa.literal("*")]),
            sa.or_(task.c.body_id.is_(None), membership.c.body_id == task.c.body_id),
            is_valid_at(membership, now),
            person.c.id == membership.c.person_id,
            person.c.active,
        )
        keys = (task.c.jurisdiction, task.c.role, sa.func.coalesce(body.c.name, ""))
        counted = sa.select(*keys, _COUNT).join_from(task, body, body.c.id == task.c.body_id, isouter=True)
        rows = self._connection.execute(
            counted.where(_TASK, sa.not_(task.c.personal), task.c.jurisdiction.in_(jurisdictions), sa.not_(held))
            .group_by(*keys)
            .order_by(*keys)
        )
        return [(place, role, name, int(count)) for place, role, name, count in rows]

    def by_day(self, jurisdictions: Collection[str], first: date, last: date) -> Mapping[tuple[date, bool], int]:
        """Return how many open tasks have their last day on each day from ``first`` to ``last``, those to vote (True) apart."""
        due = (task.c.due_at > end_of_day(first - _DAY), task.c.due_at <= end_of_day(last))
        keys = (task.c.due_at, task.c.kind == word("ballot"))
        counted = sa.select(*keys, _COUNT).where(_OPEN, task.c.jurisdiction.in_(jurisdictions), *due)
        counts: Counter[tuple[date, bool]] = Counter()
        for moment, to_vote, count in self._connection.execute(counted.group_by(*keys)):
            counts[local_date(moment - _SECOND), bool(to_vote)] += count
        return counts


def _build_count(subject: str, keys: Sequence[sa.ColumnElement[str]]) -> sa.Select[*tuple[Any, ...]]:
    """Return a statement that counts rows by ``keys``, of which each is marked by its ``subject``."""
    return sa.select(sa.literal(subject), _COUNT, *keys).group_by(*keys)


NEWEST = 10_000
"""Of what was done at a diagram in a period, so much is looked at: the newest."""


@dataclass(frozen=True, slots=True)
class Place:
    """A diagram of a jurisdiction, as run by one version (None: by all)."""

    jurisdiction: str
    process_id: str
    version: str | None = None


def at_place(table: sa.Table, place: Place, *conditions: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that a row of what stands or stood at elements is of a diagram and its version."""
    criteria = [table.c.jurisdiction == place.jurisdiction, table.c.process_id == place.process_id, *conditions]
    if place.version is not None:
        criteria.append(sa.exists().where(case.c.id == table.c.case_id, case.c.definition == place.version))
    return criteria


class StandingTasks(NamedTuple):
    """Open tasks at one element: how many, how many of them overdue, and since when the oldest stands."""

    element: str
    waiting: int
    late: int
    oldest: datetime


class StandingWaits(NamedTuple):
    """What is waited for at one element, "timers" (and other work items) or "messages": how many, since when the oldest."""

    element: str
    subject: str
    waiting: int
    oldest: datetime


class Stood(NamedTuple):
    """A task that was done: when it came, was done, and was due (far away when never)."""

    element: str
    created_at: datetime
    done_at: datetime
    due_at: datetime


class DurationRepository(Repository):
    """Durations of tasks by element, and what the event log tells."""

    def standing(self, place: Place, now: datetime) -> list[StandingTasks]:
        """Return what stands at each element of a diagram now."""
        late = sa.func.sum(sa.case((task.c.due_at < now, 1), else_=0))
        columns = (task.c.element, sa.func.count(), late, sa.func.min(task.c.created_at))
        statement = sa.select(*columns).where(*at_place(task, place, _OPEN)).group_by(task.c.element)
        return [StandingTasks(*row) for row in self._connection.execute(statement.order_by(task.c.element))]

    def awaited(self, place: Place) -> list[StandingWaits]:
        """Return for what each element of a diagram waits by itself."""
        waits: Any = (("timers", work_item, (_WAITS,)), ("messages", subscription, ()))
        counted = sa.union_all(
            *(
                sa.select(rows.c.element, sa.literal(subject), sa.func.count(), sa.func.min(rows.c.created_at))
                .where(*at_place(rows, place, *still))
                .group_by(rows.c.element)
                for subject, rows, still in waits
            )
        )
        return [StandingWaits(*row) for row in self._connection.execute(counted)]

    def stood(self, place: Place, since: datetime) -> list[Stood]:
        """Return what was done at the elements of a diagram since then, the newest `NEWEST` at most."""
        columns = (task.c.element, task.c.created_at, task.c.done_at, task.c.due_at)
        done = at_place(task, place, task.c.state == word("done"), task.c.done_at >= since)
        statement = sa.select(*columns).where(*done).order_by(task.c.done_at.desc()).limit(NEWEST)
        return [Stood(*row) for row in self._connection.execute(statement)]

    def cases_of(
        self, jurisdiction: str, award: str, kinds: Collection[str], version: str | None, since: datetime, before: int
    ) -> list[tuple[int, str | None, str]]:
        """Return (id, number, kind) of cases that began since then, newest first, those with an id below ``before``."""
        where = [
            case.c.jurisdiction == jurisdiction,
            case.c.award == award,
            case.c.process.in_(kinds),
            case.c.started_at >= since,
            case.c.id < before,
        ]
        if version is not None:
            where.append(case.c.definition == version)
        statement = sa.select(case.c.id, case.c.number, case.c.process).where(*where)
        rows = self._connection.execute(statement.order_by(case.c.id.desc()).limit(200))
        return [(int(ident), number, sort) for ident, number, sort in rows]
