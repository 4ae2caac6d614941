"""The daily look at what was kept beyond its time; nothing is ever erased without a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from weakref import WeakKeyDictionary

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.reading.published import published
from service.casework.retention.due import due_rounds
from service.domain.calendar import local_date
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.store import Store

_Asked = tuple[date, int, tuple[int, int]]
_LOOKED: WeakKeyDictionary[Store, tuple[_Asked, int]] = WeakKeyDictionary()
"""What the look of the day found, until a rule changes or something is erased."""


def retention(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Count the cases of which something was due long ago and could have been erased."""
    what, count = Text("保存期限", "Retention"), _overdue(desk, limits.retention_days)
    if not count:
        yield HealthFinding("retention", what, Level.FINE, Text("没有久未清除的内容", "nothing is kept for too long"))
        return
    found = Text(
        f"{count} 件的内容期满超过 {limits.retention_days} 天没有清除：请办公室在“监控—保存期限”中试算后办理",
        f"of {counted(count, 'case')} something was due more than {counted(limits.retention_days, 'day')} ago: the office"
        " tries and erases it in the monitor",
    )
    yield HealthFinding("retention", what, Level.WARNING, found)


def _overdue(desk: Desk, days: int) -> int:
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        asked = today, days, tx.erasures.newest()
        known = _LOOKED.get(desk.store)
        if known is not None and known[0] == asked:
            return known[1]
        rounds = due_rounds(desk, tx, published(desk, tx).jurisdictions(), today - timedelta(days=days))
    count = sum(not one.refusals for each in rounds for one in each.cases)
    _LOOKED[desk.store] = asked, count
    return count
