"""What is typed in an editor stays whole: put together from pinyin, refused for now, without storage, beside others."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Request, Route, expect

from service.casework.studio.drafts.open_draft import open_draft
from tests.browser.studio.test_nothing_is_lost import (
    FORM,
    LETTER,
    form,
    label,
    letter,
    text_of,
)
from tests.support.lakeside import KEY, Lakeside


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
