"""The demonstration entered by clicks: a city, a person of it, a task done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.clicks_counted import counted
from tests.support.demonstration import play, served_demonstration


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody of a city, a task on their list, and what they enter: text by field, the value to choose, boxes to tick."""

    city: str
    login: str
    task: str
    text: dict[str, str]
    choose: dict[str, str]
    tick: tuple[str, ...] = ()


DEEDS = (
    Deed(
        "urumqi",
        "saybag.sun",
        "动员情况",
        {"held_on": "2026-03-18", "organisations": "30", "sme": "12", "record": "召开宣讲会并上门走访。"},
        {},
    ),
    Deed("kizilsu", "kz.su", "提出意见", {"handler": "苏雯"}, {"opinion": "pass"}),
    Deed("ganzhou", "gz.feng", "答复监督意见", {"answer": "已请评审员补充记录。"}, {}),
    Deed(
        "yining",
        "yn.expert.2",
        "申明利害关系",
        {},
        {"declared": "no"},
        ("truthful", "faithful", "no_consulting", "no_gifts", "secrecy", "integrity"),
    ),
    Deed("qingyuan", "qy.org.02", "", {"measures": "已停用印有标识的包装，库存重新贴标。"}, {}),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_demonstration(tmp_path_factory.mktemp("demonstration")) as base:
        yield base


@pytest.mark.browser
@pytest.mark.parametrize("deed", DEEDS, ids=lambda d: d.city)
def test_a_person_of_every_city_is_entered_by_clicks_and_does_a_task(
    deed: Deed, address: str, chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/portal")
    page.locator(f".demo-cities button[value={deed.city}]").click()
    expect(page).to_have_url(f"{address}/portal/{deed.city}")
    page.locator("#demo-person").select_option(deed.login)
    page.get_by_role("button", name="进入", exact=True).click()
    expect(page).to_have_url(re.compile(r"/(home|cases/\d+|ballots/\d+|sittings/\d+)$"))  # where the work is
    page.get_by_role("navigation", name="主要栏目").get_by_role("link", name="待办", exact=True).click()
    link = page.locator("a.row-link").filter(has_text=deed.task).first
    where = link.get_attribute("href")
    link.click()
    expect(page.locator("main form [name=version]").first).to_be_attached()
    _fill(page, deed)
    page.locator("main form button[type=submit]").filter(has_text=re.compile("提交|报送")).last.click()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page).not_to_have_url(f"{address}{where}")
    context.close()


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
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


def _fill(page: Page, deed: Deed) -> None:
    for name, value in deed.choose.items():
        page.locator(f"main [name='{name}'][value='{value}']").check()
    for name in deed.tick:
        page.locator(f"main input[type=checkbox][name='{name}']").check()
    for name, value in deed.text.items():
        page.locator(f"main [name='{name}']").fill(value)


EXTENT = """(box) => {
    const frame = document.querySelector(box).getBoundingClientRect();
    const drawn = [...document.querySelectorAll(`${box} .djs-element`)].map((one) => one.getBoundingClientRect());
    const first = Math.min(...drawn.map((one) => one.left)), last = Math.max(...drawn.map((one) => one.right));
    return { empty: Math.max(first - frame.left, frame.right - last), wide: frame.width, first, last };
}"""
"""How far the elements of a diagram reach within its box, in CSS pixels."""


@pytest.mark.browser
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
