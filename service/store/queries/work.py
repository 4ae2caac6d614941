"""Work items: queued effects, timers and other due work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.running.lanes import LANES, MAIL, lane_of
from service.store.errors import Stale
from service.store.models import CaseRow, Json, WorkItemRow
from service.store.models.cases import case
from service.store.models.work import work_item
from service.store.queries.base import Repository, asked_once, word
from service.store.queries.case_filter import STILL_TO_COME, CaseFilter, match_case_filter
from service.store.queries.claims import VAIN_ATTEMPTS, ClaimRepository, fence_of
from service.store.queries.incidents import IncidentRepository
from service.store.queries.operation import ON_HOLD

SOON = timedelta(seconds=5)
"""Whoever waits for work looks for it so often at least: what falls due sooner must be announced."""

_ALIVE = ("waiting", "running", "held")
LEAVING: Mapping[str, Any] = {"state": ("waiting", "running"), "lane": MAIL}
"""Of what may still leave the installation: also what waits for its next try or was being sent."""

_RUNNING_TIMER = (
    work_item.c.kind == word("timer"),
    work_item.c.element.is_not(None),
    work_item.c.state.in_([word(state) for state in STILL_TO_COME]),
)


class NewWork(NamedTuple):
    """Something to be done at ``due_at``, once, under a key that names the effect and never the attempt.

    ``payload`` may say where it waits (``jurisdiction``, ``process_id``, ``element``): the monitor counts it there.
    ``since`` is when it began, where it goes on for an item called off: a timer that was moved (None: now).
    """

    kind: str
    case_id: int | None
    effect_key: str
    payload: Mapping[str, Json]
    due_at: datetime
    provisional: bool = False
    since: datetime | None = None


class WorkRepository(ClaimRepository):
    """Work items inside the unit of work that causes, cancels or finishes them."""

    has_due_work = False
    """Whether this unit of work left something that is due at once, or soon."""

    def reschedule(
        self, effect_key: str, due_at: datetime, provisional: bool = False, payload: Mapping[str, Json] | None = None
    ) -> bool:
        """Give a waiting or held item a new due date (and payload); returns whether there was one."""
        keyed = sa.select(work_item).where(work_item.c.effect_key == effect_key)
        movable = keyed.where(work_item.c.state.in_([word("waiting"), word("held")]))
        before = self._first(WorkItemRow, movable.with_for_update())
        if before is None:
            return False
        changes: dict[str, object] = {"due_at": due_at, "provisional": provisional, "state": "waiting"}
        if payload is not None:
            changes["payload"] = dict(payload)
        self.has_due_work = True
        self.change(before.id, **changes)
        return True

    def stands_still(self, since: datetime, now: datetime) -> bool:
        """Tell whether in some lane work waits that was due at ``since`` or before, and nobody is at work there ``now``.

        Where many items fell due at once, as while the clock was in doubt, the last wait long while the others are done.
        """
        lanes = (_match_abandoned(lane, since, now) for lane in LANES)
        return bool(self._scalar(sa.select(sa.or_(*lanes))))

    def enqueue_many(
        self, items: Sequence[NewWork | tuple[str, int | None, str, Mapping[str, Json], datetime, bool]], now: datetime
    ) -> list[str]:
        """Add those items whose effect key is new, in one statement; returns the keys that were."""
        rows = [_build_row(NewWork(*item), now) for item in items]
        self.has_due_work = self.has_due_work or any(NewWork(*item).due_at <= now + SOON for item in items)
        return self._insert_new(work_item, rows, "effect_key")

    def cancel(self, effect_keys: Collection[str], now: datetime) -> int:
        """Call off what is not done yet, running or not: a run that is under way will fail at its fence."""
        if not effect_keys:
            return 0
        return self._call_off(effect_keys, _ALIVE, now)

    def call_off_case(self, case_id: int, now: datetime) -> list[int]:
        """Call off whatever of a case is not done, what failed for good too; returns its numbers."""
        states = (*_ALIVE, "dead")
        rows = self.of_case(case_id, states)
        if rows:
            self._call_off([row.effect_key for row in rows], states, now)
        return [row.id for row in rows]

    def _call_off(self, effect_keys: Collection[str], states: Collection[str], now: datetime) -> int:
        called_off = {"effect_key": effect_keys, "state": states}
        return self.change_where(called_off, state="cancelled", lease_until=None, done_at=now)

    @asked_once
    def of_case(self, case_id: int, states: tuple[str, ...] = _ALIVE) -> list[WorkItemRow]:
        """Return work items of a case in these states, by due date."""
        return self._all(WorkItemRow, _OF_CASE, case_id=case_id, states=states)

    def timers(
        self,
        chosen: CaseFilter,
        after: tuple[datetime, int] | None = None,
        limit: int = 50,
        until: datetime | None = None,
        since: datetime | None = None,
    ) -> list[WorkItemRow]:
        """Return the timers of the cases ``chosen``, soonest first, those due after ``since``, at ``until`` or before.

        ``after`` is (due_at, id) of the last one on the page above.
        """
        of_case = sa.exists().where(case.c.id == work_item.c.case_id, *match_case_filter(chosen))
        statement = sa.select(work_item).where(*_match_timers(until, since), of_case)  # a join would begin with cases
        if after is not None:
            statement = statement.where(sa.tuple_(work_item.c.due_at, work_item.c.id) > after)
        return self._all(WorkItemRow, statement.order_by(work_item.c.due_at, work_item.c.id).limit(limit))

    def count_timers(self, chosen: CaseFilter, until: datetime | None = None, since: datetime | None = None) -> int:
        """Return how many timers `timers` would find on all its pages together."""
        timers = sa.select(sa.func.count()).select_from(work_item).join(case, case.c.id == work_item.c.case_id)
        return int(self._scalar(timers.where(*_match_timers(until, since), *match_case_filter(chosen))))

    def soonest_timer(self, chosen: CaseFilter) -> WorkItemRow | None:
        """Return the timer of the cases ``chosen`` that is due first; begins with the cases, which should be few."""
        timers = sa.select(work_item).join(case, case.c.id == work_item.c.case_id)
        timers = timers.where(*_match_timers(None), *match_case_filter(chosen))
        return self._first(WorkItemRow, timers.order_by(work_item.c.due_at, work_item.c.id).limit(1))

    def messages_below(self, case_id: int) -> bool:
        """Say whether a message to a child case of this one has not arrived yet, given up or not."""
        undone = work_item.c.state.in_([word(state) for state in (*_ALIVE, "dead")])
        below = sa.select(work_item.c.id).join(case, case.c.id == work_item.c.case_id)
        below = below.where(case.c.parent_id == case_id, work_item.c.kind == word("message"), undone)
        return self._scalar(below.limit(1)) is not None

    def due_inside(self, now: datetime, limit: int) -> list[WorkItemRow]:
        """Return what is due and moves something inside the installation, the longest due first."""
        due = sa.select(work_item).where(*_due_inside(now)).order_by(work_item.c.due_at, work_item.c.id)
        return self._all(WorkItemRow, due.limit(limit))

    def count_due_inside(self, now: datetime) -> dict[str, int]:
        """Return how much of each kind is due and moves something inside the installation, the most first."""
        counted = sa.select(work_item.c.kind, sa.func.count()).where(*_due_inside(now)).group_by(work_item.c.kind)
        rows = self._connection.execute(counted).all()
        return dict(sorted(((kind, count) for kind, count in rows), key=lambda row: (-row[1], row[0])))

    def finish(self, item: WorkItemRow, at: datetime) -> None:
        """Mark a claimed item as done, in the unit of work that did it.

        Raises:
            Stale: if it was called off, or claimed by another process after our lease ended; nothing may be kept.
        """
        self._change_running(item, state="done", done_at=at)
        if item.attempts > VAIN_ATTEMPTS or item.last_error is not None:
            open_incident = {"work_item_id": item.id, "resolved_at": None}
            IncidentRepository(self._connection, self).change_where(open_incident, resolved_at=at)

    def hold(self, item: WorkItemRow, at: datetime) -> None:
        """Let a claimed item wait for a person instead of time (a provisional date); `reschedule` wakes it.

        Raises:
            Stale: as `finish`.
        """
        self._change_running(item, state="held", dispatched_at=at)

    def release(self, case_id: int) -> int:
        """Release the held items of a case that need no confirmation; those with a provisional date stay held."""
        self.has_due_work = True
        return self.change_where(
            {"case_id": case_id, "state": "held", "provisional": False}, state="waiting", attempts=0
        )

    def retry(self, item_id: int, now: datetime) -> None:
        """Let an item that is dead, or waits for its next attempt, run again now with all its attempts.

        Its last error stays: by it `finish` knows that an incident may be open.
        """
        stuck = {"id": item_id, "state": ("dead", "waiting")}
        if self.change_where(stuck, state="waiting", attempts=0, due_at=now, done_at=None) != 1:
            raise Stale
        self.has_due_work = True

    def due_by_lane(self, now: datetime) -> dict[str, int]:
        """Return how much could be claimed in each lane, as far as a worker is interested: counting stops at 100.

        Nothing is while the installation is on hold; what waits for its turn in a case counts.
        """
        waits = (work_item.c.state == word("waiting"), work_item.c.due_at <= now)
        lapsed = (work_item.c.state == word("running"), work_item.c.lease_until < now)
        counted = sa.union_all(*(_count_claimable(lane, *where) for where in (waits, lapsed) for lane in LANES))
        counts = Counter[str]()
        for lane, count in self._connection.execute(counted):
            counts[lane] += count
        return {lane: count for lane, count in counts.items() if count}

    def due_count(self, now: datetime) -> int:
        """Return how many items are due and wait; counting stops at 1000."""
        due = sa.select(work_item.c.id).where(work_item.c.state == word("waiting"), work_item.c.due_at <= now)
        return int(self._scalar(sa.select(sa.func.count()).select_from(due.limit(1000).subquery())))

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the longest waiting due item is due."""
        due_at = self.next_due()
        return due_at if due_at is not None and due_at <= now else None

    def next_due(self) -> datetime | None:
        """Return when the next waiting item is due, however far away."""
        instant: datetime | None = self._scalar(_select_next_due())
        return instant

    def due_after(self, now: datetime) -> datetime | None:
        """Return when the next waiting item that is not due at ``now`` falls due."""
        instant: datetime | None = self._scalar(_select_next_due().where(work_item.c.due_at > now))
        return instant

    def _change_running(self, item: WorkItemRow, **changes: object) -> None:
        """Change a running item behind its fence, which is the number of the attempt."""
        if self.change_where(fence_of(item), lease_until=None, **changes) != 1:
            raise Stale


_OF_CASE = WorkRepository.write("due_at id", case_id=sa.bindparam("case_id"))
_OF_CASE = _OF_CASE.where(work_item.c.state.in_(sa.bindparam("states", expanding=True)))


def _match_abandoned(lane: str, since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    of_lane = sa.select(work_item.c.due_at).where(work_item.c.lane == word(lane))
    waits = of_lane.where(work_item.c.state == word("waiting")).order_by(work_item.c.due_at, work_item.c.id)
    done_now = of_lane.where(work_item.c.state == word("running"), work_item.c.lease_until >= now)
    return sa.and_(waits.limit(1).scalar_subquery() <= since, ~sa.exists(done_now))


def _count_claimable(lane: str, *where: sa.ColumnElement[bool]) -> sa.Select[str, int]:
    some = sa.select(work_item.c.id).where(work_item.c.lane == word(lane), *where, ~ON_HOLD).limit(100)
    return sa.select(word(lane), sa.func.count()).select_from(some.subquery())


def _select_next_due() -> sa.Select[datetime]:
    waiting = sa.select(work_item.c.due_at).where(work_item.c.state == word("waiting"))
    return waiting.order_by(work_item.c.due_at, work_item.c.id).limit(1)


def _due_inside(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return work_item.c.state == word("waiting"), work_item.c.due_at <= now, work_item.c.lane != word(MAIL)


def _match_timers(until: datetime | None, since: datetime | None = None) -> list[sa.ColumnElement[bool]]:
    last = [work_item.c.due_at <= until] if until is not None else []
    first = [work_item.c.due_at > since] if since is not None else []
    return [*_RUNNING_TIMER, *last, *first]


def _build_row(item: NewWork, now: datetime) -> WorkItemRow:
    place = {name: item.payload.get(name) for name in ("jurisdiction", "process_id", "element")}
    fields = item._asdict()
    since = fields.pop("since")
    values = {**fields, **place, "lane": lane_of(item.kind), "payload": dict(item.payload)}
    return WorkItemRow(**values, created_at=since or now)


class TurnRepository(Repository):
    """Turns that a unit of work keeps until its end; one that only reads takes none, and SQLite has one writer anyway.

    A case is locked while it moves, and those beside it move meanwhile: two steps that count the same places and then
    take one each would take more than there are. A step asks for its turn after it has locked its case and locks no
    case beside it afterwards, so that none waits for another in a ring.
    """

    def count_beside(self, case: CaseRow) -> None:
        """Wait until no other step counts the cases beside ``case``: of one parent, or at the top of one award and kind."""
        of = (case.parent_id,) if case.parent_id is not None else (case.jurisdiction, case.award, case.process)
        self.take(f"cases {of}")

    def draw_panel(self, case: CaseRow) -> None:
        """Wait until no other panel of the jurisdiction of ``case`` is drawn: both draws could take the same expert.

        The turn to count beside the case comes first, for a condition of the draw may count there too.
        """
        self.count_beside(case)
        self.take(f"panels {case.jurisdiction}")

    def take(self, what: str) -> None:
        """Wait until nobody else does ``what``: the second of two clicks finds what the first began."""
        if self.answers is None and self._connection.dialect.name == "postgresql":
            # The end of the transaction gives the lock back.
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(0x4C_41_55_54, sa.func.hashtext(what))))
