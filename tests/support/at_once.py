"""Two calls at the same moment, whose transactions both stand before their commit unless something keeps them apart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from service.store import Store

_PATIENCE = 1.0
"""Seconds that the first waits for the second, which waits for it where they take turns."""

ResultT = TypeVar("ResultT")


def both_at_once(store: Store, work: Callable[[], ResultT]) -> tuple[ResultT, ResultT]:
    """Do ``work`` twice at the same moment on PostgreSQL; returns what each came to."""
    both_there, before_commit = threading.Barrier(2), threading.Barrier(2)

    def meet(name: str) -> None:
        if name == "before-commit":
            with suppress(threading.BrokenBarrierError):
                before_commit.wait(_PATIENCE)

    def one() -> ResultT:
        both_there.wait(30)
        return work()

    store.crash_point = meet  # type: ignore[method-assign]
    try:
        with ThreadPoolExecutor(2) as clicks:
            first, second = (each.result(30) for each in [clicks.submit(one) for _ in range(2)])
    finally:
        store.crash_point = lambda _name: None  # type: ignore[method-assign]
    return first, second
