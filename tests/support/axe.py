"""Barriers that axe finds on a page."""

from __future__ import annotations

from playwright.sync_api import Page

from service.web.frontend import webbuild

_AXE = webbuild.WEB / "node_modules" / "axe-core" / "axe.min.js"
_RULES = "({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"


def serious_faults(page: Page) -> list[str]:
    """Return what axe calls serious or critical by WCAG 2.1 A and AA."""
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate(f"async () => (await axe.run(document, {_RULES})).violations")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in ("serious", "critical")
    ]
