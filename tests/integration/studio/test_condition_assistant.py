"""A condition of applying is written by its assistant: question, row, citation, finding and scenario line, shown before."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.attest_condition import (
    TypedCondition,
    propose_condition,
    write_condition,
)
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Unit, build_catalog
from service.catalog.assistants.asked_condition import condition_of, draw_condition
from service.catalog.assistants.condition_rows import condition_row
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.tree import read_sources
from tests.integration.studio.test_conditions_of_a_place import AWARD, SEASON, WITH_CONDITIONS, as_eligibility
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside
from tests.support.previews import previewed

CLAUSE = "LN-2-1-2"
FORM = f"{AWARD}/forms/apply.json"
PROCESSES = Path(__file__).parents[3]


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A new place of which one condition is carried out, the years since foundation."""
    outline = replace(WITH_CONDITIONS, cited={**WITH_CONDITIONS.cited, "conditions": ("LN-2-1", "LN-2-1-1")})
    draft = start_city(town.desk, town.designer, outline)
    as_eligibility(town, draft, CLAUSE)
    return draft


def test_everything_is_shown_before_it_is_written_together(town: Lakeside, draft: int) -> None:
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/{CLAUSE}/condition"
    page = browser.get(here).text
    assert "建立有效运行的“质量管理体系”" in page
    sent = {"words": "建立有效运行的质量管理体系", "bars": "no", "scenario": SEASON}
    shown = previewed(browser, here, sent, here)
    for said in (
        "是否符合：建立有效运行的质量管理体系",
        "申报组织声明不符合：建立有效运行的质量管理体系",
        "第二条第（二）项",
    ):
        assert said in re.sub("<[^>]+>", "", shown), said
    assert "期望：" in shown
    assert "condition_1" not in open_file(town.desk, town.designer, draft, FORM).content.decode()
    assert browser.post(here, {**sent, "confirm": "yes"}, page=here).status_code == 302
    package = package_of(town.desk, draft)
    [table] = package.tables.values()
    assert {row.id: table.clauses(row) for row in table.rows}["condition_1"] == ("LN-2-1", CLAUSE)
    assert "是否符合：建立有效运行的质量管理体系" in open_file(town.desk, town.designer, draft, FORM).content.decode()
    view = check_draft(town.desk, town.designer, draft)
    assert [p for p in view.problems if p.severity.name == "ERROR" and "没有落实" not in p.message.zh] == []
    there = browser.get(here).text
    assert 'id="there"' in there
    assert "建立有效运行的质量管理体系" in there.partition('id="there"')[2]


def test_every_season_passes_and_the_new_one_proves_the_clause(town: Lakeside, draft: int) -> None:
    typed = TypedCondition(CLAUSE, scenario=SEASON)
    proposal = propose_condition(town.desk, town.designer, draft, typed, 5.0)
    assert proposal.expected is not None
    assert proposal.others.fail == ()
    write_condition(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    with town.desk.store.read() as tx:
        files = tree_of(town.desk, tx, draft).filled
    seasons = {file.path: file for file in scenario_files(files, package.key)}
    assert len(seasons) == 2
    for file in seasons.values():
        assert file.scenario is not None
        with empty_store() as store:
            assert play(store, package, file.scenario, town.desk.calendars, town.desk.operations).unmet == ()
    [fresh] = [file for path, file in seasons.items() if path != SEASON]
    assert fresh.scenario is not None
    assert any(row.get("finding") == "condition_1" and CLAUSE in row["proves"] for row in fresh.scenario.expect)


def test_a_row_reads_the_form_that_an_application_of_the_place_starts_with() -> None:
    filled = fill_patterns(read_sources(PROCESSES, frozenset({"kizilsu", "qingyuan", "ganzhou", "yining"})))[0]
    package = build_catalog(filled).package("urumqi/quality_award")
    path = "processes/urumqi/quality_award/eligibility.dmn"
    drawn = draw_condition(filled, package, condition_of(package, "WQ-9-1"))
    assert b"start_application.condition_1" in drawn[path]
    answers = {"since": "event", "what": "发生重大质量事故", "value": "3"}
    barred = condition_row(filled, package, "WQ-9-3b", "accident_years", answers, Unit.YEARS)
    assert b"start_application.last_accident_years" in barred[path]
    assert b"apply.last" not in barred[path].replace(b"start_apply", b"")
