"""An audit where nothing is found wrong, done by few clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.clicks_counted import counted
from tests.support.demonstration import served_demonstration


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_demonstration(tmp_path_factory.mktemp("audits") / "demonstration") as base:
        yield base


def _audits(address: str, chromium: Browser, width: int, height: int) -> Page:
    """Return the list of an auditor's tasks in a window of this size."""
    page = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
    page.goto(f"{address}/portal")
    page.locator(".demo-cities button[value=urumqi]").click()
    page.locator("#demo-person").select_option("gaoxin.ma")
    with page.expect_navigation():
        page.get_by_role("button", name="进入", exact=True).click()
    page.goto(f"{address}/tasks?scope=body")
    return page


def test_on_a_phone_the_audit_is_short_and_shows_what_was_stated_on_a_tap(address: str, chromium: Browser) -> None:
    page = _audits(address, chromium, 390, 844)
    page.locator("a.row-link").filter(has_text="审核申报材料").first.click()
    expect(page.locator("#findings-all")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator("html").evaluate("node => node.scrollHeight") <= 3800
    assert page.locator("html").evaluate("node => node.scrollWidth") <= 390
    item = page.locator("#f-conditions-operation .beside-item")
    expect(item.locator("dl")).to_be_hidden()
    item.locator("summary").click()
    expect(item).to_contain_text("正常运营情况")
    expect(item).to_contain_text("来源：")
    brief = page.locator("aside.brief")
    expect(brief).to_be_hidden()
    page.locator("#brief-shown").check()
    expect(brief).to_be_visible()
    page.context.close()


def test_an_audit_without_findings_takes_six_clicks(address: str, chromium: Browser) -> None:
    page = _audits(address, chromium, 1366, 768)
    with counted(page, most=6) as hand:
        hand.click(page.locator("a.row-link").filter(has_text="审核申报材料").first)
        expect(page.locator("[name=auditor]")).to_have_value("马志强")
        hand.click(page.get_by_role("button", name="以下全部符合", exact=True))
        expect(page.locator("[name=summary]")).to_have_value("逐项审核，全部符合。")
        expect(page.locator("[data-normal]:checked")).to_have_count(17)
        expect(page.locator(".form-body > .note")).to_contain_text("请选择“审核结论”")
        hand.check(page.locator("[name=no_interest]"))
        hand.press("Shift+Tab")  # back to the colleague before it, who may have to be named
        expect(page.locator("[name=second_auditor]")).to_be_focused()
        if not page.locator("[name=second_auditor]").input_value():
            hand.type("李建军")
        hand.check(page.locator("[name=site_checked][value=no]"))
        hand.check(page.locator("[name=conclusion][value=pass]"))
        hand.click(page.get_by_role("button", name="提交", exact=True))
    expect(page.locator(".toast, .flash, [role=status]").filter(has_text="已提交").first).to_be_visible()
    page.context.close()
