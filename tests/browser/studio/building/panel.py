"""The panel beside the canvas under a person's hand: fields by their labels, formulas, clauses, boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.support.waiting import until_on

_LABEL = """ident => [...document.querySelectorAll('[data-part=panel] label')]
  .map((one) => [one.textContent.trim(), one.title])
  .find(([label, tip]) => [label, tip].includes(ident) || label.endsWith(`（${ident}）`))?.[0]"""


@dataclass
class Panel:
    """Fills in what the panel asks of the chosen element."""

    page: Page

    @property
    def box(self) -> Locator:
        """The panel."""
        return self.page.locator("[data-part=panel]")

    def field(self, label: str) -> Locator:
        """Return a control by its label."""
        return self.box.get_by_label(label, exact=True).first

    def called(self, ident: str) -> str:
        """Return the whole label of what has this id, once it is drawn: its tip, in brackets behind its name, or itself."""
        return str(self.page.wait_for_function(_LABEL, arg=ident).json_value())

    def write(self, label: str, value: str) -> None:
        """Type a text and leave the field."""
        control = self.field(label)
        control.fill(value)
        control.blur()

    def choose(self, label: str, value: str) -> None:
        """Choose one of a list."""
        self.field(label).select_option(value)

    def formula(self, label: str, value: str) -> None:
        """Go into the field of a formula, paste it and leave."""
        self.field(label).focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(value)
        self.page.evaluate("document.activeElement.blur()")

    def clauses(self, ids: Iterable[str], label: str = "落实的条款") -> None:
        """Search clauses by their numbers and take them."""
        wanted, search = [*ids], self.field(label)
        taken = search.locator("xpath=ancestor::*[contains(@class, 'panel-clauses')]").locator(".chip")

        def are_taken() -> bool:  # the panel may be drawn anew between the words and the key
            if taken.count() < len(wanted):
                search.fill(" ".join(wanted))
                search.press("Enter")
            return taken.count() >= len(wanted)

        until_on(self.page, are_taken)

    def unfold(self, title: str) -> None:
        """Open a section that is folded; it stays open on this machine."""
        found = self.box.locator("details:not([open]) > summary", has_text=title)
        if found.count():
            found.first.click()
