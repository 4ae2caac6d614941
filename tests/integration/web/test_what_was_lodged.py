"""Who acts on what the public lodged reads it where the form is, on a telephone too: not behind a switch or a link."""

from __future__ import annotations

import re

import pytest

from service.store import Store
from tests.integration.web.test_why_it_ended import page
from tests.support.browsers import browser_of
from tests.support.half_seasons import season_until


def test_who_investigates_reads_the_objection_above_the_report(sqlite_store: Store) -> None:
    stage = season_until("ganzhou/quality_award", "objection_holds", sqlite_store, "investigate_elsewhere", "异甲")
    (task,) = [one for one in stage.open_tasks("异甲") if one.element == "investigate_elsewhere"]
    with stage.desk.store.read() as tx:
        lodged = next(row for row in tx.forms.of_case(task.case_id) if row.form.endswith("objection"))
    shown = page(stage, "department@emergency", f"/tasks/{task.id}")
    above, _, below = shown.partition("查明的事实")
    assert re.sub(r"\s+", " ", lodged.data["content"]) in above
    assert below
    assert lodged.data["name"] not in shown, "who may not know the objector learns nothing here either"
    assert above.index("异议的事实和理由") < above.index("提出人的信息"), "who says it comes after what"
    assert "姓名或单位名称" not in above, "and no blank lines stand for what is not shown"
    with stage.desk.store.read() as tx:
        contested = tx.cases.get(task.case_id).parent_id
    assert f'href="/cases/{contested}"' in browser_of(stage, "department@emergency").get(f"/tasks/{task.id}").text
    codes = [
        browser_of(stage, f"department@{who}").get(f"/cases/{contested}").status_code
        for who in ("emergency", "industry")
    ]
    assert codes == [200, 403], "the application is open to who looks into it, and to no other department"


@pytest.mark.parametrize(
    ("key", "scenario", "element", "case", "who", "read"),
    [
        ("ganzhou/quality_award", "objection_holds", "find_objection", "异甲", "committee", "未发现事故。"),
        ("qingyuan/quality_award", "supervision_group", "order_measure", "一", "office", "发现违规现象。"),
    ],
)
def test_what_was_reported_last_stands_above_the_answer(
    sqlite_store: Store, key: str, scenario: str, element: str, case: str, who: str, read: str
) -> None:
    stage = season_until(key, scenario, sqlite_store, element, case)
    (task,) = [one for one in stage.open_tasks(case) if one.element == element]
    above = page(stage, who, f"/tasks/{task.id}").partition("必填")[0]
    assert read in above
    with stage.desk.store.read() as tx:
        above_case = tx.cases.get(stage.case(case)).parent_id
    seen_by_office = browser_of(stage, "office").get(f"/tasks/{task.id}").text
    assert f'href="/cases/{above_case}"' in seen_by_office, "what it belongs to, as a contested application, is a link"


def test_the_application_comes_first_among_the_forms_and_what_others_said_at_the_step_last(sqlite_store: Store) -> None:
    stage = season_until("qingyuan/quality_award", "departments", sqlite_store, "give_opinion", "乙")
    task = next(one for one in stage.open_tasks("甲") if one.element == "give_opinion")
    shown = page(stage, "department@emergency", f"/tasks/{task.id}").partition("已提交的表单")[2]
    assert shown.index("申报表") < shown.index("初步审查") < shown.index("提出审核意见")


def test_who_reported_a_winner_is_named_to_whoever_handles_it_and_not_to_the_winner(sqlite_store: Store) -> None:
    stage = season_until("ganzhou/quality_award", "after_award", sqlite_store, "weigh_finding", "反映")
    address = f"/cases/{stage.case('反映')}"
    with stage.desk.store.read() as tx:
        (begun,) = (row for row in tx.history.select(case_id=stage.case("反映")) if row.action == "started")
    for path in (address, f"{address}/process"):
        assert begun.actor in page(stage, "office", path)
        shown = page(stage, "甲", path)
        assert begun.actor not in shown
        assert "办理单位" in shown
