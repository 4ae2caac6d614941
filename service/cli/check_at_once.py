"""Packages checked beside this process, on as many processors as it may use: meanwhile it looks at their scenarios."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial

from service.casework.definitions.comparison import check_whole
from service.catalog import Catalog, Problem

_SHARED: dict[str, Catalog] = {}
"""The catalog for the processes that are forked: it is there already and need not be sent."""


@contextmanager
def checked_at_once(catalog: Catalog, keys: Iterable[str]) -> Iterator[Mapping[str, Callable[[], tuple[Problem, ...]]]]:
    """Begin to check the packages ``keys`` beside this process; what is yielded gives what is wrong with each, or waits for it.

    It is empty where one processor has to do everything. What a process did not end, because it was killed or had no room,
    is checked here.
    """
    largest_first = sorted(keys, key=lambda key: -len(catalog.package(key).files))
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not largest_first or processors < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield {}
        return
    _SHARED["catalog"] = catalog
    pool = ProcessPoolExecutor(min(len(largest_first), processors), multiprocessing.get_context("fork"))
    try:
        yield {key: partial(_found, catalog, key, begun) for key, begun in _begin(pool, largest_first)}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(pool: ProcessPoolExecutor, keys: Iterable[str]) -> Iterator[tuple[str, Future[tuple[Problem, ...]]]]:
    with suppress(BrokenProcessPool, OSError):
        for key in keys:
            yield key, pool.submit(_check, key)


def _found(catalog: Catalog, key: str, begun: Future[tuple[Problem, ...]]) -> tuple[Problem, ...]:
    try:
        return begun.result()
    except BrokenProcessPool:
        return check_whole(catalog.package(key))


def _check(key: str) -> tuple[Problem, ...]:
    return check_whole(_SHARED["catalog"].package(key))
