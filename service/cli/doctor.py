"""``laurel doctor``: checks of an installation, with remedies."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable

import click

from service.casework.access.actor import SYSTEM
from service.casework.desk.channels import Channel, Inbox
from service.casework.desk.desk import Desk
from service.casework.due.confirm_clock import why_of
from service.casework.queries.unserved_lanes import unserved_lanes
from service.cli.before_upgrade import foresee_upgrade
from service.cli.diagnosis import Diagnosis
from service.cli.tools import Tools, pass_tools
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import FilesUnreachable

ENOUGH_BYTES = 500_000_000


@click.command("doctor")
@click.option(
    "--before-upgrade", is_flag=True, help="Only check whether this program can go on with every running case."
)
@click.option("--json", "as_json", is_flag=True, help="Print {ok, checks: [{what, ok, found}]}.")
@pass_tools
def doctor(tools: Tools, before_upgrade: bool, as_json: bool) -> None:
    """Look at database, files, ballot keys, packages, calendars, typefaces, channels of messages, work queue and incidents. Runs beside the server.

    With --before-upgrade the new program looks at the old one's database, which it only reads.
    """
    checks = foresee_upgrade(tools) if before_upgrade else diagnose(tools)
    if as_json:
        rows = [{"what": c.what.zh, "ok": c.ok, "found": c.found.zh} for c in checks]
        click.echo(json.dumps({"ok": all(c.ok for c in checks), "checks": rows}, ensure_ascii=False, indent=2))
    else:
        for c in checks:
            click.echo(f"{'✓' if c.ok else '✗'} {c.what.zh} / {c.what.en}：{c.found.zh} / {c.found.en}")
    sys.exit(0 if all(c.ok for c in checks) else 1)


def diagnose(tools: Tools) -> list[Diagnosis]:
    """Return every check; one that fails does not stop the others."""
    try:
        desk = tools.desk()
    except (LaurelError, OSError) as error:
        message = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
        return [Diagnosis(Text("数据库", "Database"), ok=False, found=message)]
    looks: tuple[Callable[[Desk], Diagnosis], ...] = (
        _database,
        _files,
        _ballot_keys,
        _packages,
        _calendars,
        _fonts,
    )
    return [
        *(look(desk) for look in looks),
        *_channels(desk),
        _clock(desk),
        _epoch(desk),
        _queue(desk),
        _incidents(desk),
    ]


def _database(desk: Desk) -> Diagnosis:
    with desk.store.write():
        words = Text(f"{desk.store.dialect}，可读可写", f"{desk.store.dialect}, readable and writable")
    return Diagnosis(Text("数据库", "Database"), ok=True, found=words)


def _files(desk: Desk) -> Diagnosis:
    what = Text("文件与磁盘", "Files and disk")
    try:
        free = desk.store.files.free()
    except FilesUnreachable as error:
        found = Text(
            f"连接不上（{error.reason}），请核对 LAUREL_FILES 及其 ENDPOINT、KEY、SECRET 和网络",
            f"cannot be reached ({error.reason}): check LAUREL_FILES, its ENDPOINT, KEY and SECRET, and the network",
        )
        return Diagnosis(what, ok=False, found=found)
    if free is None:
        return Diagnosis(what, ok=True, found=Text("可以连接", "answers"))
    gigabytes = f"{free / 1e9:.1f} GB"
    return Diagnosis(what, free > ENOUGH_BYTES, Text(f"剩余 {gigabytes}", f"{gigabytes} free"))


def _ballot_keys(desk: Desk) -> Diagnosis:
    """Keep a key and destroy it, as every ballot does when it begins and ends."""
    what = Text("表决密钥目录", "Folder of ballot keys")
    probe = f"doctor-{secrets.token_hex(8)}"
    try:
        desk.ballot_keys.put(probe, "probe", secrets.token_bytes(32))
        desk.ballot_keys.destroy(probe)
    except OSError as error:
        found = Text(
            f"不能写入（{error}），无法表决。请检查 LAUREL_BALLOT_KEYS 和目录权限",
            f"cannot be written ({error}), so nobody can vote. Check LAUREL_BALLOT_KEYS and its permissions",
        )
        return Diagnosis(what, ok=False, found=found)
    return Diagnosis(what, ok=True, found=Text("可读可写", "readable and writable"))


def _packages(desk: Desk) -> Diagnosis:
    with desk.store.read() as tx:
        keys = [row.package for row in tx.definitions.currents()]
    none = Text("尚未发布任何流程，请运行 laurel deploy processes", "none is published: run laurel deploy processes")
    return Diagnosis(Text("流程包", "Packages"), bool(keys), Text("、".join(keys), ", ".join(keys)) if keys else none)


def _calendars(desk: Desk) -> Diagnosis:
    """Check the calendars: time limits that reach into a year without one wait for the office."""
    year = local_date(desk.clock.now()).year
    until = {key: c.last_published_year() or 0 for key, c in sorted(desk.calendars.items())}
    missing = [key for key, last in until.items() if last < year]
    last = min(until.values(), default=0)
    if missing:
        found = Text(
            f"{'、'.join(missing)} 没有 {year} 年的工作日历，请加入 processes/calendars",
            f"{', '.join(missing)} lack {year}: add it to processes/calendars",
        )
    else:
        found = Text(f"已公布至 {last} 年", f"published until {last}")
    return Diagnosis(Text("工作日历", "Calendars"), not missing, found)


def _fonts(desk: Desk) -> Diagnosis:
    what = Text("文书字体", "Typefaces of documents")
    if desk.printer is None:
        return Diagnosis(what, ok=True, found=Text("不生成 PDF", "no PDF is made"))
    try:
        return Diagnosis(what, ok=True, found=desk.printer.describe())
    except LaurelError as missing:
        return Diagnosis(what, ok=False, found=missing.message)


def _channels(desk: Desk) -> list[Diagnosis]:
    """Try each channel as a message would; nothing is lost while one fails, because messages wait in its queue."""
    return [_channel(channel) for channel in desk.channels if not isinstance(channel, Inbox)]


def _channel(channel: Channel) -> Diagnosis:
    try:
        return Diagnosis(channel.label, ok=True, found=channel.describe())
    except LaurelError as obstacle:
        return Diagnosis(channel.label, ok=False, found=obstacle.message)


def _clock(desk: Desk) -> Diagnosis:
    """Say whether a doubt about the clock holds time limits."""
    what = Text("系统时间", "Clock")
    with desk.store.read() as tx:
        hold = tx.clock.held()
    if hold is None:
        return Diagnosis(what, ok=True, found=Text("没有异常", "not in doubt"))
    why = why_of(hold)
    found = Text(
        f"{why.zh}期限暂停自动推进，请校正时钟，由管理员在“监控”中确认",
        f"{why.en} No time limit lapses: set the clock right, then an administrator confirms it in the monitor",
    )
    return Diagnosis(what, ok=False, found=found)


def _epoch(desk: Desk) -> Diagnosis:
    """Say whether a restore still holds what would leave for the outside."""
    with desk.store.read() as tx:
        waiting = tx.epochs.unreleased()
    if waiting is None:
        return Diagnosis(Text("恢复", "Restore"), ok=True, found=Text("没有待核对的恢复", "none to be checked"))
    found = Text(
        "已从备份恢复，邮件等对外发送等待管理员在“监控—恢复核对”中放行",
        "restored from a backup; mail waits until an administrator releases it in the monitor",
    )
    return Diagnosis(Text("恢复", "Restore"), ok=False, found=found)


def _queue(desk: Desk) -> Diagnosis:
    now = desk.clock.now()
    with desk.store.read() as tx:
        oldest, due = tx.work.oldest_due(now), tx.work.due_count(now)
    late = (now - oldest).total_seconds() if oldest else 0.0
    found = Text(f"到期未办 {due} 项，最早已等 {late:.0f} 秒", f"{due} due, the oldest waits {late:.0f} s")
    what = Text("后台事项", "Work queue")
    if unserved := unserved_lanes(desk, SYSTEM):
        nobody = Text(
            f"；通道 {'、'.join(unserved)} 没有 worker，请启动 laurel work 或 laurel serve",
            f"; nobody works in {', '.join(unserved)}: start laurel work or laurel serve",
        )
        return Diagnosis(what, ok=False, found=Text(found.zh + nobody.zh, found.en + nobody.en))
    return Diagnosis(what, late < 120, found)


def _incidents(desk: Desk) -> Diagnosis:
    with desk.store.read() as tx:
        count = len(tx.incidents.list_open(None))
    return Diagnosis(Text("异常", "Incidents"), count == 0, Text(f"{count} 件未处理", f"{count} open"))
