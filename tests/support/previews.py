"""Previews of the assistants of clauses: asked for, followed until they are made, as the page does."""

from __future__ import annotations

import re

from tests.support.browsers import Browser
from tests.support.waiting import until


def previewed(browser: Browser, here: str, sent: dict[str, str], page: str = "/portal") -> str:
    """Ask for a preview on the page ``here``, wait until it is made, and return the page that shows it."""
    begun = browser.post(here, sent, page=page)
    assert begun.status_code == 302, begun.text
    shown = browser.get(begun.headers["Location"]).text

    def made() -> bool:
        nonlocal shown
        if job := re.search('data-job-url="([^"]+)"', shown):
            browser.get(job[1])  # answers once it is over, or a moment later
            shown = browser.get(begun.headers["Location"]).text
        return job is None

    until(made, rest=lambda _: None, what="the preview is made")
    return shown
