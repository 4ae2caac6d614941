"""Folders that one process at a time writes to, and what is on disk for good, also where the power goes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held_folder(folder: Path, *, waiting: bool = False) -> Iterator[None]:
    """Hold a folder until the end of the block, however the process ends; who finds it held raises BlockingIOError, or waits."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def sync(place: Path) -> None:
    """Return once the disk has what a file holds, or which names a folder holds."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
