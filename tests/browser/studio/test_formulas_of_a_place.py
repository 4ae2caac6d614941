"""A condition of a kind of case is typed with the help that formulas have everywhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from tests.support.lakeside import KEY, Lakeside

pytestmark = pytest.mark.browser


def test_a_condition_is_judged_as_it_is_typed_and_saved(page: Page, base: str, town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "谁可以发起")
    page.goto(f"{base}/studio/drafts/{draft}/basics/processes/entry?id=application")
    page.get_by_text("什么时候可以发起").click()
    field = page.locator(".cm-content").first
    expect(field).to_be_focused()
    field.fill("parm.min_years > 0")
    line = page.locator(".feel-value").first
    expect(line).to_contain_text("parm")
    field.fill("param.min_years > 0")
    expect(line).to_have_text("在样例上的值：true")
    page.locator("[name=start_refusal]").fill("现在不能发起。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    assert package_of(town.desk, draft).award.processes["application"].start_condition == "param.min_years > 0"
