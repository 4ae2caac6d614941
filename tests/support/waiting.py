"""Waiting for work beside the requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

from playwright.sync_api import Page

PATIENCE = 120.0
"""Seconds that a test waits for what takes a moment on a quiet machine: none is so slow or so busy that it takes longer."""
_LOOKS = 1000


def until(
    done: Callable[[], object],
    seconds: float = PATIENCE,
    rest: Callable[[float], object] = time.sleep,
    what: str = "what was waited for",
) -> None:
    """Return once ``done`` says so; fails after ``seconds``. ``rest`` lets others go on for so many seconds."""
    end, pause = time.monotonic() + seconds, 0.002
    while not done():
        assert time.monotonic() < end, f"{what}: still not so after {seconds:g} s"
        rest(pause)
        pause = min(pause * 2, 0.05)


def ended(*threads: Thread, seconds: float = PATIENCE) -> None:
    """Return once threads have ended; fails after ``seconds`` with the name of the one that goes on."""
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive(), f"the thread {thread.name} goes on, still after {seconds:g} s"


def happened(event: Event, what: str, seconds: float = PATIENCE) -> None:
    """Return once ``event`` is there; fails after ``seconds`` with ``what`` did not happen."""
    assert event.wait(seconds), f"{what}: still not so after {seconds:g} s"


def as_long_as(holds: Callable[[], object], what: str, most: int = _LOOKS) -> Iterator[int]:
    """Yield while ``holds`` says so, for a loop that takes one thing after another; fails after ``most`` times."""
    for number in range(most):
        if not holds():
            return
        yield number
    raise AssertionError(f"{what}: still so after {most} times")


def until_on(page: Page, done: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return once ``done`` says so while ``page`` goes on answering its routes and events; fails after ``seconds``."""
    until(done, seconds, lambda pause: page.wait_for_timeout(pause * 1000))
