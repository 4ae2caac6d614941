"""What a person does on a page, counted: presses of the mouse or finger apart from keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page


@dataclass
class Counted:
    """The hand of a person on ``page``.

    ``clicks`` counts presses; choosing from a list is two, to open it and to press the choice. ``keys`` counts keys, a
    text by its characters; moving from one field to the next is a press or a key of its own, so `type` counts only keys
    and expects the field to have been come to.
    """

    page: Page
    clicks: int = 0
    keys: int = 0

    def click(self, target: Locator | str) -> None:
        """Press a link, a button or a field."""
        self._find(target).click()
        self.clicks += 1

    def check(self, target: Locator | str) -> None:
        """Press a box or a radio button."""
        self._find(target).check()
        self.clicks += 1

    def select(self, target: Locator | str, value: str) -> None:
        """Choose from a list."""
        self._find(target).select_option(value)
        self.clicks += 2

    def press(self, key: str) -> None:
        """Press a key where the focus is: "Tab", "Enter", "j"."""
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def _find(self, target: Locator | str) -> Locator:
        return self.page.locator(target) if isinstance(target, str) else target


@contextmanager
def counted(page: Page, *, most: int) -> Iterator[Counted]:
    """Give the hand of a person on ``page``, and fail where it pressed more than ``most`` times."""
    hand = Counted(page)
    yield hand
    assert hand.clicks <= most, (
        f"{hand.clicks} clicks and {hand.keys} keys, at most {most} clicks are wanted: {page.url}"
    )
