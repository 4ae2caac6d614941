"""Signatures in a real browser: asked for with few clicks, given with two, and nothing that axe objects to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.store import Store
from tests.support.accessibility import axe
from tests.support.clicks_counted import counted
from tests.support.desks import PACKAGE, make_bench
from tests.support.served import served, signed_in

pytestmark = pytest.mark.browser


def test_somebody_is_asked_to_sign_by_four_clicks_and_signs_by_two(
    sqlite_url: str, open_store: Callable[[str], Store], chromium: Browser
) -> None:
    bench = make_bench(open_store(sqlite_url))
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    (task,) = bench.tasks(case)
    with served(bench) as base:
        with signed_in(chromium, bench, "office", base) as context:
            page = context.new_page()
            page.goto(f"{base}/tasks/{task.id}")
            with counted(page, most=4) as hand:
                hand.click("a:has-text('加签、会签')")
                expect(page).to_have_url(f"{base}/tasks/{task.id}/sign")
                assert axe(page, serious=True) == []
                hand.check(page.get_by_label("second"))
                hand.check(page.get_by_label("后签"))
                hand.click("button:has-text('请其会签')")
                expect(page.locator("#signs")).to_be_visible()
            assert axe(page, serious=True) == []
        complete_task(bench.desk, bench.office, task.id, None, {"decision": "pass"})
        with signed_in(chromium, bench, "second", base) as context:
            page = context.new_page()
            page.goto(f"{base}/tasks/signs")
            assert axe(page, serious=True) == []
            with counted(page, most=2) as hand:
                hand.click(".task-list a.row-link")
                expect(page).to_have_url(re.compile(r"/signs/\d+$"))
                assert axe(page, serious=True) == []
                hand.click("button:has-text('同意') >> nth=0")
                expect(page.locator("main")).to_contain_text("提交的内容已生效")
    assert all(one.id != task.id for one in bench.tasks(case))
