"""A designer reads a law into clauses, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from tests.support.lakeside import KEY, Lakeside


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
