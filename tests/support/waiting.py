"""Waiting for work beside the requests."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page


def until(done: Callable[[], object], seconds: float = 120, rest: Callable[[float], object] = time.sleep) -> None:
    """Return once ``done`` says so; fails after ``seconds``. ``rest`` lets others go on for so many seconds."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"still not done after {seconds} s"
        rest(0.05)


def until_on(page: Page, done: Callable[[], object], seconds: float = 120) -> None:
    """Return once ``done`` says so while ``page`` goes on answering its routes and events; fails after ``seconds``."""
    until(done, seconds, lambda pause: page.wait_for_timeout(pause * 1000))
