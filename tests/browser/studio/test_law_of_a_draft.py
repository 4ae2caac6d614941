"""A designer reads a law into clauses, changes a parameter, and starts a new city: in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from tests.integration.studio.test_new_city import FIRST, TEXT
from tests.support.lakeside import KEY, Lakeside

RECOMMENDED = "第九条 由所在地质量主管部门在8个工作日内审核推荐。"


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


def test_a_city_begins_from_blank_and_passes_the_check(page: Page, base: str, town: Lakeside) -> None:
    page.goto(f"{base}/studio")
    page.get_by_role("link", name="新建一个地方").click()
    assert fits(page)
    for key, value in FIRST.items():
        if key == "id" or key.endswith(("_days", "_years")):  # made from the name; asked on the third page
            continue
        box = page.locator(f"form[action='/studio/new/law'] [name={key}]")
        box.select_option(value) if key == "calendar" else box.fill(value)
    page.locator("#text").fill(f"{TEXT}第七条 专家评分。\n第八条 每届获奖组织总数不超过3个。\n{RECOMMENDED}")
    page.get_by_label("专家评审打分").check()
    page.get_by_label("审核推荐", exact=True).check()
    page.get_by_role("button", name="下一步：确认条款").click()
    page.get_by_role("button", name="下一步：各环节的依据").click()
    expect(page.get_by_label("受理决定期限（工作日）")).to_have_value("10")
    page.get_by_label("由谁审核推荐").fill("东区质量主管部门 3 东区的组织\n西区质量主管部门")
    page.get_by_label("得票比例是谁的几分之几").select_option("members_present")
    page.get_by_label("记名还是无记名").select_option("true")
    assert fits(page)
    page.get_by_role("button", name="建成草稿").click()
    expect(page.get_by_role("heading", name="《兰山县质量奖管理办法》")).to_be_visible()
    draft = int(page.url.split("/")[5])
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert {problem.rule for problem in errors} <= {"uncovered_clause"}
    assert package_of(town.desk, draft).key == "lanshan/quality_award"
    chosen = page.locator("#chosen")
    page.goto(f"{base}/studio/drafts/{draft}/clauses?clause=LN-8-1")
    expect(chosen).to_contain_text("还没有环节、表格行、字段、参数或文书引用它")
    assert fits(page)
    chosen.get_by_label("由流程图中的哪一处引用").select_option(label="评审委员会表决")
    chosen.get_by_role("button", name="引用", exact=True).click()
    expect(chosen).to_contain_text("未证明")
    chosen.get_by_role("button", name="去填写").click()
    page.locator("#name").fill("每届获奖组织总数")
    page.locator("#unit").select_option("count")
    page.locator("#value").fill("3")
    page.get_by_role("button", name="预览改动和后果").click()
    assert fits(page)
    page.get_by_role("button", name="写入草稿").click()
    expect(chosen).to_contain_text("每届获奖组织总数")
    chosen.get_by_role("button", name="选期望").click()
    page.locator("#expectations").get_by_role("checkbox").first.check()
    assert fits(page)
    page.get_by_role("button", name="勾选的证明这一条").click()
    expect(chosen).to_contain_text("LN-8-1")
    page.goto(f"{base}/studio/drafts/{draft}")
    expect(page.get_by_role("heading", name="兰山县")).to_be_visible()
