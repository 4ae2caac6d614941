"""Whether somebody tries what they may not, again and again: wrong passwords, closed doors, files that do harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from service.casework.access.book.enter import TIMES
from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.files.uploads import UploadHarmful
from service.domain.text import Text
from service.domain.wording.counted import counted

_HOUR = timedelta(hours=1)
_NO_ATTACK = frozenset({"step_up_needed", "stale_form"})
"""What anybody meets whose sign-in or page is old: it stands in the book, and nobody is alarmed by it."""

_NAMED = 3
"""How many addresses and persons are told at most."""

_WHAT = Text("攻击迹象", "Signs of an attack")


def attacks(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Count what the book of acts says was refused within the last hour, by address and by person."""
    with desk.store.read() as tx:
        refused = tx.acts.refused_since(desk.clock.now() - _HOUR)
    by: Counter[str] = Counter()
    for row in refused:
        times = 0 if row.outcome in _NO_ATTACK else int(row.data.get("asked", {}).get(TIMES, 1))
        by.update({who: times for who in (row.origin, row.actor if row.person_id is not None else "") if who})
    many = [(who, count) for who, count in by.most_common() if count >= limits.refusals_hour]
    harmful = sum(row.outcome == UploadHarmful.code for row in refused)
    if not many and not harmful:
        yield HealthFinding("attacks", _WHAT, Level.FINE, Text("一小时内没有", "none within the hour"))
        return
    zh = [f"{who} 被拒 {count} 次" for who, count in many[:_NAMED]]
    en = [f"{who} was refused {counted(count, 'time')}" for who, count in many[:_NAMED]]
    if len(many) > _NAMED:
        zh.append(f"另有 {len(many) - _NAMED} 个地址或人")
        en.append(f"and {len(many) - _NAMED} addresses or persons more")
    if harmful:
        zh.append(f"有害的附件 {harmful} 个")
        en.append(f"harmful files: {harmful}")
    found = Text(
        f"一小时内{'、'.join(zh)}：请在操作日志中核对，必要时停用账号，或者在代理上挡住该地址",
        f"within an hour {', '.join(en)}: look into the book of acts; close the account, or shut the address out at the proxy",
    )
    yield HealthFinding("attacks", _WHAT, Level.WARNING, found)
