"""The demonstration entered by clicks: a city, a person of it, a task done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.demonstration import play, served_demonstration


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_demonstration(tmp_path_factory.mktemp("demonstration")) as base:
        yield base


@pytest.mark.parametrize("login", ["org.05", "gz.org.01", "yn.expert.2", "office.amina", "qy.jiang"])
def test_the_list_of_anybody_fits_a_phone(login: str, address: str, chromium: Browser) -> None:
    """The longest names of the steps of every city, and of the bodies of a whole place, must not widen the page."""
    context = chromium.new_context(base_url=address, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    play(page, login)
    for language, path in (("zh", "/tasks"), ("zh", "/tasks?scope=visible"), ("en", "/tasks?scope=visible")):
        context.request.get(f"{address}/language?to={language}")
        page.goto(f"{address}{path}")
        first = page.locator("main :is(tbody tr, .home-list li, .state)").first
        top = "row => row.getBoundingClientRect().top - document.querySelector('.masthead').getBoundingClientRect().top"
        assert first.evaluate(top) < 350, (language, path)
        page.locator("#narrow-shown").check()
        expect(page.locator("form.filters")).to_be_visible()
        assert page.locator("html").evaluate("node => node.scrollWidth") == 390, (language, path)
        cells = page.locator(".task-list td.who > .cluster > span")
        assert max((box["height"] for cell in cells.all() if (box := cell.bounding_box())), default=0) < 80, path
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    assert page.locator("html").evaluate("node => node.scrollWidth") == 794
    context.close()


def test_on_a_phone_a_step_of_the_tour_shows_where_it_leads(address: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/portal")
    ahead = page.locator(".demo-tour").get_by_role("button", name="下一步")
    for leads in (1, 1, 1, 2, 1, 3):
        ways = page.locator(".tour-way")
        expect(ways).to_have_count(leads)
        assert all(way.is_visible() for way in ways.all())
        assert page.locator(".demo-tour > form").first.is_visible() == bool(leads)
        assert page.locator("html").evaluate("node => node.scrollWidth") == 390
        with page.expect_navigation():
            ahead.click()
    page.locator(".demo-tour").get_by_role("button", name="上一步").click()
    page.get_by_role("button", name="扮演沈一鸣").click()
    expect(page).to_have_url(re.compile(r"/tasks$"))
    context.close()
