"""A designer adds a field to a form, marks it, cites a clause, sees the page, and finds it saved."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
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
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("button", name="单行文本", exact=True).click()
    sheet = page.locator("[data-part=sheet]")
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
