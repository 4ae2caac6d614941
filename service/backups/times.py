"""What a backup holds and when it was made, by whose clock."""

from __future__ import annotations

import json
import os
import tarfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from service.domain.errors import NotFound
from service.settings import Settings
from service.store import DataKeys, FileStore, open_files

SQLITE, POSTGRES, FILES, NOTE, MARK = "laurel.db", "laurel.dump", "files", "backup.json", "mark"
DATA_KEYS = "data-keys"
"""What lies under each name; the keys of encrypted data in an encrypted backup alone."""


def stored_files(settings: Settings) -> FileStore:
    """Return the stored files; in a backup they are as they were before they were encrypted, so that it names them."""
    return open_files(settings.files, keys=DataKeys(settings.data_keys, settings.cipher))


def add_files(archive: tarfile.TarFile, files: FileStore) -> int:
    """Add every stored file; returns how many went meanwhile, as by an erasure, which is done once more after a restore."""
    gone = 0
    for name in files.names():
        try:
            content = files.open(name)
        except NotFound:
            gone += 1
            continue
        with content:
            add_member(archive, f"{FILES}/{name[:2]}/{name}", content)
    return gone


def add_member(archive: tarfile.TarFile, name: str, content: BinaryIO) -> None:
    """Add a file that only its owner may read once it is unpacked."""
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = content.seek(0, os.SEEK_END), 0o600, int(time.time())
    content.seek(0)
    archive.addfile(member, content)


def put_files(scratch: Path, files: FileStore) -> int:
    """Files are named by their content: one that is there already is the same file. They bear the mark of the backup."""
    if (mark := scratch / MARK).exists():
        files.mark(mark.read_text(encoding="ascii"))
    count = 0
    for path in (p for p in (scratch / FILES).rglob("*") if p.is_file()):
        with path.open("rb") as content:
            files.put(content)
        count += 1
    return count


def saved_at(folder: Path) -> datetime:
    """Return when the backup was made."""
    return datetime.fromisoformat(str(json.loads((folder / NOTE).read_text())["at"]))


def require_past(settings: Settings, saved: datetime, ahead: timedelta | None) -> None:
    """Refuse a backup of the future before anything is changed: by the clock of this place no limit and no gap could be told."""
    from service.app import Installation

    now = Installation(settings).clock.now() if ahead is None else datetime.now(UTC) + ahead
    if saved <= now:
        return
    at, now_text = f"{saved:%Y-%m-%d %H:%M:%S}", f"{now:%Y-%m-%d %H:%M:%S}"
    if settings.demo and ahead is None:
        raise SystemExit(
            f"这里是演示（LAUREL_DEMO），时钟是 {now_text} UTC；备份不是在准备好的演示里做的，时间是 {at} UTC。什么也没有改动："
            "真实数据请不设 LAUREL_DEMO 恢复；要演练恢复，请用本版程序在演示里重新做一个备份。"
            f" / This is a demonstration, whose clock says {now_text}, and the backup was made by another clock ({at}). Nothing was"
            " changed: restore real data without LAUREL_DEMO; to try a restore, make a backup of the demonstration anew."
        )
    raise SystemExit(
        f"备份的时间（{at} UTC）晚于本机现在的时间（{now_text} UTC），什么也没有改动：请先校正本机时钟，再运行一次。"
        " / The backup is later than this machine's clock and nothing was changed: set the clock right, then run it again."
    )


def demo_ahead(settings: Settings) -> timedelta | None:
    """Return how far the clock of a prepared demonstration is before the machine's; None where people go by the machine's."""
    from service.app import Installation
    from service.casework.desk.clock import DemoClock

    clock = Installation(settings).clock
    return clock.ahead if isinstance(clock, DemoClock) and clock.moved else None


def read_clock_offset(settings: Settings, folder: Path) -> timedelta | None:
    """Return by how far the clock of this place will be before the machine's: as where the backup of a demonstration was made."""
    note = folder / NOTE
    ahead_value = json.loads(note.read_text()).get("ahead") if settings.demo and note.exists() else None
    return None if ahead_value is None else timedelta(seconds=float(ahead_value))


def lead_clock(settings: Settings, ahead: timedelta | None) -> None:
    """Let the clock of a demonstration go on as it went where the backup was made; without that nothing is done."""
    if ahead is None:
        return
    from service.app import Installation
    from service.casework.desk.clock import DemoClock

    clock = Installation(settings).clock
    if isinstance(clock, DemoClock):
        clock.move_to(datetime.now(UTC) + ahead)
