"""What is typed in an editor stays whole: put together from pinyin, refused for now, without storage, beside others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Request, Route, expect

from service.casework.studio.drafts.open_draft import open_draft
from tests.browser.studio.test_nothing_is_lost import (
    FORM,
    LETTER,
    TABLE,
    describe,
    diagram,
    form,
    label,
    letter,
    names,
    saved,
    table,
    text_of,
    write_letter,
)
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

BLOCKED = """for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });
}"""
"""Storage as a browser has it that keeps nothing of a site: reading the name throws already."""


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


def test_half_a_word_is_no_name_of_a_step_and_chooses_nothing(
    page: Page, town: Lakeside, base: str, keyboard: CDPSession
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "拼音画图")
    diagram(page, base, draft)
    was = names(town, draft, "decide")
    page.evaluate(
        "laurelStudio.modeler.get('selection').select(laurelStudio.modeler.get('elementRegistry').get('decide'))"
    )
    name = page.locator(".studio-panel, [data-part=panel]").get_by_label("名称", exact=True).first
    name.fill("")
    put_together(keyboard, "shou'li")
    page.wait_for_function("new Promise((go) => setTimeout(() => go(true), 700))")  # longer than typing pauses
    assert page.evaluate("laurelStudio.modeler.get('elementRegistry').get('decide').businessObject.name") == was[0]
    take_words(keyboard, "受理")
    name.press("Tab")
    saved(page)
    assert names(town, draft, "decide") == ["受理"]


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


def rename(page: Page, words: str) -> None:
    page.evaluate(
        "([id, name]) => { const m = laurelStudio.modeler; m.get('modeling').updateLabel(m.get('elementRegistry').get(id), name); }",
        ["decide", words],
    )


@pytest.mark.parametrize(
    ("opened", "typed", "path"),
    [
        (form, lambda page, words: label(page).fill(words), FORM),
        (table, describe, TABLE),
        (letter, write_letter, LETTER),
        (diagram, rename, DIAGRAM),
    ],
    ids=["form", "table", "letter", "diagram"],
)
def test_editors_work_where_storage_is_blocked(
    page: Page, town: Lakeside, base: str, opened: Any, typed: Callable[[Page, str], None], path: str
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "不留痕迹")
    page.context.add_init_script(BLOCKED)
    opened(page, base, draft)
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        typed(page, "没有存储也能写")
    assert "没有存储也能写" in text_of(town, draft, path)
    page.route("**/api/v1/drafts/**", lambda route: route.abort())
    typed(page, "断网了")
    expect(page.get_by_text("网络不通，请检查网络连接后再试").first).to_be_visible()
    page.unroute("**/api/v1/drafts/**")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.evaluate("dispatchEvent(new Event('online'))")
    assert "断网了" in text_of(town, draft, path)
