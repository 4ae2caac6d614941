"""Whether those who keep anchors outside get them by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.soundness.mailed import mail_of, unmailed
from service.domain.text import Text

_LATE = timedelta(hours=3)
"""A mail server that is away for as long as this is told."""


def mailed_anchors(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look gets the limits
    """Say since when anchors wait to be mailed; nothing is sent."""
    what, place = Text("锚定的邮件", "Anchors by mail"), desk.premises.anchors_mail
    if place is None or not mail_of(desk):
        unset = Text("没有设置收件人（LAUREL_ANCHORS_MAIL）", "nobody is set to get them (LAUREL_ANCHORS_MAIL)")
        yield HealthFinding("anchors-mail", what, Level.FINE, unset, looked=False)
        return
    late = [one for one in unmailed(desk) if desk.clock.now() - one.due >= _LATE]
    if not late:
        yield HealthFinding("anchors-mail", what, Level.FINE, Text("没有积压", "none is late"))
        return
    since = f"{min(one.due for one in late):%Y-%m-%d %H:%M}"
    found = Text(
        f"自 {since}（UTC）起有 {len(late)} 个收件人没有收到锚定；请运行 laurel audit mail 看原因",
        f"{len(late)} of those who keep anchors were sent none since {since} UTC: run laurel audit mail to learn why",
    )
    yield HealthFinding("anchors-mail", what, Level.WARNING, found)
