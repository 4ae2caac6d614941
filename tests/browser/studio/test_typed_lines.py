"""Lists that are sent as lines are typed in fields: facts, applicants, changed parameters, settings that are tables."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service.casework.people.factors.sessions import open_session
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.drafts.open_draft import open_draft
from service.web.frame.requests.cookies import SESSION
from tests.support.lakeside import KEY, PARAMETERS, Lakeside, amended_package

pytestmark = pytest.mark.browser
SCENARIO = f"processes/{KEY}/scenarios/accepted.yaml"
PLACES = """
  places:
    name: 名额
    name_en: Places
    unit: table
    source: default
    question: 各类名额没有写明。
    value: [{tier: star_award, places: 3}]
"""


def test_facts_are_rows_with_a_choice_of_types(page: Page, base: str, town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "事实")
    page.goto(f"{base}/studio/drafts/{draft}/basics/processes/entry?id=application")
    expect(page.get_by_label("第 1 行：名称")).to_have_value("stage")
    page.get_by_label("第 1 行：名称").press("Enter")
    expect(page.get_by_label("第 2 行：名称")).to_be_focused()
    page.keyboard.type("points")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".note-late")).to_contain_text("points")  # no type yet: refused, and what was typed is there
    expect(page.get_by_label("第 2 行：名称")).to_have_value("points")
    page.get_by_label("第 2 行：类型").select_option("number")
    page.get_by_role("button", name="加一行").click()
    page.get_by_label("第 3 行：名称").fill("gone")
    page.get_by_role("button", name="删去第 3 行").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    facts = package_of(town.desk, draft).award.processes["application"].facts
    assert {name: str(kind) for name, kind in facts.items()} == {"stage": "string", "points": "number"}


def test_applicants_and_parameters_of_a_scenario_are_rows(page: Page, base: str, town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "情景")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{base}/studio/drafts/{draft}/scenarios/edit?path={SCENARIO}")
    applicants, parameters = (
        page.get_by_role("group", name=name) for name in ("虚构的申报者", "只在这个情景里改的参数")
    )
    page.get_by_role("button", name="加一行").first.click()
    rows = applicants.locator(".lines-row:not(.lines-head)")
    page.get_by_label("第 2 行：简称").fill("li")
    page.get_by_label("第 2 行：名称").fill("李木匠")
    page.get_by_label("第 2 行：组织还是个人").select_option("个人")
    parameters.locator("select").select_option(label="受理决定期限")
    parameters.get_by_label("第 1 行：值").fill("8")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).first.click()
    expect(rows.last.get_by_label("第 2 行：名称")).to_have_value("李木匠")
    said = text_of(town, draft)
    assert "甲: {name: 湖滨木作坊, uscc: 91650100MA7800001X}" in said
    assert "li: {name: 李木匠, kind: individual}" in said
    assert "decision_working_days: 8" in said


def test_a_setting_that_is_a_table_is_changed_in_fields(page: Page, base: str, town: Lakeside) -> None:
    first = "parameters:\n"
    town.deploy(amended_package({PARAMETERS: [(first, first + PLACES.lstrip("\n"))]}))
    token = open_session(town.desk, town.people["admin"], 12)
    page.context.add_cookies([{"name": SESSION, "value": token, "url": base}])
    page.goto(f"{base}/law/{KEY}/settings/places")
    expect(page.get_by_label("第 1 行：奖项")).to_have_value("star_award")
    page.get_by_label("第 1 行：名额").fill("4")
    page.get_by_label("理由或者依据").fill("评审细则")
    page.get_by_role("button", name="更改设置").click()
    expect(page.get_by_text("评审细则")).to_be_visible()
    expect(page.get_by_label("第 1 行：名额")).to_have_value("4")
    page.get_by_role("button", name="按文字改").click()
    area = page.locator("textarea[name=value]")
    expect(area).to_have_value('{tier: "star_award", places: 4}')
    area.fill("{other: [}")
    page.get_by_role("button", name="按行改").click()
    expect(area).to_have_value("{other: [}")  # what no field can hold stays a text
    expect(page.get_by_text("只能按文字改")).to_be_visible()


def text_of(town: Lakeside, draft: int) -> str:
    with town.desk.store.read() as tx:
        return (tree_of(town.desk, tx, draft).opened(SCENARIO) or b"").decode()
