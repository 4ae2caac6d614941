"""An administrator repairs cases in a real browser: by clicks, wide and on a phone, without serious faults of access."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from service.store import Store
from tests.integration.interventions.test_interventions import WHY, done, reviewed
from tests.support.accessibility import axe
from tests.support.desks import BROKEN, make_bench
from tests.support.served import served, signed_in

pytestmark = pytest.mark.browser


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_administrator_repairs_cases_by_clicks(
    sqlite_url: str, open_store: Callable[[str], Store], chromium: Browser
) -> None:
    bench = make_bench(open_store(sqlite_url))
    cases = [reviewed(bench) for _ in range(3)]
    BROKEN.add("test.post")
    done(bench, cases[0], bench.office, {"decision": "pass"})
    with served(bench) as base:
        with signed_in(chromium, bench, "admin", base) as context:
            page = context.new_page()
            page.goto(f"{base}/monitor")
            page.click("text=按原因处置全部异常")
            page.wait_for_url("**/incidents**")
            assert axe(page, serious=True) == []
            BROKEN.clear()
            page.click("button:has-text('重试')")
            page.wait_for_selector("text=没有异常")
            page.goto(f"{base}/cases/{cases[1]}")
            page.click("a:has-text('干预')")
            page.click("a:has-text('终止办件')")
            page.fill("#basis", "《办法》第九条")
            page.fill("#reason", WHY)
            page.click("button:has-text('先试算')")
            page.wait_for_selector("#effect")
            assert axe(page, serious=True) == []
            assert bench.case(cases[1]).status == "running"
            with page.expect_navigation():
                page.click("button:has-text('终止办件')")
            assert bench.case(cases[1]).outcome == "terminated"
        with signed_in(chromium, bench, "admin", base, width=390) as context:
            page = context.new_page()
            page.goto(f"{base}/monitor/interventions?kind=change_due")
            page.click("a:has-text('审核')")
            page.check("input[name=case]")
            for field, typed in (("day", "2026-03-18"), ("ground", "第八条"), ("reason", WHY)):
                page.fill(f"#{field}", typed)
            assert fits(page)
            with page.expect_navigation():
                page.click("button:has-text('先逐件试算')")
            bench.drain()
            page.reload()
            assert fits(page)
            assert axe(page, serious=True) == []
            with page.expect_navigation():
                page.click("button:has-text('办理可以办理的 1 件')")
            bench.drain()
            page.reload()
            page.wait_for_selector("text=办成 1 件")
    assert bench.tasks(cases[2])[0].due_reason["last_day"] == "2026-03-18"
