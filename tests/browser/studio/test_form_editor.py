"""A designer adds a field to a form, marks it, cites a clause, sees the page, and finds it saved."""

from __future__ import annotations

import itertools
import json

import pytest
from playwright.sync_api import Page, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from tests.support.lakeside import KEY, Lakeside
from tests.support.waiting import as_long_as, until

DECIDE = f"processes/{KEY}/forms/decide.json"


def saved(page: Page) -> None:
    expect(page.locator("[data-part=status]")).to_have_attribute("data-state", "saved")


@pytest.mark.browser
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


@pytest.mark.browser
def test_the_page_is_seen_in_both_languages_and_on_a_phone(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "看预览")
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    preview = page.locator("[data-part=preview]")
    frame = preview.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "zh")
    expect(frame.get_by_role("group", name="决定")).to_be_visible()
    preview.get_by_role("button", name="手机").click()
    inside = "document.querySelector('[data-part=preview] iframe').contentWindow.innerWidth"
    page.wait_for_function(f"{inside} === 390")
    assert page.frames[-1].evaluate("document.documentElement.scrollWidth") <= 390
    preview.get_by_role("button", name="English").click()
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    expect(frame.get_by_role("group", name="Decision")).to_be_visible()
    expect(preview.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    preview.get_by_role("button", name="电脑").click()
    page.wait_for_function(f"{inside} === 900")


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_a_new_field_is_called_after_its_label(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "取名")
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    sheet = page.locator("[data-part=sheet]")
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("button", name="单行文本", exact=True).click()
    sheet.get_by_label("标签", exact=True).fill("联系电话")
    sheet.get_by_label("英文标签").fill("Telephone")
    expect(sheet.get_by_role("heading", level=2)).to_have_text("联系电话")
    expect(sheet.get_by_label("字段名")).to_have_value("lian_xi_dian_hua")
    until(lambda: '"key": "lian_xi_dian_hua"' in open_file(town.desk, town.designer, draft, DECIDE).content.decode())
    sheet.get_by_label("标签", exact=True).fill("手机")
    sheet.get_by_label("英文标签").fill("Mobile")
    until(lambda: '"label": "手机"' in open_file(town.desk, town.designer, draft, DECIDE).content.decode())
    expect(sheet.get_by_label("字段名")).to_have_value("lian_xi_dian_hua")


@pytest.mark.browser
def test_removing_a_field_that_is_read_says_who_reads_it(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "删字段")
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.locator(".form-row").nth(2).click()
    users = page.locator(".sheet-users")
    expect(users).to_contain_text("交给流程图判断")
    expect(users).to_contain_text("（本表单）读取它")
    page.get_by_role("button", name="删除", exact=True).click()
    assert "理由" in said[0]
    expect(page.locator(".form-row")).to_have_count(4)
    page.goto(f"{base}/studio/drafts/{draft}/forms")
    page.get_by_role("row").filter(has_text="决定是否受理").get_by_role("button", name="删除").click()
    expect(page.get_by_role("heading", name="不能删除")).to_be_visible()


@pytest.mark.browser
def test_a_number_beyond_the_law_in_a_label_is_told_and_mended_by_one_click(
    page: Page, town: Lakeside, base: str
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "公示期")
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.locator(".form-row").nth(1).click()
    label = page.locator("[data-part=sheet]").get_by_label("标签", exact=True)
    label.fill("公示3日后的情况")
    problems = page.locator("[data-part=problems]")
    expect(problems).to_contain_text("第五条")
    problems.get_by_role("button", name="改成“公示5个工作日”").click()
    expect(label).to_have_value("公示5个工作日后的情况")
    expect(problems).to_be_hidden()
    page.route("**/problems", lambda route: route.fulfill(status=500, body=""))
    label.fill("公示6个工作日后的情况")
    expect(problems).to_contain_text("现在无法检查")
    page.unroute("**/problems")
    label.fill("公示5个工作日后的情况")
    expect(problems).to_be_hidden()
    assert "公示5个工作日后的情况" in open_file(town.desk, town.designer, draft, DECIDE).content.decode()


@pytest.mark.browser
def test_a_field_whose_label_is_emptied_is_told_and_shows_no_key(page: Page, town: Lakeside, base: str) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "没有标签")
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.locator(".form-row").nth(2).click()
    label = page.locator("[data-part=sheet]").get_by_label("标签", exact=True)
    label.fill("")
    frame = page.frame_locator("[data-part=preview] iframe")
    expect(frame.get_by_role("group", name="（没有标签）")).to_be_visible()
    problems = page.locator("[data-part=problems]")
    expect(problems).to_contain_text("没有标签，填写的人不知道要填什么")
    label.fill("决定")
    expect(problems).to_be_hidden()


@pytest.mark.browser
def test_on_a_phone_the_settings_stand_beside_the_parts_and_no_problem_moves_them(
    page: Page, town: Lakeside, base: str
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "手机")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{base}/studio/drafts/{draft}/forms/edit?path={DECIDE}")
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("button", name="单行文本", exact=True).click()
    name = page.locator("[data-part=sheet]").get_by_label("字段名")
    name.fill("1 bad name")
    problems = page.locator("[data-part=problems]")
    expect(problems).to_be_visible()
    tops = [page.locator(f"[data-part={part}]").bounding_box() for part in ("outline", "sheet", "problems", "preview")]
    ends = [(box["y"], box["y"] + box["height"]) for box in tops if box is not None]
    assert all(end <= begins for (_, end), (begins, _) in itertools.pairwise(ends)), ends
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
