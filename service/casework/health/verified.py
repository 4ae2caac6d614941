"""What the nightly comparison with the log found, and when it last came to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.soundness.nightly import newest_report, report_of
from service.domain.calendar import CHINA, local_date
from service.domain.text import Text, text_of
from service.store.rows import ActRow

_LATE = timedelta(days=2)
_NAMED = 3
_WHAT = Text("记录的每日核对", "Daily comparison of the records")


def verified(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Say what the newest one found: which chain, table and row; and whether none has been made for two days."""
    with desk.store.read() as tx:
        last = newest_report(tx)
    if last is None:
        words = Text("还没有核对过", "not made yet")
        if not isinstance(desk.clock, SystemClock):
            words = Text("演示时钟，不自动核对", "not made on a clock moved by hand")
        yield HealthFinding("verified", _WHAT, Level.FINE, words, looked=False)
    else:
        yield _told(desk, last)


def _told(desk: Desk, last: ActRow) -> HealthFinding:
    """Say what the newest comparison found, or that it is long ago."""
    told, when = report_of(last), f"{last.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    count = int(told.get("count", 0))
    if count:
        named = [text_of(one) for one in told["wrong"][:_NAMED]]
        more = count - len(named)
        found = Text(
            f"{when} 核对发现 {count} 处不符：{'；'.join(one.zh for one in named)}{f'；另有 {more} 处' if more else ''}。"
            "请保留现状，由审计管理员运行 laurel doctor --deep，并与备份核对",
            f"at {when} {count} did not agree: {'; '.join(one.en for one in named)}{f'; and {more} more' if more else ''}."
            " Keep things as they are; the audit administrator runs laurel doctor --deep and compares a backup",
        )
        return HealthFinding("verified", _WHAT, Level.FAULT, found, newest=count)
    if local_date(desk.clock.now()) - local_date(last.at) > _LATE:
        found = Text(
            f"上一次核对在 {when}，已超过两天：请确认 laurel serve（或 laurel work）在运行，并查看“监控—异常”",
            f"last made at {when}, more than two days ago: see that laurel serve or laurel work runs, and the incident desk",
        )
        return HealthFinding("verified", _WHAT, Level.WARNING, found)
    return HealthFinding("verified", _WHAT, Level.FINE, Text(f"{when} 核对，没有不符", f"at {when} everything agreed"))
