"""Starts the machine's Chromium, on request one whose pages get every answer late and compute slowly.

A test that asks a page once, where it should wait, passes on a quick machine and fails on another day. ``make slow`` looks
for such tests, and for pages that lose what a person does meanwhile: ``LAUREL_SLOW_MS=300`` lets every answer come that many
milliseconds later, ``LAUREL_SLOW_CPU=2`` lets scripts take that many times as long.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, CDPSession, Page

LATENCY = int(os.environ.get("LAUREL_SLOW_MS") or 0)
THROTTLE = float(os.environ.get("LAUREL_SLOW_CPU") or 1)


def start_chromium(chromium: BrowserType, program: str | None, flags: Sequence[str]) -> Browser:
    """Start ``program``; its pages are as slow as the settings say."""
    browser = chromium.launch(executable_path=program, args=list(flags))
    return _slowed(browser) if LATENCY or THROTTLE > 1 else browser


def _slowed(browser: Browser) -> Browser:
    """Let every page that a test opens in ``browser`` be slow before it goes anywhere."""
    quick_context, quick_page = browser.new_context, browser.new_page

    def new_context(**asked: Any) -> BrowserContext:
        context = quick_context(**asked)
        quick, tools = context.new_page, list[CDPSession]()

        def new_page() -> Page:
            page = quick()
            tools.append(_slow(page))
            page.on("close", lambda closed, own=tools[-1]: tools.remove(own))
            return page

        def set_offline(offline: bool) -> None:  # what Playwright says of it would not reach a page that is slow
            for one in tools:
                _late(one, offline=offline)

        context.new_page, context.set_offline = new_page, set_offline
        return context

    def new_page(**asked: Any) -> Page:
        page = quick_page(**asked)
        _slow(page)
        return page

    browser.new_context, browser.new_page = new_context, new_page
    return browser


def _slow(page: Page) -> CDPSession:
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    _late(tools)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    return tools


def _late(tools: CDPSession, *, offline: bool = False) -> None:
    late = {"offline": offline, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
    tools.send("Network.emulateNetworkConditions", late)
