"""The life of a draft in the browser: compared, undone, brought up to date."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from tests.integration.studio.test_two_people import deployed_elsewhere
from tests.support.lakeside import DIAGRAM, KEY, LAW, PARAMETERS, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "决定改名")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


def change(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def no_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator("html").evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    page.set_viewport_size({"width": 1366, "height": 768})


def test_differences_stand_on_both_diagrams_and_a_change_is_undone(
    page: Page, town: Lakeside, base: str, draft: int
) -> None:
    change(town, draft, DIAGRAM, "决定是否受理", "决定受理与否")
    change(town, draft, PARAMETERS, "unit: working_days", "unit: calendar_days")
    page.goto(f"{base}/studio/drafts/{draft}/compare")
    no_sideways(page)
    page.get_by_role("link", name="在两张图上看").first.click()
    expect(page.locator(".diagram[data-ready=yes]")).to_have_count(2)
    expect(page.locator(".djs-element.is-changed")).to_have_count(2)
    expect(page.locator(".badge-changed").first).to_have_attribute("title", "修改")
    page.locator(".changes").get_by_role("link").first.click()
    expect(page.locator(".diagram[data-ready=yes]")).to_have_count(2)
    for shape in page.locator(".djs-element.is-focus").all():
        expect(shape).to_be_in_viewport()
    expect(page.locator(".djs-element.is-focus")).to_have_count(2)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.get_by_role("button", name="放大").last.click()
    unlike = page.locator(".diagram").last
    unlike.evaluate("one => Object.assign(one.style, { width: '1700px', height: '260px' })")
    place = unlike.bounding_box()
    assert place
    page.mouse.move(place["x"] + 200, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(place["x"] + 160, place["y"] + 50, steps=4)
    page.mouse.up()
    assert wrong == []
    for drawn in page.locator(".diagram .viewport").all():
        assert "NaN" not in (drawn.get_attribute("transform") or "")
    page.goto(f"{base}/studio/drafts/{draft}/history")
    no_sideways(page)
    page.get_by_role("row").filter(has_text="流程图").get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_text("决定受理与否").first).to_be_visible()
    page.get_by_role("button", name="此文件恢复到这次修改之前").click()
    expect(page.get_by_text("已恢复，记为第 3 次修改")).to_be_visible()
    assert "决定是否受理" in open_file(town.desk, town.designer, draft, DIAGRAM).content.decode()


def test_what_a_folder_published_meanwhile_is_told_chosen_and_taken_in(
    page: Page, town: Lakeside, base: str, draft: int
) -> None:
    change(town, draft, LAW, "湖滨", "湖畔")
    page.goto(f"{base}/studio/drafts/{draft}/diagrams/edit?path={DIAGRAM}")
    expect(page.locator(".studio-modeler[data-ready]")).to_be_visible()
    note = page.locator("[data-newer]")
    expect(note).to_have_count(0)
    deployed_elsewhere(town, "湖滨", "湖东")
    page.reload()
    expect(note).to_contain_text("发布了新版本，这个草稿还没有它的改动")
    note.get_by_role("link", name="查看并并入").click()
    page.get_by_role("button", name="并入草稿").click()
    expect(page.locator(".note-late")).to_be_visible()
    assert "湖畔" in open_file(town.desk, town.designer, draft, LAW).content.decode(), "nothing is taken unasked"
    no_sideways(page)
    page.get_by_label("采用现行版本的").check()
    page.get_by_role("button", name="并入草稿").click()
    expect(page.get_by_text("已并入现行版本")).to_be_visible()
    assert "湖东" in open_file(town.desk, town.designer, draft, LAW).content.decode()
    expect(note).to_have_count(0)


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.locator("html").evaluate("node => node.scrollWidth")
    page.set_viewport_size({"width": 1366, "height": 768})
    return int(wide) <= 390


def test_a_pasted_text_is_cut_confirmed_and_registered(page: Page, base: str, town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "读入条款")
    here = f"{base}/studio/drafts/{draft}/clauses"
    page.goto(here)
    expect(page.get_by_role("heading", name="《湖滨县工匠之星奖管理办法》")).to_be_visible()
    page.get_by_role("link", name="粘贴或上传正文").click()
    page.get_by_label("办法正文").fill("第八条 办公室每年公布名录。公布后接受监督。\n第九条 本办法由办公室解释。")
    page.get_by_role("button", name="拆成条款").click()
    passage = page.locator("[data-passage]").first
    passage.get_by_role("button", name="按句切开").click()
    expect(passage.locator("textarea")).to_have_value("办公室每年公布名录。\n公布后接受监督。")
    area = page.locator("[data-passage] textarea").nth(1)
    area.evaluate("node => node.setSelectionRange(3, 3)")
    page.locator("[data-passage]").nth(1).get_by_role("button", name="在光标处切开").click()
    expect(area).to_have_value("本办法\n由办公室解释。")
    page.locator("[data-passage]").nth(1).get_by_role("button", name="并入上一处").click()
    expect(page.locator("[data-passage]")).to_have_count(1)
    assert fits(page)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("LS-8-2").first).to_be_visible()
    assert [c for c in package_of(town.desk, draft).law.clauses if c.startswith("LS-8")] == [
        "LS-8-1", "LS-8-2", "LS-8-3",
    ]  # fmt: skip
