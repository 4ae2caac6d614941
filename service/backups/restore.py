"""Bring a backup back into an empty place, or go on where that broke off."""

from __future__ import annotations

import shutil
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from service.backups.databases import dump_in, load_dump, mark_unfinished, require_room
from service.backups.keys import is_encrypted, put_data_keys, require_keys_at_hand, require_no_other_keys
from service.backups.scratch import digest_of_file, require_space, scratch_folder
from service.backups.times import (
    DATA_KEYS,
    FILES,
    lead_clock,
    put_files,
    read_clock_offset,
    require_past,
    saved_at,
    stored_files,
)
from service.settings import Settings

PIPE = "-"
"""Stands for the standard input."""


def restore_backup(settings: Settings, source: Path) -> str:
    """Bring a backup back into an empty place; refuses where there is something already, and goes on where it broke off.

    No server may be at work on the database, not even one whose file was moved away. The database bears a mark from
    before it is loaded until the installation is on hold: meanwhile the program starts nowhere. One that was encrypted is decrypted by
    the operator before, into a file or into the pipe ``-``; the data keys in it are put beside those that are there.
    """
    from service.app import Installation

    settings = settings.as_owner()
    with scratch_folder(Path(tempfile.gettempdir())) as scratch:
        _unpack_backup(source, scratch)
        dump = dump_in(settings, scratch)
        saved = saved_at(scratch)
        ahead = read_clock_offset(settings, scratch)
        require_past(settings, saved, ahead)
        require_keys_at_hand(settings, scratch)
        with Installation(settings).stopped():
            begun, loaded = require_room(settings, saved)
            if not begun:
                require_no_other_keys(settings, scratch)
                mark_unfinished(settings, saved, scratch)
            lead_clock(settings, ahead)
            put_data_keys(settings, scratch / DATA_KEYS)
            count = put_files(scratch, stored_files(settings))
            if not loaded:
                load_dump(settings, dump, saved)
            seen = _put_on_hold(settings, saved, "解密后的备份" if str(source) == PIPE else f"备份 {source.name}")
    return (
        f"已恢复数据库和 {count} 个文件，记录到 {saved:%Y-%m-%d %H:%M} UTC 为止；{len(seen['ballots'])} 次表决重新发起，"
        "到期事项和邮件暂停，直到在“监控—恢复运行”中或用 laurel resume 恢复；请运行 laurel doctor。"
        " / restored; due work and mail are on hold until they are resumed in the monitor or by laurel resume; run laurel doctor"
    )


def _unpack_backup(source: Path, scratch: Path) -> None:
    """Unpack a backup into ``scratch``; refuses one that is damaged, or for which there is no room."""
    archived = _read_piped_backup(scratch) if str(source) == PIPE else source
    if is_encrypted(archived):
        raise SystemExit(
            "这个备份是加密的（或者不是备份），什么也没有改动：请先用自己的命令解密，如"
            " age -d -i 私钥文件 备份 | laurel restore -"
            " / This backup is encrypted, or is none; nothing was changed: decrypt it by your own command, such as"
            " age -d -i KEY BACKUP | laurel restore -"
        )
    try:
        with tarfile.open(archived, "r:gz") as archive:
            require_space(scratch, sum(member.size for member in archive))
        with tarfile.open(archived, "r:gz") as archive:
            archive.extractall(scratch, filter="data")
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the disk, such as one that is full
            raise
        raise SystemExit(
            f"备份读不出，可能已损坏。 / The backup cannot be read, and may be damaged: {error}."
        ) from None
    spoiled = [p.name for p in (scratch / FILES).rglob("*") if p.is_file() and digest_of_file(p) != p.name]
    if spoiled:
        raise SystemExit(f"备份已损坏：{spoiled[0]} 等 {len(spoiled)} 个文件。 / The backup is damaged.")


def _read_piped_backup(scratch: Path) -> Path:
    """Return the file of a backup that comes in by the standard input."""
    archived = scratch / "backup.tar.gz"
    with archived.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return archived


def _put_on_hold(settings: Settings, saved: datetime, cause: str) -> Mapping[str, Any]:
    """Put what was restored on hold; returns what that changed. Only this needs the whole program."""
    import handlers
    from service.app import Installation
    from service.casework.access.actor import SYSTEM
    from service.casework.desk.belonging import adopt_database_storage
    from service.casework.due.hold import hold_restored

    handlers.load()
    desk = Installation(settings, restoring=True).desk()
    adopt_database_storage(desk)
    seen: Mapping[str, Any] = hold_restored(desk, SYSTEM, saved, cause).seen
    return seen
