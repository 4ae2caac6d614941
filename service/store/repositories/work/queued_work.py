"""Work items one by one: found, moved, and sealed, so that what others wrote into the queue is not done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from service.domain.running.lanes import LANES, TIMERS
from service.store.repositories.base import among, one, word
from service.store.repositories.work.claims import ClaimRepository
from service.store.rows import Json, WorkItemRow
from service.store.rows.work import work_item
from service.store.seals.work_seals import WORK, is_used

_KEYED = one(work_item, "effect_key")
_MOVABLE = _KEYED.where(work_item.c.state.in_([word("waiting"), word("held")])).with_for_update()
UNDONE = ("waiting", "running", "held", "dead")
"""States of what is still to be done, or was given up and may be taken up again."""
_UNDONE = work_item.c.state.in_([word(state) for state in UNDONE])
_UNDONE_PAGE = (
    sa.select(work_item)
    .where(_UNDONE, work_item.c.id > sa.bindparam("after"))
    .order_by(work_item.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_WAITING_IN = (
    sa.select(work_item)
    .where(
        work_item.c.state == word("waiting"), among(work_item.c.lane, "lanes"), work_item.c.id > sa.bindparam("after")
    )
    .order_by(work_item.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_MOST_LOOKED_AT = 5_000
_NOW, _SINCE = (sa.bindparam(name, type_=work_item.c.due_at.type) for name in ("now", "since"))


def _left_lying(lane: str) -> sa.ColumnElement[bool]:
    of_lane = sa.select(work_item.c.due_at).where(work_item.c.lane == word(lane))
    waits = of_lane.where(work_item.c.state == word("waiting")).order_by(work_item.c.due_at, work_item.c.id)
    done_now = of_lane.where(work_item.c.state == word("running"), work_item.c.lease_until >= _NOW)
    longest = waits.limit(sa.literal_column("1")).scalar_subquery()
    return sa.and_(longest <= _SINCE, ~sa.exists(done_now))


_STANDS_STILL = sa.select(sa.or_(*(_left_lying(lane) for lane in LANES)))


class QueuedWorkRepository(ClaimRepository):
    """What waits, item by item."""

    left_due = False
    """Whether this unit of work left something that is due at once, or soon."""

    def get(self, item_id: int) -> WorkItemRow:
        """Return a work item; raises NotFound."""
        return self._existing(WorkItemRow, ("工作项", "work item"), one(work_item, "id"), item_id)

    def by_key(self, effect_key: str) -> WorkItemRow | None:
        """Return the work item that names this effect."""
        return self._first(WorkItemRow, _KEYED, effect_key=effect_key)

    def reschedule(
        self, effect_key: str, due_at: datetime, provisional: bool = False, payload: Mapping[str, Json] | None = None
    ) -> bool:
        """Give a waiting or held item a new due date (and payload); returns whether there was one."""
        before = self._first(WorkItemRow, _MOVABLE, effect_key=effect_key)
        if before is None:
            return False
        changes: dict[str, object] = {"due_at": due_at, "provisional": provisional, "state": "waiting"}
        if payload is not None:
            changes["payload"] = dict(payload)
        self.left_due = True
        self._alter(work_item, before.id, WORK.resealed(self.seals, before, changes))
        return True

    def place(self, item: WorkItemRow, element: str, payload: Mapping[str, Json]) -> None:
        """Let an item be known under another id of the element that it waits at."""
        changes = {"element": element, "payload": dict(payload)}
        self._alter(work_item, item.id, WORK.resealed(self.seals, item, changes))

    def page_of_undone(self, after: int, most: int) -> list[WorkItemRow]:
        """Return the next items above number ``after`` that are not done, given up or not."""
        return self._all(WorkItemRow, _UNDONE_PAGE, after=after, most=most)

    def lacks_seal(self, row: WorkItemRow) -> bool:
        """Return whether an item has no seal of this installation, or one that was used."""
        return WORK.lacks(self.seals, row)

    def seal(self, row: WorkItemRow) -> None:
        """Seal an item of a program before, or of an old backup, as it stands now; one that was done or sealed since is left."""
        now = self._as_it_is(WorkItemRow, work_item, row.id)
        if now is not None and now.state in UNDONE and self.lacks_seal(now):
            self._alter(work_item, row.id, {"seal": WORK.sealed(self.seals, now).seal})

    def renew_used(self) -> int:
        """Seal anew what is to be done once more, since the database is one of before it was done; returns how much."""
        after = count = 0
        while rows := self.page_of_undone(after, _MOST_LOOKED_AT):
            used = [row for row in rows if is_used(self.seals, row)]
            for row in used:
                self.seal(row)
            count, after = count + len(used), rows[-1].id
        return count

    def written_by_others(self) -> list[WorkItemRow]:
        """Return what waits without a seal of this installation; limits are left to the cases, which know their own."""
        lanes, after, found = [lane for lane in LANES if lane != TIMERS], 0, list[WorkItemRow]()
        while page := self._all(WorkItemRow, _WAITING_IN, lanes=lanes, after=after, most=_MOST_LOOKED_AT):
            found += [row for row in page if self.lacks_seal(row)]
            if len(page) < _MOST_LOOKED_AT:
                break
            after = page[-1].id
        return found

    def stands_still(self, since: datetime, now: datetime) -> bool:
        """Tell whether in some lane work waits that was due at ``since`` or before, and nobody is at work there ``now``.

        Where many items fell due at once, as while the clock was in doubt, the last wait long while the others are done.
        """
        return bool(self._scalar(_STANDS_STILL, since=since, now=now))
