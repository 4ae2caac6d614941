"""An audit where nothing is found wrong, done by few clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.clicks_counted import counted
from tests.support.demonstration import served_demonstration


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served_demonstration(tmp_path / "demonstration") as base:
        yield base


@pytest.mark.browser
def test_an_audit_without_findings_takes_six_clicks(address: str, chromium: Browser) -> None:
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    page.goto(f"{address}/portal")
    page.locator(".demo-cities button[value=urumqi]").click()
    page.locator("#demo-person").select_option("gaoxin.ma")
    page.get_by_role("button", name="进入", exact=True).click()
    page.goto(f"{address}/tasks?scope=body")
    with counted(page, most=6) as hand:
        hand.click(page.locator("a.row-link").filter(has_text="审核申报材料").first)
        expect(page.locator("[name=auditor]")).to_have_value("马志强")
        hand.click(page.get_by_role("button", name="以下全部符合", exact=True))
        expect(page.locator("[name=summary]")).to_have_value("逐项审核，全部符合。")
        expect(page.locator("[data-normal]:checked")).to_have_count(17)
        hand.check(page.locator("[name=no_interest]"))
        hand.check(page.locator("[name=site_checked][value=no]"))
        hand.check(page.locator("[name=conclusion][value=pass]"))
        # Without the mouse: the field after the reader's own name, whose colleague may have to be named.
        page.locator("[name=auditor]").focus()
        hand.press("Tab")
        if not page.locator("[name=second_auditor]").input_value():
            hand.type("李建军")
        hand.click(page.get_by_role("button", name="提交", exact=True))
    expect(page.locator(".toast, .flash, [role=status]").filter(has_text="已提交").first).to_be_visible()
    page.context.close()
