"""Conditions ticked for a new place: each is a row of its own that cites its own clause, asked of applicants and refused by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.catalog.law.law import Clause
from tests.integration.studio.test_new_city import OUTLINE
from tests.support.lakeside import Lakeside

AWARD = "processes/lanshan/quality_award"
SEASON = f"{AWARD}/scenarios/first_season.yaml"
LAW = (
    ("LN-1", "第一条", "申报。"),
    ("LN-2-1", "第二条", "申报质量奖的企业必须具备以下条件："),
    ("LN-2-1-1", "第二条第（一）项", "在本县注册登记并正常运行5年以上；"),
    ("LN-2-1-2", "第二条第（二）项", "建立有效运行的“质量管理体系”；"),
    ("LN-3-1", "第三条", "有下列情形之一的企业，不得申报质量奖："),
    ("LN-3-1-1", "第三条第（一）项", "近3年内有偷税、骗税行为被依法查处的；"),
    ("LN-4", "第四条", "自收到异议之日起15个工作日内调查核实并作出处理。"),
)
CLAUSES = tuple(Clause(ident, article, "other", text, None, None) for ident, article, text in LAW)
WITH_CONDITIONS = replace(
    OUTLINE,
    clauses=CLAUSES[:6],
    founded_years=5,
    cited={**OUTLINE.cited, "conditions": tuple(ident for ident, *_ in LAW[1:6])},
)


@pytest.fixture
def draft(town: Lakeside) -> int:
    return start_city(town.desk, town.designer, WITH_CONDITIONS)


def test_each_condition_is_a_row_that_cites_its_own_clause(town: Lakeside, draft: int) -> None:
    package = package_of(town.desk, draft)
    [table] = package.tables.values()
    cited = {
        row.id: next(tuple(cell.strip('"').split()) for cell in row.outputs if cell.startswith('"LN-'))
        for row in table.rows
    }
    assert cited == {
        "founded_long_enough": ("LN-2-1", "LN-2-1-1"),
        "condition_1": ("LN-2-1", "LN-2-1-2"),
        "condition_2": ("LN-3-1", "LN-3-1-1"),
    }
    form = open_file(town.desk, town.designer, draft, f"{AWARD}/forms/apply.json").content.decode()
    assert "是否符合：建立有效运行的“质量管理体系”" in form
    assert "是否没有下列情形：近3年内有偷税、骗税行为被依法查处的" in form
    assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"] == []


def test_who_says_that_one_does_not_hold_is_refused_by_its_clause(town: Lakeside, draft: int) -> None:
    season = open_file(town.desk, town.designer, draft, SEASON).content.decode()
    refused = season.replace("condition_2: yes", "condition_2: no", 1)
    assert refused != season
    head = refused[: refused.index("expect:")]
    steps = head[: head.index("  - {as: office, case: 甲, complete: decide")]
    expected = "expect:\n  - {case: 甲, outcome: refused}\n  - {case: 甲, finding: condition_2, result: not_met}\n"
    package = package_of(town.desk, draft)
    for text in (season, steps + expected):
        with empty_store() as store:
            scenario = read_scenario(text.encode(), SEASON)
            assert play(store, package, scenario, town.desk.calendars, town.desk.operations).unmet == ()
