"""Lets a test fail that stands still, by name and with what it waits for, so that the run goes on without it.

A plug-in of pytest, as ``tests.held`` is. Whatever waits without an end of its own (a thread, a queue, a page that never
answers) is broken off where it stands. What other threads do at that moment is told with it: often one of them is waited for.
"""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

import pytest

MOST = 300
"""Seconds that a test or what tidies up after it may take: five times what the longest takes on a quiet machine."""
_IDLE = frozenset({"threading.py", "selectors.py", "socketserver.py", "thread.py", "queue.py"})
_SHOWN = 12


class StoodStill(BaseException):
    """A test took longer than any test may; no `except Exception` of what it calls keeps it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Give a test its seconds."""
    with at_most(MOST, item.nodeid):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Give what tidies up after a test the same."""
    with at_most(MOST, f"what follows {item.nodeid}"):
        yield


@contextmanager
def at_most(seconds: float, what: str) -> Iterator[None]:
    """Break off what is done within by an AssertionError once it took ``seconds``."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only there a signal is heard
        return

    def break_off(_signal: int, frame: FrameType | None) -> None:
        raise StoodStill(f"{what} stood still for {seconds:g} s. Other threads then:\n{others_at_work()}")

    before = signal.signal(signal.SIGALRM, break_off)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except StoodStill as told:
        raise _failed(str(told), told.__traceback__) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left)


def _failed(words: str, where: TracebackType | None) -> AssertionError:
    return AssertionError(words).with_traceback(where)


def others_at_work() -> str:
    """Return where each other thread of this process is, but for those that only wait for work."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    told = []
    for ident, frame in sys._current_frames().items():
        if ident == threading.get_ident() or frame.f_code.co_filename.rpartition("/")[2] in _IDLE:
            continue
        told.append(f"{names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame)[-_SHOWN:])}")
    return "\n".join(told) or "none at work"
