"""The memory of this process, given back to the system once it has grown.

What a large package, a play or a page leaves behind holds itself in circles, and the collector of garbage looks seldom
(`collect_less`): by itself a server under the work of designers would grow by hundreds of megabytes
before it does. So it looks when the process has grown, and what was freed goes back to the system.
"""

from __future__ import annotations

import ctypes
import gc
import os
from pathlib import Path
from threading import Lock

SELDOM = (20_000, 20, 50)
"""After so many new objects, and so many rounds, the collector of garbage looks through the young, older and oldest."""

_STEP = 32 * 1024 * 1024
_SHARE = 8
"""So many bytes more, and at least that part of what was in use after the last look, are worth looking again."""

_STATE = Path("/proc/self/statm")


class MemoryKeeper:
    """Looks for garbage once the process has grown by ``step`` bytes, and by an eighth, since it last did."""

    def __init__(self, step: int = _STEP) -> None:
        self._step, self._lock = step, Lock()
        self._next = self._compute_limit(measure_process_memory())

    def look(self) -> bool:
        """Collect garbage and give memory back if the process has grown enough; say whether that was done.

        All threads wait meanwhile: some tenths of a second where much is loaded.
        """
        with self._lock:
            if not self._next or measure_process_memory() < self._next:
                return False
            give_back()
            self._next = self._compute_limit(measure_process_memory())
            return True

    def _compute_limit(self, now: int) -> int:
        return now + max(self._step, now // _SHARE) if now else 0


def give_back() -> None:
    """Collect all garbage there is, and give back to the system what the allocator of the C library holds besides."""
    gc.collect()
    _TRIM(0)


def measure_process_memory() -> int:
    """Return how many bytes of memory this process has for itself, files that are mapped left out; 0 where that is not told."""
    try:
        _, resident, shared, *_ = _STATE.read_text().split()
    except OSError:  # only Linux tells
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", lambda _pad: 0)
"""The GNU C library's call; others have none such."""


def collect_less() -> None:
    """Let the collector of garbage look less often, and never through what was loaded until now.

    What the program holds is made of small objects that stay: looking through them took a third of the time of a check.
    What piles up meanwhile is freed as the process grows; what loading took and needs no more goes back to the system.
    """
    give_back()
    gc.freeze()
    gc.set_threshold(*SELDOM)
