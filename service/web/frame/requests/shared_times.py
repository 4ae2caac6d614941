"""The times by which several processes of one machine count together how often somebody comes."""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SLOTS = 1 << 17
_TIME = struct.Struct("d")


class SharedTimes:
    """Times in a file that every process maps into its memory, by the one clock of the machine.

    A name has two of the places, chosen by its hash, and the earlier of their times holds: two names would have to share both
    to be taken for one. The file holds no name.
    """

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._handle, _SLOTS * _TIME.size)
        self._times = mmap.mmap(self._handle, _SLOTS * _TIME.size)
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other threads and processes out; the system lets go for a process that ends."""
        with self._lock:
            fcntl.lockf(self._handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._handle, fcntl.LOCK_UN)

    def until(self, name: Hashable) -> float:
        """Return the time of ``name``."""
        return min(self._at(place) for place in _places(name))

    def keep(self, name: Hashable, until: float, now: float) -> None:  # noqa: ARG002  nothing is forgotten here
        """Remember the time of ``name``."""
        for place in _places(name):
            _TIME.pack_into(self._times, place, max(until, self._at(place)))

    def _at(self, place: int) -> float:
        return float(_TIME.unpack_from(self._times, place)[0])


def _places(name: Hashable) -> tuple[int, int]:
    digest = hashlib.blake2b(repr(name).encode(), digest_size=8).digest()
    first, second = struct.unpack("II", digest)
    return first % _SLOTS * _TIME.size, second % _SLOTS * _TIME.size
