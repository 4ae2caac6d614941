"""Whether an authority outside stamps the anchors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.soundness.stamps import NotStamped, authority_of, unstamped
from service.domain.text import Text

_LATE = timedelta(hours=3)
"""An authority that is away for as long as this is told; anchors wait for it, and nothing is lost."""


def timestamps(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look gets the limits
    """Say since when anchors wait for the timestamp of the authority; nobody is asked for it."""
    what, place = Text("锚定的时间戳", "Timestamps over anchors"), desk.premises.timestamps
    if place is None:
        unset = Text("没有设置时间戳机构（LAUREL_TIMESTAMPS）", "no timestamp authority is set (LAUREL_TIMESTAMPS)")
        yield HealthFinding("timestamps", what, Level.FINE, unset, looked=False)
        return
    try:
        authority_of(place)
    except NotStamped as unreadable:
        yield HealthFinding("timestamps", what, Level.WARNING, unreadable.message)
        return
    waiting = unstamped(desk)
    if not waiting or desk.clock.now() - waiting[0].at < _LATE:
        found = Text("没有积压", "none is late")
        yield HealthFinding("timestamps", what, Level.FINE, found)
        return
    since = f"{waiting[0].at:%Y-%m-%d %H:%M}"
    found = Text(
        f"自 {since}（UTC）起有 {len(waiting)} 个锚定没有取得时间戳，取得以前无从向外人证明其时间；请运行 laurel audit stamp 看原因",
        f"{len(waiting)} anchors since {since} UTC have no timestamp, so that nobody outside can be shown their time: run"
        " laurel audit stamp to learn why",
    )
    yield HealthFinding("timestamps", what, Level.WARNING, found)
