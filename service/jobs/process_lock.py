"""The names of a process, and the lock that keeps a second process away from SQLite."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.settings import BadSetting
from service.store.errors import InUse, Occupant

_HOST = 50
"""Letters of a machine's name that fit beside the rest."""


def owner_name() -> str:
    """Return a name that no other process has, on this machine or another, nor had before."""
    return f"{socket.gethostname()[:_HOST]}:{os.getpid()}:{secrets.token_hex(4)}"


def process_name() -> str:
    """Return what people find this process by: its command, machine and number, such as ``laurel serve web1:4711``."""
    command = next((word for word in sys.argv[1:2] if word.isalpha()), "")
    return " ".join(word for word in ("laurel", command, f"{socket.gethostname()[:_HOST]}:{os.getpid()}") if word)


@contextmanager
def process_lock(path: Path) -> Iterator[None]:
    """Hold the lock file; the system lets go of it however the process ends.

    Raises:
        InUse: if another process holds it.
        BadSetting: if it cannot be made, as in a data folder that is read-only.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _build_unwritable(path, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse([_read_holder(path)]) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"{datetime.now(UTC).isoformat()} {process_name()}\n".encode())
        yield
    finally:
        os.close(handle)


def _read_holder(path: Path) -> Occupant:
    """Return who holds the file, as it wrote there; of a program that wrote nothing the file alone is known."""
    since, _, name = path.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
    try:
        return Occupant(f"{name} ({path})", datetime.fromisoformat(since))
    except ValueError:
        return Occupant(str(path))


def _build_unwritable(path: Path, error: OSError) -> BadSetting:
    return BadSetting(
        Text(
            f"不能写入数据目录：{path}（{cause_words(error).zh}）。请核对 LAUREL_DATA 所指目录的权限和磁盘，再启动。",
            f"The data folder cannot be written: {path} ({error.strerror}). Look at the rights and the disk of LAUREL_DATA.",
        )
    )
