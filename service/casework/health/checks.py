"""Twelve checks of an installation: for the page, `laurel doctor`, `/readyz` and `/metrics`."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path

from cryptography import x509

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.audit.heads import NO_FOLDER
from service.casework.desk.belonging import keys_are_missing
from service.casework.desk.channels import Channel, Inbox
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Volume
from service.casework.desk.urns import urns_of
from service.casework.due.hold import describe_hold
from service.casework.queries.monitoring.vitals import SILENCE, unserved_lanes
from service.casework.reading.published import calendars_in_use
from service.casework.soundness.nightly import newest_report, report_of
from service.domain.calendar import CHINA, WorkingCalendar, local_date
from service.domain.errors import LaurelError
from service.domain.text import Text, text_of
from service.domain.wording.cause_words import cause_words
from service.domain.wording.numbers import counted, format_duration
from service.identity import ProviderUnreachable
from service.office import ScannerAway
from service.store import SWEEPER, Busy, FilesUnreachable, KeyFolderGone, KeysUnreadable, StorageFull

_PROBE = "probe"
"""The heartbeat that shows that one can be written."""

_MEGABYTE = 1_000_000
_DISK_RED, _DISK_YELLOW = 500 * _MEGABYTE, 2_000 * _MEGABYTE
_SILENT = timedelta(minutes=5)
_LATE = timedelta(minutes=2)
_INCIDENT_OLD = timedelta(hours=24)
_CALENDAR_AHEAD = timedelta(days=90)
_CERTIFICATE_AHEAD = timedelta(days=21)
_BACKUP_OLD = _HEAD_OLD = _REPORT_OLD = timedelta(days=2)
_NAMED = 3
"""How many differences of the last comparison are named."""

_NOTHING = Text("", "")
_FULL = Text("磁盘已满，什么也存不进去", "the disk is full and nothing can be kept")
_MAKE_ROOM = Text("请清理或扩容", "make room")


class Colour(IntEnum):
    """How an installation stands in one respect; the numbers are kept in the database. Grey: nothing to look at."""

    GREY = -1
    GREEN = 0
    YELLOW = 1
    RED = 2

    @property
    def word(self) -> str:
        """The colour as programs read it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    colour: Colour
    sentence: Text
    remedy: Text = _NOTHING


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check with what it found."""

    name: str
    label: Text
    finding: Finding

    @property
    def ok(self) -> bool:
        """Whether the installation can be used as it is; what is yellow may wait."""
        return self.finding.colour < Colour.RED


@dataclass(frozen=True, slots=True)
class Check:
    """One of the twelve; ``slow``: it waits for servers outside, so that who asks often is told what was found last."""

    name: str
    label: Text
    look: Callable[[Desk], Finding]
    slow: bool = False


@guarded("health.view")
def run_checks(desk: Desk, actor: Actor) -> list[CheckResult]:  # noqa: ARG001  the guard reads it
    """Return what every check finds now; mail server, gateway and identity provider are tried, which may take half a minute."""
    return [CheckResult(check.name, check.label, check.look(desk)) for check in CHECKS]


@guarded("vitals.read")
def read_colours(desk: Desk, actor: Actor) -> dict[str, Colour]:  # noqa: ARG001  the guard reads it
    """Return the colour of every check without waiting for a server outside: of those what was found last."""
    with desk.store.read() as tx:
        last = {row.name: Colour(row.colour) for row in tx.colours.select()}
    return {c.name: last.get(c.name, Colour.GREY) if c.slow else c.look(desk).colour for c in CHECKS}


def look_at_database(desk: Desk) -> Finding:
    """Write a few bytes, as a full disk is noticed by nothing less; look at the rights and the data keys."""
    try:
        with desk.store.write() as tx:
            tx.operation.beat(_PROBE, desk.clock.now())
            rewritable = desk.store.dialect == "postgresql" and tx.log.may_be_rewritten()
    except StorageFull:
        return Finding(Colour.RED, _FULL, _MAKE_ROOM)
    except LaurelError as error:
        return Finding(Colour.YELLOW if isinstance(error, Busy) else Colour.RED, error.message)
    if rewritable:
        return Finding(
            Colour.YELLOW,
            Text("本系统的数据库账户能改动、删除办理记录", "the program's account may change and remove events"),
            Text(
                "请另建表的所有者账户（LAUREL_DATABASE_OWNER），见 deploy/README.md",
                "let another own the tables (LAUREL_DATABASE_OWNER), see deploy/README.md",
            ),
        )
    words = Finding(
        Colour.GREEN, Text(f"{desk.store.dialect}，可读可写", f"{desk.store.dialect}, readable and writable")
    )
    return _combine_findings([words, look_at_data_keys(desk)])


def look_at_data_keys(desk: Desk) -> Finding:
    """Look for the keys of encrypted columns and files, and whether a rotation is to be gone on with."""
    keys = desk.premises.data_keys
    if keys is None:
        return Finding(Colour.GREY, Text("没有设置数据加密", "no encryption of data is set"))
    try:
        ids = keys.ids
    except KeysUnreadable as error:
        return Finding(Colour.RED, error.message)
    put_back = Text("请放回保管的数据密钥文件", "put the kept file of data keys back")
    with desk.store.read() as tx:
        place, lacking = tx.encrypted.lacking_at_ends(ids)
    if lacking:
        return Finding(
            Colour.RED,
            Text(
                f"{place} 用密钥 {lacking} 加密，但 {keys.file} 中没有它，读不出来",
                f"{place} is encrypted under {lacking}, which is not in {keys.file}: nobody reads it",
            ),
            put_back,
        )
    if not ids:
        return Finding(Colour.RED, Text(f"{keys.file} 中没有密钥", f"there is no key in {keys.file}"), put_back)
    if len(ids) > 1:
        return Finding(
            Colour.YELLOW,
            Text(
                "更换数据密钥没有做完，原来的密钥还在用",
                "a change of data keys was not finished: the old one is still used",
            ),
            Text("请运行 laurel doctor --rotate-keys", "run laurel doctor --rotate-keys"),
        )
    return Finding(Colour.GREEN, Text(f"数据已加密，密钥 {ids[0]}", f"data are encrypted under the key {ids[0]}"))


def look_at_disk(desk: Desk) -> Finding:
    """Look how much room each folder has."""
    if not desk.premises.volumes:
        return Finding(Colour.GREY, Text("没有要看的目录", "no folder to look at"))
    return _combine_findings(_look_at_volume(volume) for volume in desk.premises.volumes)


def _look_at_volume(volume: Volume) -> Finding:
    label, folder = volume.label, volume.folder
    try:
        existing = _find_existing_folder(volume)
        free, writable = shutil.disk_usage(existing).free, os.access(existing, os.W_OK)
    except OSError as error:
        why = cause_words(error)
        return Finding(Colour.RED, Text(f"读不到 {folder}（{why.zh}）", f"{folder} cannot be read ({why.en})"))
    if not writable:
        unwritable = Text(f"{folder} 不能写入", f"{folder} cannot be written")
        return Finding(Colour.RED, unwritable, Text("请检查目录权限", "check its rights"))
    size = f"{free / 1e9:.1f} GB"
    if free >= _DISK_YELLOW:
        return Finding(Colour.GREEN, Text(f"{label.zh}剩余 {size}", f"{label.en}: {size} free"))
    colour = Colour.RED if free < _DISK_RED else Colour.YELLOW
    return Finding(
        colour, Text(f"{label.zh}（{folder}）只剩 {size}", f"{label.en} ({folder}): only {size} free"), _MAKE_ROOM
    )


def has_room(volume: Volume) -> bool:
    """Return whether a step can be kept on a volume; one that cannot be read has none."""
    try:
        return shutil.disk_usage(_find_existing_folder(volume)).free >= _MEGABYTE
    except OSError:
        return False


def _find_existing_folder(volume: Volume) -> Path:
    return next(path for path in (volume.folder, *volume.folder.absolute().parents) if path.exists())


def look_at_files(desk: Desk) -> Finding:
    """Ask the place where files lie, the folder of ballot keys and the virus scanner."""
    return _combine_findings([_look_at_file_store(desk), look_at_ballot_keys(desk), look_at_scanner(desk)])


def _look_at_file_store(desk: Desk) -> Finding:
    try:
        free = desk.store.files.free()
    except FilesUnreachable as error:
        return Finding(
            Colour.RED,
            Text(f"附件存储连接不上（{error.reason.zh}）", f"the store of files cannot be reached ({error.reason.en})"),
            Text(
                "请核对 LAUREL_FILES 及其 ENDPOINT、KEY、SECRET 和网络",
                "check LAUREL_FILES, its ENDPOINT, KEY and SECRET, and the network",
            ),
        )
    if free == 0:
        return Finding(
            Colour.RED,
            Text("附件目录不能写入和读回", "the folder of files cannot be written and read again"),
            Text(
                "磁盘已满的，请清理或扩容；否则请检查目录权限，以及它是不是一个目录（LAUREL_FILES）",
                "make room where its disk is full, else check its rights, and that it is a folder (LAUREL_FILES)",
            ),
        )
    return Finding(Colour.GREEN, Text("附件可以使用", "files can be used"))


def look_at_ballot_keys(desk: Desk) -> Finding:
    """Look for the keys of running ballots, then keep a key and destroy it, as every ballot does."""
    if keys_are_missing(desk):
        return Finding(Colour.RED, KeyFolderGone().message)
    with desk.store.read() as tx:
        running = tx.ballots.list_uncounted()
    missing = urns_of(desk).find_missing([(row.box, row.key_name) for row in running if row.key_name is not None])
    lost = [row.title for row in running if row.box in missing]
    if lost:
        return Finding(
            Colour.RED,
            Text(
                f"找不到进行中表决的密钥：{'、'.join(lost)}",
                f"the keys of running ballots are missing: {', '.join(lost)}",
            ),
            Text(
                "请把原来的密钥目录放回 LAUREL_BALLOT_KEYS 所指的位置；确已丢失的，由不同单位的两人在表决页作废并重新发起",
                "put the folder back where LAUREL_BALLOT_KEYS points; if they are lost, two people of different bodies make the"
                " ballot void on its page, and it is called anew",
            ),
        )
    probe = f"doctor-{secrets.token_hex(8)}"
    try:
        desk.ballot_keys.put(probe, "probe", secrets.token_bytes(32))
        desk.ballot_keys.destroy(probe)
    except KeyFolderGone as error:
        return Finding(Colour.RED, error.message)
    except (StorageFull, OSError) as error:
        why = _FULL if isinstance(error, StorageFull) else cause_words(error)
        return Finding(
            Colour.RED,
            Text(
                f"表决密钥目录不能写入（{why.zh}），无法表决",
                f"ballot keys cannot be written ({why.en}), so nobody can vote",
            ),
            Text("请检查 LAUREL_BALLOT_KEYS、目录权限和磁盘", "check LAUREL_BALLOT_KEYS, its rights and its disk"),
        )
    return Finding(Colour.GREEN, Text("表决密钥目录可读可写", "ballot keys can be kept"))


def look_at_scanner(desk: Desk) -> Finding:
    """Ask the virus scanner which it is."""
    if desk.scanner is None:
        return Finding(
            Colour.GREY, Text("没有设置病毒扫描（LAUREL_SCANNER）", "no virus scanner is set (LAUREL_SCANNER)")
        )
    try:
        name = desk.scanner.version()
        return Finding(Colour.GREEN, Text(name, name))
    except ScannerAway as away:
        zh, en = ("在它恢复以前不收附件", "no file is taken until it is back")
        if not desk.scanner.needed:
            zh, en = ("附件不经检查收下", "files are taken unchecked")
        return Finding(
            Colour.RED,
            Text(
                f"病毒扫描连接不上（{away.reason.zh}），{zh}",
                f"the virus scanner cannot be reached ({away.reason.en}): {en}",
            ),
            Text("请检查 clamd 和 LAUREL_SCANNER", "check clamd and LAUREL_SCANNER"),
        )


def look_at_mail(desk: Desk) -> Finding:
    """Try each channel as a message would, and the identity provider as a sign-in would; nothing is lost while one fails."""
    findings = [_look_at_channel(channel) for channel in desk.channels if not isinstance(channel, Inbox)]
    if desk.identity is not None:
        try:
            findings.append(Finding(Colour.GREEN, desk.identity.describe()))
        except ProviderUnreachable as trouble:
            findings.append(
                Finding(
                    Colour.YELLOW,
                    Text(
                        f"读不出统一身份认证的配置（{trouble.found.zh}），暂时只能用密码登录",
                        f"the identity provider's configuration cannot be read ({trouble.found.en}); passwords still sign in",
                    ),
                    Text("请核对网址、证书和网络", "check its address, certificate and the network"),
                )
            )
    return _combine_findings(findings) if findings else Finding(Colour.GREY, Text("没有设置", "none is set"))


def _look_at_channel(channel: Channel) -> Finding:
    try:
        words = channel.describe()
    except LaurelError as obstacle:
        return Finding(
            Colour.RED, Text(f"{channel.label.zh}：{obstacle.message.zh}", f"{channel.label.en}: {obstacle.message.en}")
        )
    return Finding(
        Colour.GREEN if channel.leaves else Colour.GREY,
        Text(f"{channel.label.zh}：{words.zh}", f"{channel.label.en}: {words.en}"),
    )


def look_at_worker(desk: Desk) -> Finding:
    """Look whether due work is done: a hold, a silent sweeper, work that waits, lanes without a worker.

    Red is work that waits beside a background that runs; one that is stopped, as before a start, is yellow.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        hold, beat = tx.operation.hold(), tx.operation.last_beat(SWEEPER)
        oldest, due = tx.work.oldest_due(now), tx.work.due_count(now)
    if hold is not None:
        why = describe_hold(hold)
        return Finding(
            Colour.YELLOW,
            Text(f"{why.zh}到期事项和邮件暂停", f"{why.en} Due work and mail are on hold"),
            Text(
                "请系统管理员在“监控—恢复运行”中（或用 laurel resume）核对后恢复",
                "a system administrator resumes them in the monitor or by laurel resume",
            ),
        )
    start = Text(
        "请启动 laurel serve（或 laurel work），并查看日志", "start laurel serve or laurel work, and look at the log"
    )
    real = isinstance(desk.clock, SystemClock)
    if real and beat is not None and now - beat > _SILENT:
        silent = format_duration(now - beat)
        return Finding(
            Colour.YELLOW,
            Text(
                f"后台已停 {silent.zh}，期限、提醒、文书和邮件都不会自动办理",
                f"the background is silent for {silent.en}, so no limit, reminder, document or mail is done",
            ),
            start,
        )
    late = max(timedelta(), now - oldest) if oldest else timedelta()
    unserved = unserved_lanes(desk, SYSTEM)
    waits = format_duration(late)
    if late < _LATE and not unserved:
        if real and beat is None:
            return Finding(Colour.GREY, Text("后台还没有运行过", "the background has not run yet"))
        return Finding(Colour.GREEN, Text(f"到期未办 {due} 项", f"{due} due"))
    stopped = real and (beat is None or now - beat > SILENCE)
    lanes = "、".join(unserved)
    return Finding(
        Colour.YELLOW if stopped else Colour.RED,
        Text(
            f"到期未办 {due} 项，最早已等 {waits.zh}{f'；通道 {lanes} 没有 worker' if unserved else ''}",
            f"{due} due, the oldest for {waits.en}{f'; nobody works in {lanes}' if unserved else ''}",
        ),
        start,
    )


def look_at_incidents(desk: Desk) -> Finding:
    """Look for incidents that nobody settled, for long."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        count, oldest = tx.incidents.count_rows(resolved_at=None), tx.incidents.oldest_open()
    if oldest is None:
        return Finding(Colour.GREEN, Text("没有未处理的异常", "none is open"))
    age = max(timedelta(), now - oldest)
    since = format_duration(age)
    return Finding(
        Colour.RED if age >= _INCIDENT_OLD else Colour.YELLOW,
        Text(f"{count} 件未处理，最早的已有{since.zh}", f"{count} open, the oldest for {since.en}"),
        Text("请在“监控—异常”中处置", "settle them at the incident desk"),
    )


def look_at_calendar(desk: Desk) -> Finding:
    """Look how far the calendars reach: time limits that reach into a year without one wait for the office."""
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        calendars = calendars_in_use(desk, tx)
    take_in = Text("请在“设计—日历”中加入", "take the year in")
    if missing := _name_without(calendars, today.year):
        return Finding(
            Colour.RED,
            Text(
                f"{missing.zh}没有 {today.year} 年的放假安排，用到它的期限都是暂定的",
                f"{missing.en}: no days off of {today.year}, so limits that look at them are provisional",
            ),
            take_in,
        )
    ending = _name_without(calendars, today.year + 1)
    if ending and date(today.year, 12, 31) - today < _CALENDAR_AHEAD:
        return Finding(
            Colour.YELLOW,
            Text(
                f"{ending.zh}只公布到今年，跨年的期限都是暂定的",
                f"{ending.en}: this year is the last, so limits that reach beyond are provisional",
            ),
            Text(
                f"{today.year + 1} 年的放假安排公布后，{take_in.zh}",
                f"{take_in.en} {today.year + 1} once it is published",
            ),
        )
    last = min((calendar.last_published_year() or 0 for calendar in calendars), default=0)
    return Finding(Colour.GREEN, Text(f"已公布至 {last} 年", f"published until {last}"))


def _name_without(calendars: Iterable[WorkingCalendar], year: int) -> Text | None:
    """Name the layers of calendars that do not hold ``year``, None where all do."""
    lacking = {layer.key: layer.name for c in calendars for layer in c.layers if year not in layer.years}
    names = [lacking[key] for key in sorted(lacking)]
    return Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)) if names else None


def look_at_certificate(desk: Desk) -> Finding:
    """Look when the certificate ends that visitors see."""
    file = desk.premises.certificate
    if file is None:
        return Finding(
            Colour.GREY, Text("没有设置证书文件（LAUREL_CERTIFICATE）", "no file is set (LAUREL_CERTIFICATE)")
        )
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        why = cause_words(error) if isinstance(error, OSError) else Text("不是 PEM 格式的证书", "no certificate in PEM")
        return Finding(
            Colour.YELLOW, Text(f"读不出证书 {file}（{why.zh}）", f"the certificate {file} cannot be read ({why.en})")
        )
    remaining, renew = ends - datetime.now(UTC), Text("请续期更换", "renew it")
    if remaining <= timedelta():
        return Finding(Colour.RED, Text(f"证书已于 {ends:%Y-%m-%d} 到期", f"ended on {ends:%Y-%m-%d}"), renew)
    if remaining <= _CERTIFICATE_AHEAD:
        words = Text(
            f"证书将于 {ends:%Y-%m-%d} 到期（还有 {remaining.days} 天）",
            f"ends on {ends:%Y-%m-%d}, in {counted(remaining.days, 'day')}",
        )
        return Finding(Colour.YELLOW, words, renew)
    return Finding(Colour.GREEN, Text(f"有效至 {ends:%Y-%m-%d}", f"valid until {ends:%Y-%m-%d}"))


def look_at_backup(desk: Desk) -> Finding:
    """Look how old the newest backup is."""
    folder = desk.premises.backups
    if folder is None:
        return Finding(
            Colour.GREY,
            Text("没有设置备份", "no backup is set up"),
            Text(
                "请设置备份目录 LAUREL_BACKUPS，并启用 laurel-backup.timer",
                "set LAUREL_BACKUPS, the folder of backups, and enable laurel-backup.timer",
            ),
        )
    newest = _newest_in(folder, "*.tar.gz", "*.tar.gz.*")
    if newest is None:
        return Finding(
            Colour.YELLOW,
            Text(f"{folder} 中没有备份", f"there is no backup in {folder}"),
            Text(
                "请运行 laurel backup 或启用 laurel-backup.timer",
                "run laurel backup or enable laurel-backup.timer",
            ),
        )
    age = max(timedelta(), datetime.now(UTC) - newest)
    words = format_duration(age)
    if age <= _BACKUP_OLD:
        return Finding(Colour.GREEN, Text(f"最近一次在{words.zh}前", f"the newest is {words.en} old"))
    return Finding(
        Colour.YELLOW,
        Text(f"最近一次备份已过去{words.zh}", f"the newest backup is {words.en} old"),
        Text("请查看 laurel-backup.timer 的日志", "look at the log of laurel-backup.timer"),
    )


def look_at_heads(desk: Desk) -> Finding:
    """Look whether signed heads of the records are kept outside the database."""
    folder = desk.premises.anchors
    if folder is None:
        return Finding(Colour.GREY, NO_FOLDER)
    newest = _newest_in(folder, "heads-*.jsonl")
    if newest is None:
        return Finding(
            Colour.GREY, Text("还没有签过，服务启动后每天一次", "none was signed yet: the service signs one every day")
        )
    if datetime.now(UTC) - newest < _HEAD_OLD:
        return Finding(Colour.GREEN, Text("最近的记录头已存到库外", "the newest is kept outside"))
    return Finding(
        Colour.YELLOW,
        Text(f"{folder} 中两天没有新的记录头", f"no head was signed into {folder} for two days"),
        Text("请检查目录能否写入", "see that it can be written"),
    )


def _newest_in(folder: Path, *patterns: str) -> datetime | None:
    """Return when the newest file of a folder was written that is not empty; None where there is none, or no folder."""
    try:
        files = [path.stat() for pattern in patterns for path in folder.glob(pattern)]
    except OSError:
        return None
    return max((datetime.fromtimestamp(file.st_mtime, UTC) for file in files if file.st_size), default=None)


def look_at_doctor(desk: Desk) -> Finding:
    """Look what the newest comparison with the log found, and whether none has been made for two days."""
    with desk.store.read() as tx:
        last = newest_report(tx)
    by_hand = not isinstance(desk.clock, SystemClock)
    if last is None:
        words = (
            Text("演示时钟，不自动核对", "not made on a clock moved by hand")
            if by_hand
            else Text("还没有核对过", "not made yet")
        )
        return Finding(Colour.GREY, words)
    report, when = report_of(last), f"{last.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    count = int(report.get("count", 0))
    if count:
        named = [text_of(fault) for fault in report["wrong"][:_NAMED]]
        more = count - len(named)
        return Finding(
            Colour.RED,
            Text(
                f"{when} 核对发现 {count} 处不符：{'；'.join(fault.zh for fault in named)}{f'；另有 {more} 处' if more else ''}",
                f"at {when} {count} did not agree: {'; '.join(fault.en for fault in named)}{f'; and {more} more' if more else ''}",
            ),
            Text(
                "请保留现状，由审计管理员运行 laurel doctor --deep，并与备份核对",
                "keep things as they are; the audit administrator runs laurel doctor --deep and compares a backup",
            ),
        )
    if not by_hand and local_date(desk.clock.now()) - local_date(last.at) > _REPORT_OLD:
        return Finding(
            Colour.YELLOW,
            Text(f"上一次核对在 {when}，已超过两天", f"last made at {when}, more than two days ago"),
            Text(
                "请确认 laurel serve（或 laurel work）在运行，并查看“监控—异常”",
                "see that laurel serve or laurel work runs, and the incident desk",
            ),
        )
    return Finding(Colour.GREEN, Text(f"{when} 核对，没有不符", f"at {when} everything agreed"))


def look_at_version(desk: Desk) -> Finding:
    """Say which program it is; look for packages that are published and for the typefaces of documents."""
    with desk.store.read() as tx:
        packages = [row.package for row in tx.definitions.all_current()]
    if not packages:
        return Finding(
            Colour.RED,
            Text("尚未发布任何流程", "no procedure is published"),
            Text("请运行 laurel deploy processes", "run laurel deploy processes"),
        )
    program = version("laurel")
    words = Text(f"桂冠 {program}；流程：{'、'.join(packages)}", f"Laurel {program}; procedures: {', '.join(packages)}")
    if desk.printer is not None:
        try:
            desk.printer.describe()
        except LaurelError as missing:
            return Finding(Colour.RED, missing.message)
    return Finding(Colour.GREEN, words)


def _combine_findings(findings: Iterable[Finding]) -> Finding:
    """Return what the worst of several found, together."""
    every = list(findings)
    colour = max(finding.colour for finding in every)
    worst = [finding for finding in every if finding.colour is colour]
    remedies = list(dict.fromkeys(finding.remedy for finding in worst if finding.remedy.zh))
    return Finding(colour, _join_texts([finding.sentence for finding in worst]), _join_texts(remedies))


def _join_texts(texts: Sequence[Text]) -> Text:
    return Text("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))


CHECKS = (
    Check("database", Text("数据库", "Database"), look_at_database),
    Check("disk", Text("磁盘", "Disk"), look_at_disk),
    Check("files", Text("附件和表决密钥", "Files and ballot keys"), look_at_files),
    Check("mail", Text("邮件、网关和统一认证", "Mail, gateway, single sign-on"), look_at_mail, slow=True),
    Check("worker", Text("后台事项", "Background work"), look_at_worker),
    Check("incidents", Text("异常", "Incidents"), look_at_incidents),
    Check("calendar", Text("工作日历", "Calendar"), look_at_calendar),
    Check("certificate", Text("证书", "Certificate"), look_at_certificate),
    Check("backup", Text("备份", "Backup"), look_at_backup),
    Check("heads", Text("记录头", "Signed heads"), look_at_heads),
    Check("doctor", Text("记录的每日核对", "Daily comparison"), look_at_doctor),
    Check("version", Text("程序和流程", "Program and procedures"), look_at_version),
)
"""Every check, in the order in which they are shown."""
