"""A city begun from blank is reviewed, published and staffed, opens its first round, and somebody finds the first task."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework.cases.start import start_case
from tests.integration.studio.test_new_city import CITED, FIRST, ROWS
from tests.support.browsers import Browser as Poster
from tests.support.browsers import make_app
from tests.support.lakeside import Lakeside
from tests.support.served import signed_in

pytestmark = pytest.mark.browser
FIRST_PASSWORD, OWN_PASSWORD = "tell-me-once-1", "my-own-words-22"


def test_from_a_draft_to_the_first_task(chromium: Browser, page: Page, base: str, town: Lakeside) -> None:
    made = Poster(make_app(town), town, "designer").post("/studio/new", {**FIRST, **ROWS, **CITED})
    address = f"{base}/studio/drafts/{made.headers['Location'].split('/')[3]}/publish"
    page.goto(address)
    page.get_by_label("改了什么、为什么").fill("新建兰山县。")
    page.get_by_role("button", name="提交评审").click()
    expect(page.locator("main")).to_contain_text("等待另一人评审")
    with signed_in(chromium, town, "checker", base) as second:  # type: ignore[arg-type]
        review = second.new_page()
        review.goto(address)
        review.get_by_label("意见").fill("情景另行核对。")
        with review.expect_navigation():
            review.get_by_role("button", name="通过", exact=True).click()
    page.goto(address)
    expect(page.locator("main")).to_contain_text("由设计人员发布，那里没有管理员")
    with signed_in(chromium, town, "admin", base) as third:  # type: ignore[arg-type]
        administrator = third.new_page()
        administrator.goto(address)
        expect(administrator.locator("main")).not_to_contain_text("那里没有管理员")
        administrator.get_by_role("button", name="发布", exact=True).click()
        expect(administrator.locator("main")).to_contain_text("已发布")
        appoint(administrator, base)
    own = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    office = own.new_page()
    sign_in(office, base)
    office.goto(f"{base}/start")
    office.get_by_role("link", name="评选届次").click()
    office.get_by_label("届次名称").fill("第一届")
    office.get_by_label("申报截止日期").fill("2026-04-01")
    office.get_by_role("button", name="提交").click()
    expect(office.locator("main")).to_contain_text("第一届")
    begun = int(office.url.rpartition("/")[2])
    form = {"founded": "2020-05-01", "merit": "事迹。"}
    start_case(town.desk, town.applicant("甲"), "lanshan/quality_award", "application", begun, form)
    office.goto(f"{base}/tasks")
    office.get_by_role("link", name="决定是否受理").first.click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("决定是否受理")
    own.close()


def appoint(page: Page, base: str) -> None:
    page.goto(f"{base}/people/new")
    page.locator("[name=name]").fill("李办")
    page.locator("[name=login]").fill("li.ban")
    page.locator("main form[action='/people'] [name=password]").fill(FIRST_PASSWORD)
    seats = page.locator("#new-seat")
    office = seats.locator("optgroup[label=兰山县] option", has_text="办公室 · 兰山县市场监督管理局")
    seats.select_option(value=office.get_attribute("value"))
    page.get_by_role("button", name="开通账号").click()
    expect(page.locator("body")).to_contain_text("已为李办开通账号")


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-in")
    page.locator("[name=login]").fill("li.ban")
    page.locator("[name=password]").fill(FIRST_PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    for name, said in (("old", FIRST_PASSWORD), ("new", OWN_PASSWORD), ("again", OWN_PASSWORD)):
        page.locator(f"main form [name={name}]").fill(said)
    page.get_by_role("button", name="修改密码").click()
    expect(page.locator("body")).to_contain_text("密码已修改")
