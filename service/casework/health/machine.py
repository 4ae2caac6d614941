"""Checks of the machine: disks, backups, the certificate."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from service.casework.desk.desk import Desk
from service.casework.desk.premises import Volume
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.domain.wording.counted import counted

_MEGABYTE = 1_000_000
_LEAST = 500
"""Megabytes below which a disk is a fault, whatever limit was chosen to be warned earlier."""


def volumes(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Say how much room each folder has."""
    yield from (_volume(volume, limits) for volume in desk.premises.volumes)


def _volume(volume: Volume, limits: Limits) -> HealthFinding:
    name, what = f"disk-{volume.name}", Text(f"磁盘：{volume.label.zh}", f"Disk: {volume.label.en}")
    try:
        folder = _there(volume)
        free = shutil.disk_usage(folder).free
        writable = os.access(folder, os.W_OK)
    except OSError as error:
        why = cause_words(error)
        found = Text(f"读不到 {volume.folder}（{why.zh}）", f"{volume.folder} cannot be read ({why.en})")
        return HealthFinding(name, what, Level.FAULT, found)
    if not writable:
        found = Text(
            f"{volume.folder} 不能写入，请检查目录权限", f"{volume.folder} cannot be written: check its rights"
        )
        return HealthFinding(name, what, Level.FAULT, found)
    told = f"{free / 1e9:.1f} GB"
    if free >= limits.disk_megabytes * _MEGABYTE:
        return HealthFinding(name, what, Level.FINE, Text(f"剩余 {told}", f"{told} free"))
    level = Level.FAULT if free < _LEAST * _MEGABYTE else Level.WARNING
    found = Text(f"只剩 {told}（{volume.folder}），请清理或扩容", f"only {told} free ({volume.folder}): make room")
    return HealthFinding(name, what, level, found)


def has_room(volume: Volume) -> bool:
    """Return whether a step can be kept on a volume; one that cannot be read has none."""
    try:
        return shutil.disk_usage(_there(volume)).free >= _MEGABYTE
    except OSError:
        return False


def _there(volume: Volume) -> Path:
    return next(path for path in (volume.folder, *volume.folder.absolute().parents) if path.exists())


def backups(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Say how old the newest backup is."""
    what, folder = Text("备份", "Backups"), desk.premises.backups
    if folder is None:
        unset = Text("没有设置备份目录（LAUREL_BACKUPS），不检查", "no folder of backups is set (LAUREL_BACKUPS)")
        yield HealthFinding("backups", what, Level.FINE, unset, looked=False)
        return
    try:
        newest = max(
            (p.stat().st_mtime for p in (*folder.glob("*.tar.gz"), *folder.glob("*.tar.gz.*")) if p.stat().st_size),
            default=None,
        )
    except OSError:
        newest = None
    if newest is None:
        found = Text(
            f"{folder} 中没有备份，请运行 deploy/backup.py 或启用 laurel-backup.timer",
            f"there is no backup in {folder}: run deploy/backup.py or enable laurel-backup.timer",
        )
        yield HealthFinding("backups", what, Level.WARNING, found)
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(newest, UTC)
    hours = max(0, int(age.total_seconds() // 3600))
    if age <= timedelta(days=limits.backup_days):
        yield HealthFinding(
            "backups",
            what,
            Level.FINE,
            Text(f"最近一次在 {hours} 小时前", f"the newest is {counted(hours, 'hour')} old"),
        )
        return
    found = Text(
        f"最近一次备份已过去 {hours // 24} 天，请查看 laurel-backup.timer 的日志",
        f"the newest backup is {counted(hours // 24, 'day')} old: look at the log of laurel-backup.timer",
    )
    yield HealthFinding("backups", what, Level.WARNING, found)


_HEAD_LATE = timedelta(days=2)


def anchors(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look gets the limits
    """Say whether the signed heads of the records are kept outside the database."""
    what, folder = Text("记录头", "Signed heads of the records"), desk.premises.anchors
    if folder is None:
        unset = Text(
            "没有设置库外目录（LAUREL_ANCHORS），记录链到哪里没有签名留存",
            "no folder outside is set (LAUREL_ANCHORS): how far the records have come is not signed",
        )
        yield HealthFinding("anchors", what, Level.FINE, unset, looked=False)
        return
    try:
        newest = max((p.stat().st_mtime for p in folder.glob("heads-*.jsonl")), default=None)
    except OSError:
        newest = None
    if newest is None:
        none = Text("还没有签过，服务启动后每天一次", "none was signed yet: the service signs one every day")
        yield HealthFinding("anchors", what, Level.FINE, none, looked=False)
        return
    if datetime.now(UTC).timestamp() - newest < _HEAD_LATE.total_seconds():
        yield HealthFinding("anchors", what, Level.FINE, Text("最近的记录头已存到库外", "the newest is kept outside"))
        return
    found = Text(
        f"{folder} 中两天没有新的记录头，请检查目录能否写入",
        f"no head was signed into {folder} for two days: can it be written?",
    )
    yield HealthFinding("anchors", what, Level.WARNING, found)


def certificate(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:
    """Say when the certificate ends that visitors see."""
    what, file = Text("证书", "Certificate"), desk.premises.certificate
    if file is None:
        unset = Text("没有设置证书文件（LAUREL_CERTIFICATE），不检查", "no file is set (LAUREL_CERTIFICATE)")
        yield HealthFinding("certificate", what, Level.FINE, unset, looked=False)
        return
    try:
        ends = _ends(file)
    except (OSError, ValueError) as error:
        why = cause_words(error) if isinstance(error, OSError) else Text("不是 PEM 格式的证书", "no certificate in PEM")
        found = Text(f"读不出证书 {file}（{why.zh}）", f"the certificate {file} cannot be read ({why.en})")
        yield HealthFinding("certificate", what, Level.WARNING, found)
        return
    left = ends - datetime.now(UTC)
    if left <= timedelta():
        found = Text(f"证书已于 {ends:%Y-%m-%d} 到期，请更换", f"ended on {ends:%Y-%m-%d}: replace it")
        yield HealthFinding("certificate", what, Level.FAULT, found)
    elif left <= timedelta(days=limits.certificate_days):
        found = Text(
            f"证书将于 {ends:%Y-%m-%d} 到期（还有 {left.days} 天），请续期",
            f"ends on {ends:%Y-%m-%d}, in {counted(left.days, 'day')}",
        )
        yield HealthFinding("certificate", what, Level.WARNING, found)
    else:
        yield HealthFinding(
            "certificate", what, Level.FINE, Text(f"有效至 {ends:%Y-%m-%d}", f"valid until {ends:%Y-%m-%d}")
        )


def _ends(file: Path) -> datetime:
    """Return when the first certificate of a file ends: that of the server, which its chain follows."""
    return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
