"""Checks of what the program works with: database, files, keys, packages, calendars, typefaces, channels."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from service.casework.desk.belonging import keys_are_missing
from service.casework.desk.channels import Channel, Inbox
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.reading.published import calendars_in_use
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.errors import LaurelError
from service.domain.text import Text, text_of
from service.domain.wording.cause_words import cause_words
from service.identity import ProviderUnreachable
from service.office import ScannerAway
from service.store import Busy, FilesUnreachable, KeyFolderGone, StorageFull
from service.store.rows import AlarmRow

_PROBE = "probe"
"""The heartbeat that only tells that one can be written."""

_FULL = Text("磁盘已满，什么也存不进去：请清理或扩容", "its disk is full and nothing can be kept: make room")
"""What the administrator reads, whom everybody else is told to ask."""


def database(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Write a few bytes, as a full disk is noticed by nothing less; one that is only busy may be so for a good reason."""
    what, words = Text("数据库", "Database"), Text("可读可写", "readable and writable")
    try:
        with desk.store.write() as tx:
            tx.operation.beat(_PROBE, desk.clock.now())
    except LaurelError as error:
        level = Level.WARNING if isinstance(error, Busy) else Level.FAULT
        yield HealthFinding("database", what, level, _FULL if isinstance(error, StorageFull) else error.message)
        return
    told = Text(f"{desk.store.dialect}，{words.zh}", f"{desk.store.dialect}, {words.en}")
    yield HealthFinding("database", what, Level.FINE, told)


def files(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Ask the place where files lie; how full a folder is told among the volumes."""
    what = Text("文件与磁盘", "Files and disk")
    try:
        free = desk.store.files.free()
    except FilesUnreachable as error:
        found = Text(
            f"连接不上（{error.reason.zh}），请核对 LAUREL_FILES 及其 ENDPOINT、KEY、SECRET 和网络",
            f"cannot be reached ({error.reason.en}): check LAUREL_FILES, its ENDPOINT, KEY and SECRET, and the network",
        )
        yield HealthFinding("files", what, Level.FAULT, found)
        return
    if free == 0:
        found = Text(
            "附件目录不能写入和读回：磁盘已满的，请清理或扩容；否则请检查目录权限，以及它是不是一个目录（LAUREL_FILES）",
            "the folder of files cannot be written and read again: make room where its disk is full, else check its rights, and that"
            " it is a folder (LAUREL_FILES)",
        )
        yield HealthFinding("files", what, Level.FAULT, found)
        return
    words = (
        Text("可以使用", "answers") if free is None else Text(f"剩余 {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB free")
    )
    yield HealthFinding("files", what, Level.FINE, words)


def ballot_keys(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Look for the keys of running ballots, then keep a key and destroy it, as every ballot does."""
    what = Text("表决密钥目录", "Folder of ballot keys")
    if keys_are_missing(desk):
        yield HealthFinding("ballot-keys", what, Level.FAULT, KeyFolderGone().message)
        return
    lost = _without_key(desk)
    if lost:
        found = Text(
            f"找不到进行中表决的密钥：{'、'.join(lost)}。请把原来的密钥目录放回 LAUREL_BALLOT_KEYS 所指的位置；确已丢失的，由不同单位的"
            "两人在表决页作废并重新发起",
            f"the keys of running ballots are missing: {', '.join(lost)}. Put the folder back where LAUREL_BALLOT_KEYS points;"
            " if they are lost, two people of different bodies make the ballot void on its page, and it is called anew",
        )
        yield HealthFinding("ballot-keys", what, Level.FAULT, found)
        return
    probe = f"doctor-{secrets.token_hex(8)}"
    try:
        desk.ballot_keys.put(probe, "probe", secrets.token_bytes(32))
        desk.ballot_keys.destroy(probe)
    except KeyFolderGone as error:
        yield HealthFinding("ballot-keys", what, Level.FAULT, error.message)
        return
    except StorageFull:
        yield HealthFinding(
            "ballot-keys", what, Level.FAULT, Text(f"{_FULL.zh}，无法表决", f"{_FULL.en}; nobody can vote")
        )
        return
    except OSError as error:
        why = cause_words(error)
        found = Text(
            f"不能写入（{why.zh}），无法表决。请检查 LAUREL_BALLOT_KEYS 和目录权限",
            f"cannot be written ({why.en}), so nobody can vote. Check LAUREL_BALLOT_KEYS and its permissions",
        )
        yield HealthFinding("ballot-keys", what, Level.FAULT, found)
        return
    told = Text("可读可写", "readable and writable")
    yield HealthFinding("ballot-keys", what, Level.FINE, told)


def _without_key(desk: Desk) -> list[str]:
    """Return the titles of ballots that are not counted yet and whose papers nobody could read."""
    with desk.store.read() as tx:
        running = tx.ballots.uncounted()
    keys = [(row.box, row.key_name) for row in running if row.key_name is not None]
    missing = urns_of(desk).find_missing(keys)
    return [row.title for row in running if row.box in missing]


def packages(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Name what is published."""
    with desk.store.read() as tx:
        keys = [row.package for row in tx.definitions.currents()]
    none = Text("尚未发布任何流程，请运行 laurel deploy processes", "none is published: run laurel deploy processes")
    found = Text("、".join(keys), ", ".join(keys)) if keys else none
    yield HealthFinding("packages", Text("流程包", "Packages"), Level.FINE if keys else Level.FAULT, found)


def calendars(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Look how far the calendars of places here reach: time limits that reach into a year without one wait for the office."""
    today, what = local_date(desk.clock.now()), Text("工作日历", "Calendars")
    with desk.store.read() as tx:
        counted = calendars_in_use(desk, tx)
    if missing := _without(counted, today.year):
        found = Text(
            f"{missing.zh}没有 {today.year} 年的放假安排，用到它的期限都是暂定的，请在“设计—日历”中加入",
            f"{missing.en}: no days off of {today.year}, so limits that look at them are provisional: take the year in",
        )
        yield HealthFinding("calendars", what, Level.FAULT, found)
        return
    ending = _without(counted, today.year + 1)
    if ending and date(today.year, 12, 31) - today < timedelta(days=limits.calendar_days):
        found = Text(
            f"{ending.zh}只公布到今年，跨年的期限都是暂定的：{today.year + 1} 年的放假安排公布后，"
            "请在“设计—日历”中加入",
            f"{ending.en}: this year is the last, so limits that reach beyond are provisional: take {today.year + 1} in"
            " as soon as it is published",
        )
        yield HealthFinding("calendars", what, Level.WARNING, found)
        return
    last = min((c.last_published_year() or 0 for c in counted), default=0)
    yield HealthFinding("calendars", what, Level.FINE, Text(f"已公布至 {last} 年", f"published until {last}"))


def _without(counted: Iterable[WorkingCalendar], year: int) -> Text | None:
    """Name the layers of calendars that do not hold ``year``, None where all do."""
    lacking = {layer.key: layer.name for c in counted for layer in c.layers if year not in layer.years}
    names = [lacking[key] for key in sorted(lacking)]
    return Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)) if names else None


def fonts(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Name the typefaces of documents."""
    what = Text("文书字体", "Typefaces of documents")
    if desk.printer is None:
        yield HealthFinding("fonts", what, Level.FINE, Text("不生成 PDF", "no PDF is made"), looked=False)
        return
    try:
        yield HealthFinding("fonts", what, Level.FINE, desk.printer.describe())
    except LaurelError as missing:
        yield HealthFinding("fonts", what, Level.FAULT, missing.message)


def channels(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Try each channel as a message would; nothing is lost while one fails, because messages wait in its queue."""
    yield from (_channel(channel) for channel in desk.channels if not isinstance(channel, Inbox))


_IDENTITY = Text("统一身份认证", "Single sign-on")


def identity(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Read the configuration of the identity provider, as a sign-in would."""
    what = _IDENTITY
    if desk.identity is None:
        none = Text(
            "没有设置（LAUREL_OIDC_ISSUER、LAUREL_CAS_URL）", "none is set (LAUREL_OIDC_ISSUER, LAUREL_CAS_URL)"
        )
        yield HealthFinding("identity", what, Level.FINE, none, looked=False)
        return
    try:
        yield HealthFinding("identity", what, Level.FINE, desk.identity.describe())
    except ProviderUnreachable as trouble:
        found = Text(
            f"读不出配置（{trouble.found.zh}），暂时只能用密码登录。请核对网址、证书和网络",
            f"its configuration cannot be read ({trouble.found.en}); passwords still sign in. Check address, certificate and"
            " network",
        )
        yield HealthFinding("identity", what, Level.WARNING, found)


def channels_as_noted(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Say of each channel what the watchman found, who tries it every minute: who asks waits for no server."""
    with desk.store.read() as tx:
        noted = {row.name: row for row in tx.health.alarms()}
    for channel in desk.channels:
        if isinstance(channel, Inbox):
            continue
        name = f"channel-{channel.name}"
        if not channel.leaves:
            yield _channel(channel)
            continue
        yield _noted(noted.get(name), name, channel.label)


def identity_as_noted(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Say what the watchman found of the identity provider, which he asks every minute."""
    if desk.identity is None:
        yield from identity(desk, limits)
        return
    with desk.store.read() as tx:
        noted = {row.name: row for row in tx.health.alarms()}
    yield _noted(noted.get("identity"), "identity", _IDENTITY)


def _noted(row: AlarmRow | None, name: str, what: Text) -> HealthFinding:
    if row is None or row.level == Level.FINE:
        return HealthFinding(name, what, Level.FINE, Text("没有发现问题", "nothing was found"))
    return HealthFinding(name, what, Level(row.level), text_of(row.found))


def _channel(channel: Channel) -> HealthFinding:
    name = f"channel-{channel.name}"
    try:
        return HealthFinding(name, channel.label, Level.FINE, channel.describe(), looked=channel.leaves)
    except LaurelError as obstacle:
        return HealthFinding(name, channel.label, Level.FAULT, obstacle.message)


def scanner(desk: Desk, _limits: Limits) -> Iterator[HealthFinding]:
    """Ask the virus scanner which it is; nothing where the installation has none."""
    if desk.scanner is None:
        return
    what = Text("病毒扫描", "Virus scanner")
    try:
        told = desk.scanner.version()
    except ScannerAway as away:
        zh, en = (
            ("在它恢复以前不收附件", "no file is taken until it is back")
            if desk.scanner.needed
            else ("附件不经检查收下", "files are taken unchecked")
        )
        found = Text(
            f"连接不上（{away.reason.zh}），{zh}；请检查 clamd 和 LAUREL_SCANNER",
            f"cannot be reached ({away.reason.en}): {en}; check clamd and LAUREL_SCANNER",
        )
        yield HealthFinding("scanner", what, Level.FAULT, found)
        return
    yield HealthFinding("scanner", what, Level.FINE, Text(told, told))
