"""A condition of applying is written by its assistant: question, row, citation, finding and scenario line, shown before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.attest_condition import TypedCondition, propose_condition, write_condition
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Unit, build_catalog
from service.catalog.assistants.asked_condition import condition_of, draw_condition
from service.catalog.assistants.condition_rows import condition_row
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.tree import read_sources
from tests.integration.studio.test_conditions_of_a_place import SEASON, WITH_CONDITIONS, as_eligibility
from tests.support.lakeside import Lakeside

CLAUSE = "LN-2-1-2"
PROCESSES = Path(__file__).parents[3]


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A new place of which one condition is carried out, the years since foundation."""
    outline = replace(WITH_CONDITIONS, cited={**WITH_CONDITIONS.cited, "conditions": ("LN-2-1", "LN-2-1-1")})
    draft = start_city(town.desk, town.designer, outline)
    as_eligibility(town, draft, CLAUSE)
    return draft


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
