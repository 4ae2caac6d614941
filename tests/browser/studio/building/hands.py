"""What every typist has: a page of a draft, opened and pressed as a person does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass
class Hands:
    """A person at the pages of a draft."""

    page: Page
    base: str
    draft: int

    def go(self, place: str) -> None:
        """Open a place of the draft, such as ``parameters/new``."""
        self.page.goto(f"{self.base}/studio/drafts/{self.draft}/{place}")

    def fill(self, typed: Mapping[str, str], within: Locator | None = None) -> None:
        """Fill in controls by their names: texts are typed, choices chosen, boxes ticked; what is empty stays empty."""
        scope = within or self.page.locator("main form").first
        for name, value in typed.items():
            control = scope.locator(f'[name="{name}"]')
            kind = control.first.evaluate("node => node.type")
            if kind == "checkbox":
                for word in value.split():
                    scope.locator(f'[name="{name}"][value="{word}"]').check()
            elif kind == "select-one":
                control.select_option(value)
            elif value or control.input_value():
                control.fill(value)
                control.blur()  # a line that a search stands for shows while it is written into, and moves what is below

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button by its words."""
        (within or self.page.locator("main")).get_by_role("button", name=name, exact=True).click()

    def done(self, words: str) -> None:
        """See that what was asked for was done: the page says so."""
        expect(self.page.locator(".flash, [role=status]").filter(has_text=words).first).to_be_visible()
