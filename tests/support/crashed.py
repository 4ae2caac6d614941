"""A page that is gone as in a crash: it says no farewell to the server."""

from __future__ import annotations

from playwright.sync_api import Page

FAREWELL = """() => {
  for (const kind of ['pagehide', 'beforeunload', 'online', 'visibilitychange'])
    addEventListener(kind, (event) => event.stopImmediatePropagation(), { capture: true });
}"""


def crash(page: Page) -> None:
    """Close ``page`` without the last save that a page sends when it is left.

    A page that is closed without a connection tries that save as well. It fails in a real browser; here the
    connection comes back within a millisecond, and the save would now and then arrive.
    """
    page.evaluate(FAREWELL)
    page.close()
