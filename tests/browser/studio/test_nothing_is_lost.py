"""What is typed beside another window or person, or without a network, is never lost, whatever the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Request, Route, expect

from service.casework.studio.drafts.open_draft import discard_draft, open_draft, share_draft, take_over_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_history
from service.catalog.bpmn.read import read_diagram
from tests.support.crashed import crash
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.waiting import until_on

FORM = f"processes/{KEY}/forms/decide.json"
TABLE = f"processes/{KEY}/eligibility.dmn"
LETTER = f"processes/{KEY}/documents/refusal.yaml"
RENAME = "([id, name]) => { const m = laurelStudio.modeler; m.get('modeling').updateLabel(m.get('elementRegistry').get(id), name); }"


def text_of(town: Lakeside, draft: int, path: str) -> str:
    return open_file(town.desk, town.designer, draft, path).content.decode()


def names(town: Lakeside, draft: int, *elements: str) -> list[str]:
    found = read_diagram(text_of(town, draft, DIAGRAM).encode(), DIAGRAM).elements
    return [found[element].name for element in elements]


def in_another_window(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    """Another window saves ``path`` with ``new`` for ``old``."""
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def diagram(page: Page, base: str, draft: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/diagrams/edit?path={DIAGRAM}")
    expect(page.locator(".studio-modeler[data-ready]")).to_be_visible()


def saved(page: Page) -> None:
    def settled() -> bool:
        page.evaluate("laurelStudio.saving.flush()")
        return not page.evaluate("laurelStudio.saving.dirty")

    until_on(page, settled)
    expect(page.locator(".studio-modeler")).to_have_attribute("data-state", "saved")


def shown(page: Page, *elements: str) -> Any:
    script = "ids => ids.map((id) => laurelStudio.modeler.get('elementRegistry').get(id).businessObject.name)"
    return page.evaluate(script, list(elements))


def held_back(page: Page, pattern: str, act: Callable[[], None]) -> Route:
    """Hold the first request of ``pattern`` that ``act`` causes, and return it."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route), times=1)
    with page.expect_request(pattern):
        act()
    until_on(page, lambda: held)
    return held[0]


def test_what_is_drawn_while_it_is_saved_stays(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "边存边画")
    diagram(page, base, draft)
    sending = held_back(page, "**/file", lambda: page.evaluate(RENAME, ["explain", "先改的名"]))
    page.evaluate(RENAME, ["explain", "后改的名"])
    page.evaluate(RENAME, ["examine", "又改一处"])
    sending.continue_()
    saved(page)
    assert names(town, draft, "explain", "examine") == ["后改的名", "又改一处"]
    assert shown(page, "explain", "examine") == ["后改的名", "又改一处"]


def label(page: Page) -> Any:
    return page.locator("[data-part=sheet]").get_by_label("标签", exact=True)


def form(page: Page, base: str, draft: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={FORM}")
    page.locator(".form-row").nth(3).click()


def table(page: Page, base: str, draft: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/tables/edit?path={TABLE}")
    page.wait_for_selector("html[data-table-editor=ready]")


def describe(page: Page, words: str) -> None:
    page.locator('[data-row="0"][data-column="-1"]').click()
    page.locator(".cell-panel").get_by_label("说明").first.fill(words)


def letter(page: Page, base: str, draft: int) -> None:
    page.goto(f"{base}/studio/drafts/{draft}/documents/edit?path={LETTER}")
    expect(page.locator("[data-part=pages] img").first).to_be_visible()


def write_letter(page: Page, words: str) -> None:
    page.get_by_label("第 1 段", exact=True).fill(words)


def rename(page: Page, words: str) -> None:
    page.evaluate(RENAME, ["decide", words])


def write_label(page: Page, words: str) -> None:
    label(page).fill(words)


EDITORS: dict[str, tuple[Callable[[Page, str, int], None], Callable[[Page, str], None], str, str]] = {
    "diagram": (diagram, rename, DIAGRAM, "决定是否受理"),
    "form": (form, write_label, FORM, '"申报条件"'),
    "table": (table, describe, TABLE, "成立年限"),
    "letter": (letter, write_letter, LETTER, "经审查"),
}
"""How each editor is opened, how something is typed into it, the file that it edits, and words of that file."""


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize("arrived", [False, True])
def test_what_was_sent_without_an_answer_is_in_the_draft_once(
    page: Page, town: Lakeside, base: str, editor: str, arrived: bool
) -> None:
    opened, typed, path, _ = EDITORS[editor]
    draft = open_draft(town.desk, town.designer, KEY, "没有答复")
    opened(page, base, draft)

    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != "PUT":
            route.fallback()
            return
        lost.append(route)
        if arrived:
            route.fetch()
        route.abort()

    page.route("**/api/v1/drafts/**", lose)
    typed(page, "没有答复的")
    expect(page.get_by_text("未连接，已留在本机")).to_be_visible()
    assert ("没有答复的" in text_of(town, draft, path)) == arrived
    typed(page, "接着写的")  # the same place: nobody else changed it, so nothing is to be chosen
    until_on(page, lambda: "接着写的" in text_of(town, draft, path))
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert "没有答复的" not in text_of(town, draft, path)
    assert len(view_history(town.desk, town.designer, draft).lines) == 2


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize(("choice", "stands"), [("用这里的覆盖", "这里写的"), ("载入那一份", "别处改的")])
def test_what_was_saved_in_another_window_is_not_written_over_unasked(
    page: Page, town: Lakeside, base: str, editor: str, choice: str, stands: str
) -> None:
    opened, typed, path, old = EDITORS[editor]
    draft = open_draft(town.desk, town.designer, KEY, "两个窗口")
    opened(page, base, draft)
    in_another_window(town, draft, path, old, '"别处改的"' if old.startswith('"') else "别处改的")
    typed(page, "这里写的")
    expect(page.get_by_text("您在另一个窗口中又保存过")).to_be_visible()
    assert "这里写的" not in text_of(town, draft, path)
    assert len(kept(page)) == 1
    page.get_by_role("button", name=choice).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    assert stands in text_of(town, draft, path)
    assert kept(page) == []
    typed(page, "再写的")
    until_on(page, lambda: "再写的" in text_of(town, draft, path))


@pytest.mark.parametrize("editor", ["diagram", "form", "table"])
def test_whoever_is_replaced_loses_nothing_and_takes_over_again(
    page: Page, town: Lakeside, base: str, editor: str
) -> None:
    opened, typed, path, _ = EDITORS[editor]
    draft = open_draft(town.desk, town.designer, KEY, "被人接手")
    share_draft(town.desk, town.designer, draft, shared=True)
    opened(page, base, draft)
    typed(page, "先写的")
    expect(page.get_by_text("已保存")).to_be_visible()
    take_over_draft(town.desk, town.checker, draft)
    typed(page, "后写的")
    expect(page.get_by_text("由checker编辑").first).to_be_visible()
    assert "后写的" not in text_of(town, draft, path)
    page.reload()
    expect(page.locator("[data-locked]")).to_contain_text("由checker编辑，您现在只能查看")
    page.get_by_role("button", name="接手编辑").click()
    page.get_by_role("button", name="恢复这些改动").click()
    until_on(page, lambda: "后写的" in text_of(town, draft, path))


@pytest.mark.parametrize("editor", ["form", "table", "letter"])
def test_what_a_tab_closed_without_a_network_left_is_restored(
    page: Page, town: Lakeside, base: str, editor: str
) -> None:
    opened, typed, path, _ = EDITORS[editor]
    draft = open_draft(town.desk, town.designer, KEY, "断网关页")
    opened(page, base, draft)
    page.context.set_offline(True)
    typed(page, "断网时写的")
    expect(page.get_by_text("未连接，已留在本机")).to_be_visible()
    page.close()
    page.context.set_offline(False)
    later = page.context.new_page()
    opened(later, base, draft)  # the tab that was closed may have sent it with its last breath
    until_on(later, lambda: "断网时写的" in text_of(town, draft, path))


def kept(page: Page) -> Any:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('laurel-kept-'))")


def test_what_is_older_than_the_draft_is_offered(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "旧的改动")
    form(page, base, draft)
    page.context.set_offline(True)
    label(page).fill("断网时写的")
    expect(page.get_by_text("未连接，已留在本机")).to_be_visible()
    crash(page)
    page.context.set_offline(False)
    in_another_window(town, draft, FORM, '"申报条件"', '"别处改的"')
    later = page.context.new_page()
    form(later, base, draft)
    expect(later.get_by_text("没有保存的改动")).to_be_visible()
    assert "断网时写的" not in text_of(town, draft, FORM)
    later.get_by_role("button", name="恢复这些改动").click()
    later.get_by_role("button", name="用这里的覆盖").click()
    until_on(later, lambda: "断网时写的" in text_of(town, draft, FORM))
    expect(later.locator("[data-part=status]")).to_have_attribute("data-state", "saved")
    assert kept(later) == []


def test_what_is_kept_is_of_one_person_and_one_window(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "各人各窗口")
    form(page, base, draft)
    page.evaluate("localStorage.setItem('laurel-kept-0-1-x', '{}')")
    page.route("**/api/v1/drafts/*/file", lambda route: route.abort())
    other = page.context.new_page()
    form(other, base, draft)
    assert kept(page) == []  # what another person left is removed
    label(page).fill("第一个窗口写的")
    expect(page.get_by_text("未连接，已留在本机")).to_be_visible()
    label(other).fill("第二个窗口写的")
    expect(other.locator("[data-part=status]")).to_have_attribute("data-state", "saved")
    (name,) = kept(page)
    assert "第一个窗口写的" in page.evaluate("(name) => localStorage.getItem(name)", name)
    page.close()  # it would keep what it holds again and again
    other.evaluate("(name) => localStorage.setItem(name, JSON.stringify({ content: '{', base: null }))", name)
    other.reload()
    other.get_by_role("button", name="恢复这些改动").click()
    expect(other.get_by_text("已经损坏")).to_be_visible()
    other.evaluate("(name) => localStorage.setItem(name, '{}')", name)
    with other.expect_navigation():
        other.get_by_role("button", name="退出").click()
    assert kept(other) == []


def test_what_a_draft_takes_no_more_goes_into_a_new_one(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "断网期间已收走")
    explain = names(town, draft, "explain")[0]
    in_another_window(town, draft, DIAGRAM, f'name="{explain}"', 'name="没有发布的改名"')
    diagram(page, base, draft)
    discard_draft(town.desk, town.designer, draft)
    page.evaluate(RENAME, ["decide", "断网时改的名"])
    onward = page.get_by_role("button", name="新建草稿并写入这些改动")
    expect(onward).to_be_visible()
    page.reload()  # the copy on this machine is offered again where the draft can only be looked at
    onward.click()
    with page.expect_navigation():  # the published diagram is another than the one that was changed
        page.get_by_role("button", name="仍然写入，覆盖那一份").click()
    expect(page.locator(".studio-modeler[data-ready]")).to_be_visible()
    (new,) = [int(part) for part in page.url.split("/") if part.isdigit()]
    assert new != draft
    assert names(town, new, "decide", "explain") == ["断网时改的名", "没有发布的改名"]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('laurel-kept')).length") == 0


def test_forms_tables_and_letters_go_on_in_a_new_draft_too(page: Page, town: Lakeside, base: str) -> None:
    """A letter is offered where the draft can only be looked at, a table and a form where a save was refused."""
    words = "断网时写的"
    for opened, typed, path, _ in (EDITORS[editor] for editor in ("form", "table", "letter")):
        draft = open_draft(town.desk, town.designer, KEY, "断网期间已收走")
        opened(page, base, draft)
        discard_draft(town.desk, town.designer, draft)
        typed(page, words)
        onward = page.get_by_role("button", name="新建草稿并写入这些改动")
        expect(onward).to_be_in_viewport()
        if opened is letter:
            page.reload()
        with page.expect_navigation():
            onward.click()
        (new,) = [int(part) for part in page.url.partition("?")[0].split("/") if part.isdigit()]
        assert new != draft
        assert words in text_of(town, new, path)
    assert kept(page) == []


@pytest.fixture
def keyboard(page: Page) -> CDPSession:
    """A way to type as an input method does: what is put together stands there before it is taken."""
    return page.context.new_cdp_session(page)


@pytest.fixture
def puts(page: Page) -> list[Request]:
    """Every save that the page sends."""
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.method == "PUT" else None)
    return sent


def put_together(keyboard: CDPSession, letters: str) -> None:
    keyboard.send(
        "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
    )


def take_words(keyboard: CDPSession, words: str) -> None:
    keyboard.send("Input.insertText", {"text": words})


def paragraph(page: Page, number: int) -> Any:
    return page.get_by_label(f"第 {number} 段", exact=True)


def test_half_a_word_of_pinyin_is_not_saved(
    page: Page, town: Lakeside, base: str, keyboard: CDPSession, puts: list[Request]
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "拼音")
    page.clock.install()
    letter(page, base, draft)
    paragraph(page, 1).fill("")
    put_together(keyboard, "gong'shi")
    page.clock.run_for(5000)
    assert puts == []
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        take_words(keyboard, "公示")
        page.clock.run_for(5000)
    assert "公示" in text_of(town, draft, LETTER)
    assert [one for one in puts if "gong" in (one.post_data or "")] == []


@pytest.mark.parametrize("status", [403, 429])
def test_what_was_refused_for_now_is_sent_again(
    page: Page, town: Lakeside, base: str, puts: list[Request], status: int
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "暂时不收")
    page.clock.install()
    form(page, base, draft)

    def refuse(route: Route) -> None:
        route.fulfill(status=status, json={"message": "请稍后再试。"})

    page.route("**/file", refuse, times=1)
    label(page).fill("说了两遍")
    page.clock.run_for(2000)
    line = page.locator("[data-part=status]")
    expect(line).to_contain_text("没有保存：请稍后再试。")
    page.clock.run_for(10_000)
    assert len(puts) == 1, "not again and again"
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.clock.run_for(30_000)
    expect(line).to_have_attribute("data-state", "saved")
    assert "说了两遍" in text_of(town, draft, FORM)
