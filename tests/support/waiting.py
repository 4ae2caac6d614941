"""Waiting for work beside the requests."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(done: Callable[[], bool], seconds: float = 120) -> None:
    """Return once ``done`` says so; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"still not done after {seconds} s"
        time.sleep(0.05)
