"""Throttling of public requests by address, counted in the database, so that it holds for all processes."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError
from service.domain.text import Text

LODGE, UPLOAD, TRACK, FEED, CHECK, REGISTER = "lodge", "upload", "track", "feed", "check", "register"
TELEPHONES = "telephones"
"""Other telephones than the one given at a registration, typed for one link."""

LIMITS = MappingProxyType(
    {
        LODGE: 20,
        UPLOAD: 120,
        TRACK: 30,
        FEED: 240,
        CHECK: 120,
        REGISTER: 10,
        TELEPHONES: 5,
    }
)
"""Attempts of one address in an hour: whole offices share an address, so the figures are not for one person."""

AT_ONCE = MappingProxyType({FEED: 30})
"""Attempts of one address in a minute, where programs ask."""

_MINUTE = timedelta(minutes=1)
_WINDOW, _FORGET = timedelta(hours=1), timedelta(days=2)

_REFUSED = MappingProxyType(
    {
        REGISTER: Text(
            "同一网络在一小时内提交注册的次数过多，请一小时后再试；急需办理的，请直接联系办公室。",
            "Too many registrations from your network within an hour: come back in an hour, or call the office.",
        ),
        LODGE: Text(
            "同一网络在一小时内的操作次数过多，请稍后再试；急需办理的，可以直接书面送交办公室。",
            "Too many attempts from your network within an hour: try later, or bring it to the office on paper.",
        ),
        CHECK: Text(
            f"同一网络在一小时内自查超过 {LIMITS[CHECK]} 次，请一小时后再试；也可以直接看办法，或者电话咨询办公室。",
            f"Your network has checked itself more than {LIMITS[CHECK]} times within an hour: come back in an hour, "
            "read the regulation, or call the office.",
        ),
        FEED: Text(
            f"同一网络在一小时内读取订阅超过 {LIMITS[FEED]} 次，请一小时后再读；日历和阅读器每小时读一次即可。",
            f"Your network has read feeds more than {LIMITS[FEED]} times within an hour: come back in an hour. "
            "Once an hour is enough for a calendar or a reader.",
        ),
    }
)


_AT_ONCE = Text(
    f"同一网络一分钟内读取订阅超过 {AT_ONCE[FEED]} 次，请一分钟后再读；日历和阅读器每小时读一次即可。",
    f"Your network has read feeds more than {AT_ONCE[FEED]} times within a minute: come back in a minute. "
    "Once an hour is enough for a calendar or a reader.",
)


class TooOften(LaurelError):
    """An address has tried too often."""

    code = "too_often"
    retry_after = int(_WINDOW.total_seconds())


class TooFast(TooOften):
    """An address has asked too often within a minute."""

    retry_after = int(_MINUTE.total_seconds())


def count_attempt(desk: Desk, kind: str, origin: str) -> None:
    """Count an attempt of ``origin`` at ``kind``; raises TooFast, TooOften beyond the limits of a minute and of an hour."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        within = tx.attempts.count_rows(origin=origin, kind=kind, at__gt=now - _WINDOW) < LIMITS[kind]
        slowly = (
            kind not in AT_ONCE
            or tx.attempts.count_rows(origin=origin, kind=kind, at__gt=now - _MINUTE) < AT_ONCE[kind]
        )
        if within and slowly:
            tx.attempts.note(kind, origin, now, now - _FORGET)
            return
    raise TooFast(_AT_ONCE) if within else TooOften(_REFUSED.get(kind, _REFUSED[LODGE]))
