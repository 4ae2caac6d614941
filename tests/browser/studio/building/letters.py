"""Writes documents paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.studio.building.hands import Hands
from tests.browser.studio.building.sheets import cite, write_formula
from tests.conftest import PATIENCE_WITH_WORK

_BOXES = {
    "title": "标题",
    "number": "文号",
    "addressee": "主送",
    "signature": "署名",
    "head": "发文机关标志",
    "signer": "签发人",
}


def write_letter(hands: Hands, letter: Mapping[str, Any]) -> None:
    """Write a document that says what ``letter`` says."""
    page = hands.page
    hands.go("documents")
    new = page.locator("form.cluster").filter(has=page.locator("[name=like]"))
    new.get_by_text("更多", exact=True).click()
    hands.fill({"title": letter["title"], "ident": letter["id"]}, new)
    hands.press("新建", new)
    text = page.locator("[data-part=text]")
    for key, label in _BOXES.items():
        text.get_by_label(label, exact=True).fill(str(letter.get(key, "")))
    text.get_by_role("button", name="第 1 段删除", exact=True).click()
    for number, paragraph in enumerate(letter["paragraphs"], 1):
        _paragraph(hands, text, number, paragraph)
    cite(text.locator(".setting").filter(has_text="依据条款"), letter.get("clauses", ()))
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved", timeout=PATIENCE_WITH_WORK)


def _paragraph(hands: Hands, text: Locator, number: int, wanted: str | Mapping[str, Any]) -> None:
    if isinstance(wanted, str):
        text.get_by_role("button", name="添加段落", exact=True).first.click()
        text.get_by_label(f"第 {number} 段", exact=True).fill(wanted)
        return
    assert wanted.keys() == {"each", "as", "text"}, wanted
    text.get_by_role("button", name="逐项列出", exact=True).first.click()
    card = text.locator(".paragraphs > .paragraph").nth(number - 1)
    write_formula(hands.page, card.locator(".cm-content"), str(wanted["each"]))
    card.get_by_label("每一项叫作", exact=True).fill(str(wanted["as"]))
    card.get_by_label("每一项的文字", exact=True).fill(str(wanted["text"]))
