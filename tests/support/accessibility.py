"""What axe objects to on a page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from service.web.frontend import webbuild

AXE = webbuild.WEB / "node_modules" / "axe-core" / "axe.min.js"
RULES = "({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"


def axe(page: Page, serious: bool = False) -> list[str]:
    """Return what axe objects to, as short lines; ``serious``: leave out what it calls minor or moderate."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text("utf-8"))
    found: list[Any] = page.evaluate(f"async () => (await axe.run(document, {RULES})).violations")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if not serious or one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
