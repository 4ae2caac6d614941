"""The editor of diagrams by keys, by touch and by ear; how much of the window the drawing has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.casework.people.factors.sessions import open_session
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.catalog.bpmn.read import read_diagram
from service.web.frame.requests.cookies import SESSION
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

FOCUSED = "document.activeElement"


def opened(page: Page, town: Lakeside, base: str) -> int:
    draft = open_draft(town.desk, town.designer, KEY, "改图")
    page.goto(f"{base}/studio/drafts/{draft}/diagrams/edit?path={DIAGRAM}")
    expect(page.locator(".studio-modeler[data-ready=yes]")).to_be_visible()
    return draft


def chosen(page: Page) -> str:
    return str(page.evaluate("laurelStudio.modeler.get('selection').get()[0]?.id ?? ''"))


def test_by_keys_alone_an_element_is_found_filled_in_and_left(page: Page, town: Lakeside, base: str) -> None:
    draft = opened(page, town, base)
    page.keyboard.press("Tab")
    for _ in range(60):
        if page.evaluate(f"{FOCUSED}.matches('.modeler-find')"):
            break
        assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") != "none", page.evaluate(
            f"{FOCUSED}.outerHTML.slice(0, 200)"
        )
        page.keyboard.press("Tab")
    page.keyboard.type("书面说明理由")
    page.keyboard.press("Enter")
    assert chosen(page) == "explain"
    page.keyboard.press("Alt+p")
    assert page.evaluate(f"Boolean({FOCUSED}.closest('[data-part=panel]'))")
    page.keyboard.press("Control+a")
    page.keyboard.type("书面告知理由")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.labels[0].textContent") == "落实的条款", "the next field but the summary between"
    expect(page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")
    content = open_file(town.desk, town.designer, draft, DIAGRAM).content
    assert read_diagram(content, DIAGRAM).elements["explain"].name == "书面告知理由"
    page.locator("[data-part=canvas] svg").first.focus()
    page.keyboard.press("Alt+ArrowLeft")
    before = chosen(page)
    assert before != "explain"
    page.keyboard.press("Alt+ArrowRight")
    assert chosen(page) == "explain"
    page.keyboard.press("Control+z")
    assert (
        page.evaluate("laurelStudio.modeler.get('elementRegistry').get('explain').businessObject.name")
        == "书面说明理由"
    )
    keys = page.locator(".modeler-keys")
    keys.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(keys).to_contain_text("需要鼠标")
    page.keyboard.press("Escape")
    expect(keys).not_to_have_attribute("open", "")


def nodes(page: Page) -> set[str]:
    """The ids of the nodes and flows that are drawn."""
    script = """laurelStudio.modeler.get('elementRegistry')
        .filter((one) => one.parent && !one.labelTarget && /Event|Task|Gateway|Activity|Flow$/.test(one.type)).map((one) => one.id)"""
    return set(page.evaluate(script))


def typed_onward(page: Page, label: str, wanted: str) -> None:
    """Choose ``wanted`` in a list of what comes next and press its button, by keys alone."""
    page.keyboard.press("Alt+n")
    for _ in range(12):
        if page.evaluate(f"{FOCUSED}.labels?.[0]?.textContent ?? ''") == label:
            break
        page.keyboard.press("Tab")
    for _ in range(60):
        page.keyboard.press("ArrowDown")
        if str(page.evaluate(f"{FOCUSED}.selectedOptions[0].textContent")).startswith(wanted):
            break
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_by_keys_alone_a_way_is_drawn(page: Page, town: Lakeside, base: str) -> None:
    draft = opened(page, town, base)
    find = page.get_by_label("在图中查找")
    before = nodes(page)
    find.focus()
    page.keyboard.type("书面说明理由")
    page.keyboard.press("Enter")
    typed_onward(page, "添加", "有人办理的任务")
    page.keyboard.type("核对理由")  # the focus stands in the name of what was added
    page.keyboard.press("Tab")
    task = chosen(page)
    typed_onward(page, "附在这个任务上", "到了某日")
    timer = chosen(page)
    typed_onward(page, "连到已有的图形", "有人办理的任务 决定是否受理")
    page.keyboard.press("Escape")
    page.evaluate("laurelStudio.modeler.get('selection').select([])")
    typed_onward(page, "放置", "结束")
    end = chosen(page)
    expect(page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")
    model = read_diagram(open_file(town.desk, town.designer, draft, DIAGRAM).content, DIAGRAM)
    assert model.elements[task].name == "核对理由"
    assert model.elements[timer].attached_to == task
    drawn = {(flow.source, flow.target) for flow in model.flows.values()}
    assert {("explain", task), (timer, "decide")} <= drawn
    assert end in model.elements
    assert len(nodes(page) - before) == 5
    overlaps = """([one, other]) => { const r = laurelStudio.modeler.get('elementRegistry'), [a, b] = [r.get(one), r.get(other)];
        return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height; }"""
    others = page.evaluate(
        "laurelStudio.modeler.get('elementRegistry').filter((e) => /Task|Event|Gateway/.test(e.type) && !e.labelTarget).map((e) => e.id)"
    )
    assert [other for other in others if other != end and page.evaluate(overlaps, [end, other])] == []


def test_a_reader_hears_what_is_drawn_and_chosen(page: Page, town: Lakeside, base: str) -> None:
    opened(page, town, base)
    expect(
        page.get_by_role("img", name="有人办理的任务 审查申报材料")
        .or_(page.get_by_role("img", name=re.compile("^有人办理的任务")))
        .first
    ).to_be_attached()
    main = page.locator(".studio-modeler")
    heard = main.aria_snapshot()
    for part in ('toolbar "流程图工具"', 'application "流程图画布"', 'region "问题"', 'complementary "选中图形的内容"'):
        assert part in heard
    page.evaluate(
        "() => { const m = laurelStudio.modeler; m.get('selection').select(m.get('elementRegistry').get('explain')); }"
    )
    expect(main.get_by_role("status").filter(has_text="选中系统自动办理 书面说明理由")).to_be_attached()
    expect(main.get_by_role("status").filter(has_text="这张图没有问题")).to_be_attached()
    expect(main.get_by_role("status").filter(has_text="没有未保存的改动")).to_be_attached()


@pytest.fixture
def phone(chromium: Browser, town: Lakeside, base: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    token = open_session(town.desk, town.people["designer"], 12)
    context.add_cookies([{"name": SESSION, "value": token, "url": base}])
    yield context
    context.close()


def test_a_finger_opens_moves_chooses_and_fills_in(phone: BrowserContext, town: Lakeside, base: str) -> None:
    page = phone.new_page()
    draft = opened(page, town, base)
    palette = page.locator(".djs-palette").bounding_box()
    assert palette
    assert palette["height"] < 70
    assert page.locator("html").evaluate("node => node.scrollWidth - innerWidth") <= 0
    canvas = page.locator("[data-part=canvas]")
    canvas.scroll_into_view_if_needed()
    page.evaluate(
        "() => { const m = laurelStudio.modeler; m.get('canvas').scrollToElement(m.get('elementRegistry').get('explain'), 110); }"
    )
    page.locator("[data-element-id=explain] .djs-hit").first.tap(force=True)
    assert chosen(page) == "explain"
    page.locator(".djs-context-pad [data-action='append.person']").tap()
    assert page.evaluate("laurelStudio.modeler.get('selection').get()[0].type") == "bpmn:UserTask"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="撤销").tap()
    page.locator("[data-element-id=explain] .djs-hit").first.tap(force=True)
    name = page.locator("[data-part=panel]").get_by_label("名称", exact=True)
    name.tap()
    name.fill("书面告知")
    name.blur()
    expect(page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")
    content = open_file(town.desk, town.designer, draft, DIAGRAM).content
    assert read_diagram(content, DIAGRAM).elements["explain"].name == "书面告知"
    canvas.scroll_into_view_if_needed()
    before = page.evaluate("laurelStudio.modeler.get('canvas').viewbox().x")
    swipe(page, dx=-120)
    assert page.evaluate("laurelStudio.modeler.get('canvas').viewbox().x") > before + 50


def swipe(page: Page, dx: int) -> None:
    """Move one finger over the drawing, from an empty place."""
    box = page.locator("[data-part=canvas]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] - 40, box["y"] + 30
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + dx * step / 8, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
