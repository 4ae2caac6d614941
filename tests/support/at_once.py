"""Calls at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

from service.domain.errors import Conflict
from service.store import Store

_PATIENCE = 1.0
"""Seconds that the first waits for the second, which waits for it where they take turns."""

ResultT = TypeVar("ResultT")


@contextmanager
def meeting_before_commit(store: Store) -> Iterator[None]:
    """Let the first two transactions both stand before their commit unless something keeps them apart."""
    before_commit = threading.Barrier(2)

    def meet(name: str) -> None:
        if name == "before-commit":
            with suppress(threading.BrokenBarrierError):
                before_commit.wait(_PATIENCE)

    store.crash_point = meet  # type: ignore[method-assign]
    try:
        yield
    finally:
        store.crash_point = lambda _name: None  # type: ignore[method-assign]


def do_at_once(*works: Callable[[], ResultT]) -> list[ResultT]:
    """Do all of ``works`` at the same moment; returns what each came to."""
    together = threading.Barrier(len(works))

    def do(work: Callable[[], ResultT]) -> ResultT:
        together.wait(60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def both_at_once(store: Store, work: Callable[[], ResultT]) -> tuple[ResultT, ResultT]:
    """Do ``work`` twice at the same moment on PostgreSQL; returns what each came to."""
    with meeting_before_commit(store):
        first, second = do_at_once(work, work)
    return first, second


def press_at_once(*presses: Callable[[], object]) -> list[bool]:
    """Let people press at once; returns for each whether it was done, the others having met a conflict."""

    def press(act: Callable[[], object]) -> bool:
        try:
            act()
        except Conflict:
            return False
        return True

    return do_at_once(*(partial(press, act) for act in presses))
