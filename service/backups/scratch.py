"""Folders for what is not encrypted yet, and files that take their name once the disk has them whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.store.data_keys import lock_folder, sync_to_disk

SCRATCH = "unfinished-backup-"
"""How folders begin whose content is not encrypted yet."""


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Make a folder for what is not encrypted; those of the same user's runs that were killed are removed first."""
    for old_folder in folder.glob(f"{SCRATCH}*"):
        status = old_folder.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid():
            with suppress(BlockingIOError), lock_folder(old_folder):
                shutil.rmtree(old_folder)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as made, lock_folder(Path(made)):
        yield Path(made)


def require_space(folder: Path, needed: int) -> None:
    """Refuse, before anything is unpacked, where the volume of ``folder`` has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"临时目录 {folder.parent} 所在的磁盘剩余 {_format_gigabytes(free)}，解开备份需要 {_format_gigabytes(needed)}，什么也没有改动："
            "请腾出空间，或者用环境变量 TMPDIR 指定另一个磁盘上的目录，再运行一次。"
            f" / The disk of the temporary folder {folder.parent} has {_format_gigabytes(free)} left, and the backup takes"
            f" {_format_gigabytes(needed)} when it is unpacked; nothing was changed: make room, or name a folder on another disk by the"
            " environment variable TMPDIR, then run it again."
        )


def _format_gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def rename_durably(part: Path, target: Path) -> None:
    """Let a file take its name once the disk has it whole: a loss of power leaves the one before, or this."""
    sync_to_disk(part)
    part.rename(target)
    sync_to_disk(target.parent)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file; it takes its name once the disk has it whole."""
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as read, part.open("wb") as write:
        while block := read.read(1 << 20):
            write.write(block)
    rename_durably(part, target)


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
