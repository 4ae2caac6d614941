"""Takes the pictures of the manual's seven steps from the running demonstration.

``python -m tests.browser.manual_pictures [ADDRESS]`` while ``make demo`` runs: a designer opens a draft of the first
city, does each step and discards the draft; the pictures go into docs/images.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.conftest import BROWSER_FLAGS
from tests.prepare import browser_program

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PACKAGE = "urumqi/quality_award"
HERE = f"processes/{PACKAGE}"
TEXT = """第一条 为规范本市质量奖评选工作，制定本办法。
第二条 在本市行政区域内登记注册满三年的组织，可以申报。
第三条 办公室应当自收到申报材料之日起十个工作日内作出受理或者不予受理的决定；不予受理的，应当书面说明理由。
第四条 拟获奖名单应当向社会公示，公示期不少于五个工作日。"""


def split_text(page: Page, draft: str) -> None:
    """Step 1: a pasted regulation stands split into clauses."""
    page.goto(f"{draft}/clauses/add")
    page.locator("textarea[name=text]").fill(TEXT)
    page.get_by_role("button", name="拆成条款").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def new_place(page: Page, draft: str) -> None:
    """Step 2: the first page of a new city, with nothing left in it of one begun before."""
    page.goto(f"{draft.partition('/drafts/')[0]}/new")
    anew = page.get_by_role("button", name="清空，重新开始")
    if anew.is_visible():
        anew.click()


def date_value(page: Page, draft: str) -> None:
    """Step 3: a value with what follows from it."""
    page.goto(f"{draft}/parameters?q=获奖建议名单公示期")
    page.get_by_role("link", name="获奖建议名单公示期").click()
    page.get_by_label("取值").fill("7")
    page.get_by_role("button", name="预览改动和后果").click()
    expect(page.locator(".consequences")).to_be_visible()


def draw(page: Page, draft: str) -> None:
    """Step 4: a diagram with an element chosen."""
    page.goto(f"{draft}/diagrams/edit?path={HERE}/major_matter.bpmn")
    expect(page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
    page.get_by_label("在图中查找").fill("研究决定重大事项")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="看全图").click()
    expect(page.locator("[data-part=problems]")).to_contain_text("没有问题", timeout=20_000)


def write_letter(page: Page, draft: str) -> None:
    """Step 5: a letter beside its pages as they are printed."""
    page.goto(f"{draft}/documents/edit?path={HERE}/documents/commendation_decision.yaml")
    page.wait_for_load_state("networkidle")
    expect(page.locator("main img").first).to_be_visible(timeout=30_000)


def tell_season(page: Page, draft: str) -> None:
    """Step 6: a scenario played, drawn over its days."""
    page.goto(f"{draft}/scenarios")
    page.locator("tr", has_text="顺利受理").get_by_role("button", name="运行").first.click()
    expect(page.locator("body")).to_contain_text(re.compile("✓ 通过|✗ 未通过"), timeout=60_000)


def publish(page: Page, draft: str) -> None:
    """Step 7: what a reviewer reads."""
    page.goto(f"{draft}/publish")


STEPS: dict[str, Callable[[Page, str], None]] = {
    "split-text": split_text,
    "new-place": new_place,
    "date-value": date_value,
    "draw": draw,
    "write-letter": write_letter,
    "tell-season": tell_season,
    "publish": publish,
}


def show_tasks(page: Page, address: str) -> None:
    """The task list of the office of 乌鲁木齐."""
    play(page, address, "office.wang")
    page.goto(f"{address}/tasks?scope=to_do")


def show_ballot(page: Page, address: str) -> None:
    """The ballot of a member in 甘州 who has not voted."""
    page.goto(f"{address}/portal/ganzhou")
    page.locator(".demo-bar").get_by_role("button", name="甘州").click()
    page.select_option("#demo-person", "gz.mao")
    page.locator(".demo-people button").click()
    page.wait_for_url("**/ballots/*")


FIRST = {"tasks": show_tasks, "ballot": show_ballot}
"""Pictures of the first page of the manual."""


def play(page: Page, address: str, person: str) -> None:
    """Step into a person of the city shown first."""
    page.goto(address)
    page.select_option("#demo-person", person)
    page.locator(".demo-people button").click()
    page.wait_for_load_state()


def open_draft(page: Page, address: str) -> str:
    """Step into the designer and open a draft; returns its address."""
    play(page, address, "designer")
    page.goto(f"{address}/studio")
    form = page.locator("form.studio-new").filter(has=page.locator(f"input[value='{PACKAGE}']"))
    form.locator("input[name=title]").fill("公示改为七个工作日")
    form.get_by_role("button").click()
    page.wait_for_url(re.compile(r"/studio/drafts/\d+$"))
    return page.url


def take_pictures(address: str) -> None:
    """Take every picture from the demonstration at ``address``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=BROWSER_FLAGS)
        size = ViewportSize(width=1280, height=720)
        page = browser.new_context(viewport=size, locale="zh-CN", bypass_csp=True).new_page()
        for name, show in FIRST.items():
            show(page, address)
            _keep(page, name)
        draft = open_draft(page, address)
        for number, (name, step) in enumerate(STEPS.items(), 1):
            step(page, draft)
            _keep(page, f"studio-{number}-{name}")
        page.goto(draft)
        page.get_by_text("作废草稿").click()
        page.get_by_role("button", name="作废", exact=True).click()
        browser.close()


SETTLED = """Promise.all([document.fonts.ready, ...document.getAnimations()
    .filter((each) => each.timeline === document.timeline).map((each) => each.finished)])"""
"""Typefaces are there, nothing moves; what follows the scrolling of a table never ends."""


def _keep(page: Page, name: str) -> None:
    """Keep what the page shows, without the bar of the demonstration."""
    page.add_style_tag(content=".demo-bar { display: none !important; }")
    page.evaluate(SETTLED)
    page.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=62)


if __name__ == "__main__":
    take_pictures(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
