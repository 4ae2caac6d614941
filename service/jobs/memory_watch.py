"""The watch over memory: while pages are served or due work is done, what garbage holds is given back before it piles up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.domain.running.memory import MemoryKeeper
from service.jobs.scheduler import looking_again

EVERY = 2.0
"""Seconds from one look at how much memory this process has to the next; a look takes some microseconds."""


@contextmanager
def keeping_small(keeper: MemoryKeeper | None = None, seconds: float = EVERY) -> Iterator[None]:
    """Look again and again until the end of the block; begun once all is loaded that stays."""
    with looking_again((keeper or MemoryKeeper()).look, seconds):
        yield
