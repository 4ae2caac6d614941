"""Work items one by one: found and moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from service.domain.running.lanes import LANES
from service.store.repositories.base import one, word
from service.store.repositories.work.claims import ClaimRepository
from service.store.rows import Json, WorkItemRow
from service.store.rows.work import work_item

_KEYED = one(work_item, "effect_key")
_MOVABLE = _KEYED.where(work_item.c.state.in_([word("waiting"), word("held")])).with_for_update()
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
        self._alter(work_item, before.id, changes)
        return True

    def place(self, item: WorkItemRow, element: str, payload: Mapping[str, Json]) -> None:
        """Let an item be known under another id of the element that it waits at."""
        changes = {"element": element, "payload": dict(payload)}
        self._alter(work_item, item.id, changes)

    def stands_still(self, since: datetime, now: datetime) -> bool:
        """Tell whether in some lane work waits that was due at ``since`` or before, and nobody is at work there ``now``.

        Where many items fell due at once, as while the clock was in doubt, the last wait long while the others are done.
        """
        return bool(self._scalar(_STANDS_STILL, since=since, now=now))
