"""A lock file that keeps a second sweeper away from the same database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.domain.errors import Conflict
from service.domain.text import Text
from service.settings import BadSetting


@contextmanager
def process_lock(path: Path) -> Iterator[None]:
    """Hold the lock file; the system lets go of it however the process ends.

    Raises:
        Conflict: if another process holds it.
        BadSetting: if it cannot be made, as in a data folder that is read-only.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(path) from error
        yield
    finally:
        os.close(handle)


def _taken(path: Path) -> Conflict:
    return Conflict(
        Text(
            f"另一个进程正在处理这个数据库的到期事项（锁文件 {path}）。请先停止它，再启动本进程。",
            f"Another process already does the due work of this database (lock file {path}). Stop it, then start again.",
        )
    )


def _unwritable(path: Path, error: OSError) -> BadSetting:
    return BadSetting(
        Text(
            f"不能写入数据目录：{path}（{error.strerror}）。请核对 LAUREL_DATA 所指目录的权限和磁盘，再启动。",
            f"The data folder cannot be written: {path} ({error.strerror}). Look at the rights and the disk of LAUREL_DATA.",
        )
    )
