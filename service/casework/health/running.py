"""Checks of what goes on: the sweeper's heartbeat, the clock, a restore, work that waits, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.due.hold import describe_hold
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.queries.monitoring.unserved_lanes import SILENCE, unserved_lanes
from service.catalog.stages import round_kind
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.domain.wording.lasting import lasting
from service.store import SWEEPER

_LATE = timedelta(minutes=2)
"""Due work that waits longer than this is late."""


def sweeper(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Say when somebody last looked for due work; a clock that is moved by hand has no heartbeat."""
    what = Text("后台进程", "Background work")
    if not isinstance(desk.clock, SystemClock):
        by_hand = Text("演示时钟，不计", "not measured on a clock moved by hand")
        yield HealthFinding("sweeper", what, Level.FINE, by_hand, looked=False)
        return
    with desk.store.read() as tx:
        beat = tx.operation.last_beat(SWEEPER)
    if beat is None:
        yield HealthFinding("sweeper", what, Level.FINE, Text("还没有运行过", "has not run yet"), looked=False)
        return
    age = desk.clock.now() - beat
    if age <= timedelta(minutes=limits.heartbeat_minutes):
        seconds = max(0, round(age.total_seconds()))
        yield HealthFinding("sweeper", what, Level.FINE, Text(f"{seconds} 秒前有动静", f"seen {seconds} s ago"))
        return
    minutes = round(age.total_seconds() / 60)
    found = Text(
        f"已停 {minutes} 分钟，期限、提醒、文书和邮件都不会自动办理：请启动 laurel serve（或 laurel work），并查看日志",
        f"silent for {counted(minutes, 'minute')}, so no limit, reminder, document or mail is done: start laurel serve or"
        " laurel work, and look at the log",
    )
    yield HealthFinding("sweeper", what, Level.WARNING, found)


def hold(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Say whether due work is on hold; a warning, for the server must start to have it resumed."""
    what = Text("暂停", "Hold")
    with desk.store.read() as tx:
        row = tx.operation.hold()
    if row is None:
        yield HealthFinding("hold", what, Level.FINE, Text("没有暂停", "not on hold"))
        return
    why = describe_hold(row)
    found = Text(
        f"{why.zh}到期事项和邮件暂停，请系统管理员在“监控—恢复运行”中（或用 laurel resume）核对后恢复",
        f"{why.en} Due work and mail are on hold until a system administrator resumes them in the monitor or by laurel resume",
    )
    yield HealthFinding("hold", what, Level.WARNING, found, newest=row.version)


def queue(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Say how long the oldest due work waits, and which lanes have no worker; no fault while the server is stopped."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        oldest, due = tx.work.oldest_due(now), tx.work.due_count(now)
        beat = tx.operation.last_beat(SWEEPER)
    late = max(timedelta(), now - oldest) if oldest else timedelta()
    waits = lasting(late)
    zh, en = f"到期未办 {due} 项，最早已等 {waits.zh}", f"{due} due, the oldest for {waits.en}"
    unserved = unserved_lanes(desk, SYSTEM)
    if unserved:
        zh += f"；通道 {'、'.join(unserved)} 没有 worker，请启动 laurel work 或 laurel serve"
        en += f"; nobody works in {', '.join(unserved)}: start laurel work or laurel serve"
    stopped = isinstance(desk.clock, SystemClock) and (beat is None or now - beat > SILENCE)
    worse = Level.WARNING if stopped else Level.FAULT
    level = worse if unserved or late >= _LATE else Level.FINE
    yield HealthFinding("queue", Text("后台事项", "Work queue"), level, Text(zh, en))


def dead_work(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Count what was tried in vain until it was given up."""
    what = Text("放弃的后台事项", "Work given up")
    with desk.store.read() as tx:
        dead = tx.work.dead_count()
    if not dead:
        yield HealthFinding("dead-work", what, Level.FINE, Text("没有", "none"))
        return
    found = Text(
        f"{dead} 项多次没有办成，不再自动重试：请在“监控—异常”中查明原因后重试或跳过",
        f"{dead} failed again and again and are tried no more: retry or skip them at the incident desk",
    )
    yield HealthFinding("dead-work", what, Level.WARNING, found)


_IN_DAYS = 3
"""From so many days on hours tell nobody anything."""


def incidents(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Count incidents; people are alarmed by those that nobody settled for long."""
    what = Text("异常", "Incidents")
    now = desk.clock.now()
    with desk.store.read() as tx:
        count, oldest = tx.incidents.count_open(), tx.incidents.oldest_open()
        newest = tx.incidents.newest_before(now - timedelta(hours=limits.incident_hours))
    if oldest is None:
        yield HealthFinding("incidents", what, Level.FINE, Text("0 件未处理", "0 open"))
        return
    hours = max(0, int((now - oldest).total_seconds() // 3600))
    days = hours // 24
    since = Text(f"{days} 天", f"{days} days") if days >= _IN_DAYS else Text(f"{hours} 小时", counted(hours, "hour"))
    found = Text(
        f"{count} 件未处理，最早的已 {since.zh}：请在“监控—异常”中处置",
        f"{count} open, the oldest for {since.en}: settle them at the incident desk",
    )
    old = hours >= limits.incident_hours
    level = Level.FAULT if old else Level.WARNING
    yield HealthFinding("incidents", what, level, found, alarms_from=Level.FAULT, newest=newest)


def archives(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Count the rounds that ended long ago and were never archived."""
    what, before = Text("归档", "Archives"), desk.clock.now() - timedelta(days=limits.archive_days)
    with desk.store.read() as tx:
        packages = [package for package in desk.packages.all_current(tx) if package.award.processes]
        kinds = [(p.jurisdiction.id, p.award.id, round_kind(p.award.processes)) for p in packages]
        count = tx.archives.unsealed_rounds(before, kinds)
    if not count:
        yield HealthFinding("archives", what, Level.FINE, Text("没有久未归档的届次", "no round waits for long"))
        return
    found = Text(
        f"{count} 届办结超过 {limits.archive_days} 天没有归档：请在“监控—归档”中办理",
        f"{counted(count, 'round')} ended more than {limits.archive_days} days ago, not archived yet: see the monitor",
    )
    yield HealthFinding("archives", what, Level.WARNING, found)
