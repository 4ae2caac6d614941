"""The demonstration entered by clicks: a city, a person of it, a task done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.clicks_counted import counted
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
        expect(page.locator("form.filters")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, (language, path)
        cells = page.locator(".task-list td.who > .cluster > span")
        assert max((box["height"] for cell in cells.all() if (box := cell.bounding_box())), default=0) < 80, path
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == 794
    context.close()


def test_on_a_phone_a_step_of_the_tour_shows_where_it_leads(address: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/portal")
    ahead = page.locator(".demo-tour").get_by_role("button", name="下一步")
    for leads in (1, 1, 1, 2, 0, 3):
        ways = page.locator(".tour-way")
        expect(ways).to_have_count(leads)
        assert all(way.is_visible() for way in ways.all())
        assert page.locator(".demo-tour > form").first.is_visible() == bool(leads)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        with page.expect_navigation():
            ahead.click()
    page.locator(".demo-tour").get_by_role("button", name="上一步").click()
    page.get_by_role("button", name="扮演沈一鸣").click()
    expect(page).to_have_url(re.compile(r"/tasks$"))
    context.close()


def test_a_task_is_handed_on_from_the_list_by_three_clicks(address: str, chromium: Browser) -> None:
    context = chromium.new_context(base_url=address, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    play(page, "tianshan.zhao")
    page.goto(f"{address}/tasks?scope=body")
    with counted(page, most=3) as hand:
        hand.click(page.locator(".task-list td.who a").filter(has_text="转办").first)
        expect(page.get_by_role("radio", name="古丽娜尔·马木提")).to_be_checked()  # the only colleague
        hand.click(page.get_by_role("textbox", name="转办原因"))
        hand.type("到外地开会")
        hand.click(page.locator("main form").get_by_role("button", name="转办", exact=True))
        expect(page.locator("main, .flashes").filter(has_text="已转办").first).to_be_visible()
    context.close()


EXTENT = """(box) => {
    const frame = document.querySelector(box).getBoundingClientRect();
    const drawn = [...document.querySelectorAll(`${box} .djs-element`)].map((one) => one.getBoundingClientRect());
    const first = Math.min(...drawn.map((one) => one.left)), last = Math.max(...drawn.map((one) => one.right));
    return { empty: Math.max(first - frame.left, frame.right - last), wide: frame.width, first, last };
}"""
"""How far the elements of a diagram reach within its box, in CSS pixels."""


def test_a_long_diagram_fills_its_box_and_is_printed_whole(address: str, chromium: Browser) -> None:
    """On the screen it scrolls without an empty part; on an A4 sheet all of it stands between the margins."""
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    play(page, "admin")
    page.goto(f"{address}/monitor/heat")
    expect(page.locator(".diagram .djs-element").first).to_be_visible()
    shown = page.evaluate(EXTENT, ".diagram")
    assert shown["empty"] < 60, shown
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.evaluate(EXTENT, ".diagram")
    assert printed["wide"] <= 680, printed
    assert printed["first"] >= 0, printed
    assert printed["last"] <= 794, printed
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(EXTENT, ".diagram") == pytest.approx(
        shown, abs=2
    )  # parts of pixels are lost to rounding, at both ends
    context.close()
