"""In a real browser: a year of the calendar goes from one person to another, an objection is recorded, a restart goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from service.casework.people.factors.sessions import open_session
from service.casework.studio.recording import recordings
from service.store import Store
from service.web.frame.requests.cookies import SESSION
from service.web.frontend import webbuild
from tests.support.accessibility import axe
from tests.support.browsers import make_app
from tests.support.example_town import ExampleTown, make_example_town
from tests.support.pictures import keep_picture
from tests.support.recorded import played_until

pytestmark = pytest.mark.browser
NOTICE = "元旦 2026-01-01\n市庆 2026-03-05 2026-03-06\n上班 2026-03-14"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    webbuild.build()
    return make_example_town(sqlite_store, tmp_path / "tree")


@contextmanager
def opened(chromium: Browser, example: ExampleTown, *logins: str) -> Iterator[tuple[str, list[Page]]]:
    """A page for each of these people, on one server; whatever goes wrong in scripts fails the test."""
    server = make_server("127.0.0.1", 0, make_app(example), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    base, pages, wrong = f"http://127.0.0.1:{server.port}", [], list[str]()
    for login in logins:
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        token = open_session(example.desk, example.people[login], 12)
        context.add_cookies([{"name": SESSION, "value": token, "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        pages.append(page)
    yield base, pages
    for page in pages:
        page.context.close()
    server.shutdown()
    assert wrong == []


def looked_at(page: Page, name: str) -> None:
    """Keep pictures wide and narrow; nothing serious, nothing wider than the screen."""
    keep_picture(page, name)
    assert axe(page, serious=True) == []
    page.set_viewport_size(PHONE)
    keep_picture(page, f"{name}-phone")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_year_is_proposed_by_one_and_taken_in_by_another(chromium: Browser, example: ExampleTown) -> None:
    with opened(chromium, example, "designer", "checker") as (base, [designer, checker]):
        designer.goto(f"{base}/studio/drafts/{example.draft}/calendar#notice")
        designer.locator("#year").fill("2026")
        designer.get_by_label("通知标题").fill("关于2026年放假调整的通知")
        designer.get_by_label("文号").fill("示政办发〔2026〕1号")
        designer.get_by_label("通知正文").fill(NOTICE)
        designer.get_by_role("button", name="看会改动什么").click()
        expect(designer.locator(".consequences")).to_contain_text("市庆")
        looked_at(designer, "calendar-forecast")
        designer.get_by_role("button", name="提出这一年").click()
        expect(designer.locator("main")).to_contain_text("不能自己核定")
        checker.goto(f"{base}/studio")
        checker.get_by_role("link", name="日历年份").click()
        expect(checker.locator("main")).to_contain_text("待核定")
        looked_at(checker, "calendar-decision")
        checker.get_by_role("link", name="会改期").click()
        expect(checker.get_by_role("table")).to_contain_text("会改期的公示和期限")
        expect(checker.get_by_role("navigation", name="主要栏目").get_by_role("link").first).to_be_visible()
        looked_at(checker, "calendar-counted")
        checker.get_by_role("button", name="核定载入").click()
        expect(checker.locator("main")).to_contain_text("已载入")
        designer.goto(f"{base}/studio/drafts/{example.draft}/calendar?year=2026")
        expect(designer.locator("main")).to_contain_text("市庆")
        checker.get_by_text("撤回这一年").click()
        checker.get_by_label("撤回的理由").fill("与原件不符")
        checker.get_by_role("button", name="撤回", exact=True).click()
        expect(checker.locator("main")).to_contain_text("已撤回")
        looked_at(checker, "calendar-withdrawn")


def test_an_objection_is_recorded_and_a_restart_goes_on(chromium: Browser, example: ExampleTown) -> None:
    played_until(example, "appeal_upheld", "lodge")
    with opened(chromium, example, "designer") as (base, [page]):
        here = f"{base}/studio/drafts/{example.draft}/scenarios/record"
        page.goto(here)
        looked_at(page, "recording-board")
        page.get_by_text("甲 （").click()
        page.get_by_role("link", name="异议：").first.click()
        looked_at(page, "recording-objection")
        page.get_by_role("button", name="办理并记下").click()
        expect(page.locator(".error-summary")).to_be_visible()
        looked_at(page, "recording-objection-refused")
        page.goto(here)
        page.get_by_role("link", name="更正公示").first.click()
        page.get_by_label("理由").fill("名称有误。")
        looked_at(page, "recording-correct")
        page.get_by_role("button", name="办理并记下").click()
        expect(page.locator("main")).to_contain_text("更正公示 ")
        recordings._HELD.pop(example.desk.store)  # as after a restart
        page.goto(f"{here}/finish")
        expect(page.locator("main")).to_contain_text("2026年3月")
        looked_at(page, "recording-finish")
