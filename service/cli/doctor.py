"""``laurel doctor``: checks of an installation, with remedies."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from service.casework.desk.desk import Desk
from service.cli.tools import Tools, pass_tools
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.text import Text

ENOUGH_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One check: ``ok``, what was found, and the remedy when it failed."""

    what: Text
    ok: bool
    found: Text


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print {ok, checks: [{what, ok, found}]}.")
@pass_tools
def doctor(tools: Tools, as_json: bool) -> None:
    """Look at database, files, ballot keys, packages, calendars, typefaces, mail server, gateway, work queue and incidents. Runs beside the server."""
    checks = diagnose(tools)
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
        _mail,
        _webhook,
        _queue,
        _incidents,
    )
    return [look(desk) for look in looks]


def _database(desk: Desk) -> Diagnosis:
    with desk.store.write():
        words = Text(f"{desk.store.dialect}，可读可写", f"{desk.store.dialect}, readable and writable")
    return Diagnosis(Text("数据库", "Database"), ok=True, found=words)


def _files(desk: Desk) -> Diagnosis:
    root: Path = desk.store.files.root
    folder = next(p for p in (root, *root.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    ok = free > ENOUGH_BYTES and os.access(folder, os.W_OK)
    gigabytes = f"{free / 1e9:.1f} GB"
    return Diagnosis(Text("文件与磁盘", "Files and disk"), ok, Text(f"剩余 {gigabytes}", f"{gigabytes} free"))


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


def _mail(desk: Desk) -> Diagnosis:
    """Try the mail server as a message would; nothing is lost while it fails, because mail waits in its queue."""
    what = Text("邮件服务器", "Mail server")
    if desk.mailer is None:
        none = Text(
            "没有设置，通知只在系统中显示（LAUREL_SMTP_HOST）", "none is set: notices appear in the system only"
        )
        return Diagnosis(what, ok=True, found=none)
    try:
        desk.mailer.greet()
    except OSError as error:
        return Diagnosis(what, ok=False, found=_mail_trouble(error))
    return Diagnosis(what, ok=True, found=Text("可以连接", "answers"))


def _mail_trouble(error: OSError) -> Text:
    detail = str(error) or type(error).__name__
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Text(
            "不接受用户名或密码，请核对 LAUREL_SMTP_USER 和 LAUREL_SMTP_PASSWORD",
            "refuses the user or password: check LAUREL_SMTP_USER and LAUREL_SMTP_PASSWORD",
        )
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return Text(
            f"不能建立加密连接（{detail}），请核对证书或 LAUREL_SMTP_STARTTLS",
            f"no encrypted connection ({detail}): check its certificate or LAUREL_SMTP_STARTTLS",
        )
    return Text(
        f"连接不上（{detail}），邮件留待重发。请核对 LAUREL_SMTP_HOST、LAUREL_SMTP_PORT 和网络",
        f"cannot be reached ({detail}); mail waits to be sent. Check LAUREL_SMTP_HOST, LAUREL_SMTP_PORT and the network",
    )


def _webhook(desk: Desk) -> Diagnosis:
    """Try the gateway of messages as a message would; meanwhile they are in people's inboxes."""
    what = Text("消息网关", "Gateway of messages")
    if desk.webhook is None:
        return Diagnosis(what, ok=True, found=Text("没有设置（LAUREL_WEBHOOK_URL）", "none is set"))
    try:
        desk.webhook.greet()
    except OSError as error:
        detail = str(error) or type(error).__name__
        found = Text(
            f"连接不上（{detail}），消息留待重发。请核对 LAUREL_WEBHOOK_URL、证书和网络",
            f"cannot be reached ({detail}); messages wait to be sent. Check LAUREL_WEBHOOK_URL, its certificate and the network",
        )
        return Diagnosis(what, ok=False, found=found)
    return Diagnosis(what, ok=True, found=Text("可以连接", "answers"))


def _queue(desk: Desk) -> Diagnosis:
    now = desk.clock.now()
    with desk.store.read() as tx:
        oldest, due = tx.work.oldest_due(now), tx.work.due_count(now)
    late = (now - oldest).total_seconds() if oldest else 0.0
    found = Text(f"到期未办 {due} 项，最早已等 {late:.0f} 秒", f"{due} due, the oldest waits {late:.0f} s")
    return Diagnosis(Text("后台事项", "Work queue"), late < 120, found)


def _incidents(desk: Desk) -> Diagnosis:
    with desk.store.read() as tx:
        count = len(tx.incidents.list_open(None))
    return Diagnosis(Text("异常", "Incidents"), count == 0, Text(f"{count} 件未处理", f"{count} open"))
