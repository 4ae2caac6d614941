"""Every page of the style guide opens cleanly, fits its screen, and is accessible."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import axe
from tests.support.pictures import keep_picture

OFFICE, PHONE, PAPER = (1366, 768), (390, 844), (700, 990)
PAGES = (
    "", "/tasks?rows=0", "/tasks?rows=1", "/tasks?rows=15", "/tasks?rows=40", "/tasks?rows=15&lang=en", "/task",
    "/task?errors=1", "/application", "/notice", "/notice?closed=1", "/monitor", "/ballot", "/error", "/confirm",
)  # fmt: skip


class Watched:
    """A page that remembers everything that went wrong: script errors, refusals of the policy, requests to elsewhere."""

    def __init__(self, page, address):
        self.page, self.address, self.wrong = page, address, []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("request", self.check_host)
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))

    def check_host(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"leaves the site: {request.url}")

    def open(self, path):
        answer = self.page.goto(f"{self.address}/styleguide{path}")
        assert answer is not None
        assert answer.status == 200
        self.page.wait_for_selector("html.js")
        if "monitor" in path:
            self.page.wait_for_selector(".diagram[data-ready]")
        return self.page


@pytest.fixture
def watched(chromium, guide, request):
    """Open pages at the size given as parameter and fail at the end when anything went wrong."""
    width, height = getattr(request, "param", OFFICE)
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    watch = Watched(context.new_page(), guide[0])
    yield watch
    context.close()
    assert not watch.wrong


@pytest.mark.parametrize("watched", [OFFICE, PHONE], indirect=True, ids=["office", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_page_opens_under_the_policy_fits_its_screen_and_is_accessible(watched, path, request):
    page = watched.open(path)
    keep_picture(page, request.node.name)
    assert page.locator("html").evaluate("node => node.scrollWidth - innerWidth") <= 0
    assert page.locator("h1").count() == 1
    assert axe(page) == []


@pytest.mark.parametrize("watched", [PAPER], indirect=True, ids=["paper"])
@pytest.mark.parametrize("path", ["/task", "/notice", "/application"])
def test_axe_finds_nothing_on_paper_and_only_the_matter_is_printed(watched, path):
    page = watched.open(path)
    page.emulate_media(media="print")
    for gone in (".places", ".eyes", ".foot", ".action-bar", ".card-action"):
        expect(page.locator(gone).filter(visible=True)).to_have_count(0)
    assert axe(page) == []


def test_axe_finds_nothing_in_the_open_dialogs_and_reasons(watched):
    page = watched.open("/tasks?rows=15")
    page.locator(".due .why-term").first.focus()
    page.locator(".why-body").first.wait_for(state="visible")
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    assert axe(page) == []
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    assert axe(page) == []


def test_fifteen_rows_fit_an_office_screen(watched):
    page = watched.open("/tasks?rows=15")
    last = page.locator("[data-row]").nth(14).bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= OFFICE[1]


@pytest.mark.parametrize("watched", [PHONE], indirect=True, ids=["phone"])
def test_rows_are_cards_on_a_phone(watched):
    page = watched.open("/tasks?rows=15")
    assert page.locator("[data-row]").first.evaluate("row => getComputedStyle(row).display") == "block"


def test_pages_work_without_scripts(chromium, guide):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{guide[0]}/styleguide/task")
    expect(page.locator("input[type=file]").first).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page).to_have_title("ok")
    context.close()
