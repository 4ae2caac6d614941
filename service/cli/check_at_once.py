"""Packages checked beside this process, on as many processors as it may use: meanwhile it looks at their scenarios."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from service.casework.definitions.check_package import check_whole
from service.catalog import Catalog, Problem

_SHARED: dict[str, Catalog] = {}
"""The catalog for the processes that are forked: it is there already and need not be sent."""


@contextmanager
def checked_at_once(catalog: Catalog, keys: Iterable[str]) -> Iterator[Mapping[str, Callable[[], tuple[Problem, ...]]]]:
    """Begin to check the packages ``keys`` beside this process; what is yielded gives what is wrong with each, or waits for it.

    It is empty where one processor has to do everything.
    """
    largest_first = sorted(keys, key=lambda key: -len(catalog.package(key).files))
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not largest_first or processors < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield {}
        return
    _SHARED["catalog"] = catalog
    with multiprocessing.get_context("fork").Pool(min(len(largest_first), processors)) as pool:
        yield {key: pool.apply_async(_check, (key,)).get for key in largest_first}


def _check(key: str) -> tuple[Problem, ...]:
    return check_whole(_SHARED["catalog"].package(key))
