"""Whose turn it is on the one thread of the studio's long work: brief work goes between the parts of long work."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_POOL = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")
"""One job at a time, so that the tasks of everybody keep a core."""
_BRIEF: deque[Callable[[], None]] = deque()


def line_up(work: Callable[[], None], *, brief: bool) -> None:
    """Let ``work`` be done after all that was asked for before; ``brief`` work as soon as long work pauses.

    Raises RuntimeError when the program ends.
    """
    if brief:
        _BRIEF.append(work)
    _POOL.submit(let_brief_pass if brief else work)


def let_brief_pass(alive: Callable[[], None] | None = None) -> None:
    """Do the brief work that waits by now, in the order in which it was asked for: long work calls this as it pauses.

    ``alive`` gives a sign of life of the long work, before the first piece of brief work and after each.
    """
    waiting = len(_BRIEF)
    if alive and waiting:
        alive()
    for _ in range(waiting):
        _BRIEF.popleft()()
        if alive:
            alive()
