"""The public page of a regulation in a browser: articles beside the diagram, whole on paper, short on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.lakeside import KEY


def test_on_paper_the_whole_diagram_is_a_picture(page: Page, base: str) -> None:
    page.goto(f"{base}/portal/{KEY}/regulation")
    page.locator(".diagram[data-ready]").wait_for()
    page.emulate_media(media="print")
    picture = page.locator("img.on-paper")
    expect(picture).to_be_visible()
    expect(page.locator(".diagram-frame")).to_be_hidden()
    assert picture.evaluate("it => it.complete && it.naturalWidth > 0")
    assert picture.evaluate("it => it.getBoundingClientRect().right <= document.documentElement.clientWidth + 1")


def test_on_a_phone_the_diagram_opens_legible_at_its_beginning_and_whole_on_demand(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{base}/portal/{KEY}/regulation")
    page.locator(".diagram[data-ready]").wait_for()
    assert page.locator(".diagram-scroll").evaluate("it => it.scrollWidth > it.clientWidth && it.scrollLeft === 0")
    page.get_by_role("button", name="看全图").click()
    frame, drawn = (page.locator(name).first.bounding_box() for name in (".diagram-scroll", ".diagram g.viewport"))
    assert frame is not None
    assert drawn is not None
    assert frame["x"] - 1 <= drawn["x"]
    assert drawn["x"] + drawn["width"] <= frame["x"] + frame["width"] + 1
    page.get_by_role("button", name="放大").click()
    assert page.locator(".diagram-scroll").evaluate("it => it.scrollWidth > it.clientWidth && it.scrollLeft > 0")
    assert page.locator("html").evaluate("node => node.scrollWidth") <= 390
