"""Parted rights: the administrator's among three people, those to the tables between their owner and the program."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.access.actor import ADMINISTRATOR, THREE_OFFICES
from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.people.rights.seats import BUILT_IN_ROLES, EVERYWHERE
from service.domain.text import Text

_WHAT = Text("三员分立", "Three administrators")


def offices(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Look who holds the administrators' offices; one person may hold all of them only where the setting says so."""
    if desk.premises.separation is None:
        return
    now = desk.clock.now()
    with desk.store.read() as tx:
        joined = bool(tx.rights.holders(ADMINISTRATOR, now))
        vacant = [
            role for role in THREE_OFFICES if all(r.jurisdiction != EVERYWHERE for r in tx.rights.holders(role, now))
        ]
    if desk.premises.separation == "one":
        found = Text("由一人兼任（LAUREL_SEPARATION=one）", "one person holds all three (LAUREL_SEPARATION=one)")
        yield _finding(Level.FINE, found)
    elif joined:
        found = Text(
            "尚未分立：有管理员一人兼任三员。请运行 laurel administrator，由三人分别担任；只有一人的，设 LAUREL_SEPARATION=one",
            "not parted: an administrator holds all three. Run laurel administrator, so that three people do; with one"
            " person alone set LAUREL_SEPARATION=one",
        )
        yield _finding(Level.WARNING, found)
    elif vacant:
        names = [BUILT_IN_ROLES[role] for role in vacant]
        found = Text(
            f"无人担任{'、'.join(n.zh for n in names)}。请运行 laurel administrator 取得链接",
            f"nobody is {', '.join(n.en.lower() for n in names)}: get links by laurel administrator",
        )
        yield _finding(Level.WARNING, found)
    else:
        yield _finding(Level.FINE, Text("由三人分别担任", "three people hold them"))


def database_roles(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Look whether the program itself could change events, which on PostgreSQL only the owner of its tables may."""
    if desk.store.dialect != "postgresql":
        return
    level, found = (
        Level.FINE,
        Text("本系统的账户不能改动、删除记录", "the program's account changes and removes no event"),
    )
    if desk.store.may_rewrite_events():
        level = Level.WARNING
        found = Text(
            "本系统的数据库账户能改动、删除办理记录：请另建表的所有者账户（LAUREL_DATABASE_OWNER），见 deploy/README.md",
            "the program's account may change and remove events: let another own the tables (LAUREL_DATABASE_OWNER), see"
            " deploy/README.md",
        )
    yield HealthFinding("database_roles", Text("数据库账户", "Roles of the database"), level, found)


def _finding(level: Level, found: Text) -> HealthFinding:
    return HealthFinding("offices", _WHAT, level, found, alarms_from=Level.FAULT)
