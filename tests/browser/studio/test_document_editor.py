"""A designer changes a sentence of a letter, inserts a field, and sees both in the PDF."""

from __future__ import annotations

import pypdfium2
from playwright.sync_api import Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.documents import print_preview
from tests.support.lakeside import KEY, Lakeside

REFUSAL = f"processes/{KEY}/documents/refusal.yaml"


def test_a_sentence_is_changed_and_stands_in_the_pdf(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "改一句话")
    page.goto(f"{base}/studio/drafts/{draft}/documents/edit?path={REFUSAL}")
    pages = page.locator("[data-part=pages] img")
    expect(pages.first).to_be_visible()
    before = pages.first.get_attribute("src")
    first = page.get_by_label("第 1 段", exact=True)
    first.fill("经书面审查，决定不予受理。申报编号：")
    page.get_by_role("button", name="在“第 1 段”中插入字段").click()
    expect(page.locator(".field-choice").first).to_be_visible()
    page.get_by_placeholder("按名称").fill("case.number")
    page.keyboard.press("Enter")
    expect(first).to_have_value("经书面审查，决定不予受理。申报编号：{case.number}")
    page.keyboard.type("，即{")  # a brace that is typed offers the fields too
    expect(page.locator(".field-choice").first).to_be_visible()
    page.get_by_placeholder("按名称").fill("case.number")
    page.keyboard.press("Enter")
    expect(first).to_have_value("经书面审查，决定不予受理。申报编号：{case.number}，即{case.number}")
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved")
    expect(pages.first).not_to_have_attribute("src", str(before))
    saved = open_file(town.desk, town.designer, draft, REFUSAL).content
    assert "决定不予受理。申报编号：{case.number}，即{case.number}" in saved.decode()
    pdf = pypdfium2.PdfDocument(print_preview(town.desk, town.designer, draft, REFUSAL, saved))
    assert "决定不予受理" in pdf[0].get_textpage().get_text_range().replace("\r\n", "")


def test_a_mistake_is_told_and_undone(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "写错")
    before = open_file(town.desk, town.designer, draft, REFUSAL).content
    page.goto(f"{base}/studio/drafts/{draft}/documents/edit?path={REFUSAL}")
    expect(page.locator("[data-part=pages] img").first).to_be_visible()
    page.get_by_label("第 3 段", exact=True).fill("{no_such_name}")
    expect(page.locator(".document-faults")).to_contain_text("no_such_name")
    expect(page.locator(".paragraph.faulty")).to_have_count(1)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".document-faults")).to_have_count(0)
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved")
    assert open_file(town.desk, town.designer, draft, REFUSAL).content == before
