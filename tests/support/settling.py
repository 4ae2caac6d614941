"""Waits until a page in a real browser has everything it asked for, without half a second of doing nothing after that."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page, Request

_PAUSE = "() => new Promise((done) => setTimeout(done, 20))"
_PAUSES = 3
"""So many pauses one after another without a request, each of them begun when the scripts had nothing to do."""
_MOST = 1500


@dataclass
class Settling:
    """A page whose requests are followed; it is made before the page opens anything.

    What the browser calls an idle network is half a second without a request, on every page that a test looks at.
    """

    page: Page
    _open: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", lambda one: self._open.add(one))
        self.page.on("requestfinished", lambda one: self._open.discard(one))
        self.page.on("requestfailed", lambda one: self._open.discard(one))

    def settle(self) -> None:
        """Wait until the page is loaded, no request is open and none follows; raises AssertionError when it never is."""
        self.page.wait_for_load_state("load")
        quiet = 0
        for _ in range(_MOST):
            self.page.evaluate(_PAUSE)
            quiet = 0 if self._open else quiet + 1
            if quiet == _PAUSES:
                return
        raise AssertionError(f"{self.page.url} goes on asking for {[one.url for one in self._open]}")
