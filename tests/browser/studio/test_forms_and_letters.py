"""A designer changes forms and letters: what is typed is shown, told where it is wrong, undone to the byte, and saved."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.documents import print_preview
from service.catalog.tree import read_sources
from tests.support.lakeside import KEY, Lakeside
from tests.support.waiting import as_long_as, until

DECIDE = f"processes/{KEY}/forms/decide.json"


def saved(page: Page) -> None:
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved")


def test_a_field_is_added_marked_and_cited(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "加一个字段")
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    frame = page.frame_locator("[data-part=preview] iframe")
    expect(frame.get_by_label("不予受理")).to_be_visible()
    sheet = page.locator("[data-part=sheet]")
    page.locator(".form-row").last.click()
    assert sheet.evaluate("box => { box.scrollTop = box.scrollHeight; return box.scrollTop; }") > 0
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("button", name="单行文本", exact=True).click()
    expect(sheet.get_by_label("标签", exact=True)).to_be_focused()
    assert sheet.evaluate("box => box.scrollTop") == 0
    sheet.get_by_label("标签", exact=True).fill("现场联系人")
    sheet.get_by_label("必填", exact=True).check()
    sheet.get_by_label("个人信息").check()
    sheet.get_by_label("依据条款").fill("LS-4")
    page.keyboard.press("Enter")
    cited = sheet.get_by_role("link", name="第四条")
    expect(cited).to_have_attribute("href", f"/studio/drafts/{draft}/clauses?clause=LS-4#LS-4")
    sheet.get_by_label("字段名").fill("contact")
    expect(frame.get_by_label("现场联系人")).to_be_visible()
    saved(page)
    page.keyboard.press("Escape")
    page.locator(".form-row[aria-current]").focus()
    page.keyboard.press("Alt+ArrowUp")
    saved(page)
    form = json.loads(open_file(town.desk, town.designer, draft, DECIDE).content)
    place = [one["id"] for one in form["components"]].index("field_text_1")
    assert form["components"][place] == {
        "type": "textfield",
        "id": "field_text_1",
        "key": "contact",
        "label": "现场联系人",
        "validate": {"required": True},
        "properties": {"personal": "true", "clauses": "LS-4"},
    }
    assert place == len(form["components"]) - 2


def test_undo_gives_back_the_same_bytes(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "撤销")
    before = open_file(town.desk, town.designer, draft, DECIDE).content
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.locator(".form-row").nth(2).click()
    sheet = page.locator("[data-part=sheet]")
    sheet.get_by_label("标签", exact=True).fill("别的")
    sheet.get_by_role("button", name="添加一项").click()
    page.keyboard.type("退回补正")
    saved(page)
    assert "退回补正" in open_file(town.desk, town.designer, draft, DECIDE).content.decode()
    undo = page.get_by_role("button", name="撤销")
    for _ in as_long_as(undo.is_enabled, "something is left to undo"):
        undo.click()
    until(lambda: open_file(town.desk, town.designer, draft, DECIDE).content == before)
    saved(page)


def test_a_fault_is_told_and_what_was_typed_stays(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "写错")
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.locator(".form-row").nth(1).click()
    name = page.locator("[data-part=sheet]").get_by_label("字段名")
    expect(name).not_to_be_editable()
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("button", name="单行文本", exact=True).click()
    name.fill("1 bad name")
    expect(page.locator(".preview-note")).to_contain_text("1 bad name")
    expect(page.locator(".form-row.faulty")).to_have_count(1)
    expect(name).to_have_value("1 bad name")


ROOT = Path(__file__).parents[3]
VALUES = ROOT / "service/web/frontend/src/studio/form/values.js"
TRY = """async ([source, texts]) => {
  const { asFile, inOrderOf, write } = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  const again = (text) => asFile(inOrderOf(JSON.parse(text), JSON.parse(text)));
  const turned = (value) => (value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).reverse().map(([key, one]) => [key, turned(one)]))
    : Array.isArray(value) ? value.map(turned) : value);
  const back = (text) => {  // a setting that goes and comes again stands where it stood
    const now = JSON.parse(text);
    const held = now.properties?.title;
    if (held !== undefined) { write(now, 'properties.title', undefined); write(now, 'properties.title', held); }
    return asFile(inOrderOf(JSON.parse(text), now));
  };
  return texts.map((text) => [again(text), asFile(inOrderOf(JSON.parse(text), turned(JSON.parse(text)))), back(text)]);
}"""


def test_every_form_keeps_its_bytes(chromium: Browser) -> None:
    files = {path: data.decode() for path, data in read_sources(ROOT).items() if path.endswith(".json")}
    assert len(files) > 300
    page = chromium.new_page()
    found = page.evaluate(TRY, [VALUES.read_text(), list(files.values())])
    page.close()
    for (path, text), kept in zip(files.items(), found, strict=True):
        assert kept == [text] * 3, path


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
