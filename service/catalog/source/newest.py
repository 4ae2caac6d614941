"""What was made of a file is kept for its newest versions alone: who draws saves a version every second."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
_VERSIONS, _FILES = 4, 1024
"""Versions of a file that are kept (as published, in drafts), and files."""


def by_file(*arguments: object) -> str:
    """Return the file of a function that takes a content and the file it stands in."""
    return str(arguments[1])


def of_newest(file_of: Callable[..., str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember what a function returns by its arguments, for the versions of each file that were asked for last.

    ``file_of`` names the file of a call. A cache that counts calls alone keeps hundreds of versions of the one diagram
    that somebody draws, each with all its elements.
    """

    def decorator(function: Callable[P, R]) -> Callable[P, R]:
        cache: dict[str, dict[Hashable, R]] = {}
        lock = Lock()

        @wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            key = (args, *sorted(kwargs.items()))
            file = file_of(*args, **kwargs)
            with lock:
                versions = cache.get(file, {})
                if key in versions:
                    versions[key] = result = versions.pop(key)
                    return result
            result = function(*args, **kwargs)
            with lock:
                versions = cache[file] = cache.pop(file, {})
                versions[key] = result
                _forget_oldest(versions, _VERSIONS)
                _forget_oldest(cache, _FILES)
            return result

        return wrapper

    return decorator


def _forget_oldest(cache: dict[K, R], most: int) -> None:
    while len(cache) > most:
        cache.pop(next(iter(cache)))
