"""Scenarios of a draft: played under its rules beside the requests, with results in words and a drawn season."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from service.casework.simulate.playing.scenario_result import How
from service.casework.simulate.seasons.season_record import SeasonRecord
from service.casework.studio.scenarios.play_scenarios import SuiteResult
from service.casework.studio.scenarios.run_scenarios import list_scenarios, run_scenarios, stop_job, view_scenario
from service.casework.studio.work.jobs import JobState
from service.store import Store
from service.web.studio.seasons.season_picture import season_picture
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown, make_example_town

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path / "tree")


def test_a_scenario_plays_under_the_rules_of_the_draft(example: ExampleTown) -> None:
    """As published it passes; after the draft makes the notice longer, the step after the notice no longer comes in time."""
    first = example.finished(run_scenarios(example.desk, example.designer, example.draft, (CLEAN,)))
    assert first.state is JobState.DONE
    line = view_scenario(example.desk, example.designer, example.draft, CLEAN).line
    assert line.passed
    assert not line.stale
    longer(example)
    assert view_scenario(example.desk, example.designer, example.draft, CLEAN).line.stale
    result = example.played(CLEAN)
    assert not result.passed
    failed = result.unmet[0]
    assert failed.how is How.UNMET
    assert failed.element == "submit_list"


def longer(example: ExampleTown) -> None:
    """Make the notice of the winners twelve working days."""
    notice = "minimum: 10\n    value: 10\n  winners_notice_media"
    example.change(f"{FOLDER}/parameters.yaml", notice, notice.replace("value: 10", "value: 12"))


def test_all_scenarios_run_and_say_what_they_pass(example: ExampleTown) -> None:
    """A run of all of them ends with what each diagram was passed by."""
    two = sorted(line.file.path for line in list_scenarios(example.desk, example.designer, example.draft).lines)[:2]
    job = example.finished(run_scenarios(example.desk, example.designer, example.draft, two))
    suite = job.result(SuiteResult)
    assert suite is not None
    assert suite.passed == 2
    assert any(one.reached for one in suite.reach)
    assert any(one.unreached for one in suite.reach)


def test_a_run_can_be_stopped(example: ExampleTown) -> None:
    """A run that is stopped ends at its next step and has no result."""
    job = run_scenarios(example.desk, example.designer, example.draft)
    stop_job(example.desk, example.designer, example.draft, job)
    assert example.finished(job).state is JobState.STOPPED


def test_a_step_does_not_list_people_without_end(example: ExampleTown) -> None:
    """The one thread of long work is everybody's, and a step cannot be stopped in its middle."""
    example.change(CLEAN, "role: committee, count: 9", "role: committee, count: 90000000")
    result = example.played(CLEAN, seconds=30)
    assert not result.passed
    assert "1000" in str(result.stopped_by or result.unmet[0].messages)


def test_pages_show_the_result_and_the_season(example: ExampleTown) -> None:
    """The list runs a scenario; its page shows steps, expectations and the drawn season."""
    browser = Browser(make_app(example), example, "designer")
    place = f"/studio/drafts/{example.draft}/scenarios"
    assert "clean_season" in browser.get(place).text
    browser.post(f"{place}/run", {"path": CLEAN})
    example.result_of(CLEAN)
    page = browser.get(f"{place}/view?path={CLEAN}").text
    assert "通过" in page
    assert '<svg class="season"' in page
    assert "三类奖项各有一个获奖者" in page
    assert browser.get(f"{place}/walk?path={CLEAN}").status_code == 200
    assert browser.get(f"{place}/diagram/example_city_round.bpmn").mimetype == "application/xml"
    assert browser.get(f"{place}/coverage").status_code == 200
    assert browser.get(f"{place}/view?path=processes/nothing.yaml").status_code == 404


def test_programs_run_scenarios_too(example: ExampleTown) -> None:
    """The interface lists scenarios, plays one, tells how far it is, and what came of it."""
    browser = Browser(make_app(example), example, "designer")
    place = f"/api/v1/drafts/{example.draft}"
    before = browser.get(f"{place}/scenarios").get_json()["scenarios"]
    assert {one["passed"] for one in before} == {None}
    started = browser.send("POST", f"{place}/scenarios/runs", {"paths": [CLEAN]})
    assert started.status_code == 200, started.text
    example.finished(started.get_json()["id"])
    assert browser.get(f"{place}/jobs/{started.get_json()['id']}").get_json()["state"] == "done"
    after = {one["path"]: one for one in browser.get(f"{place}/scenarios").get_json()["scenarios"]}
    assert after[CLEAN]["passed"] is True
    assert browser.send("POST", f"{place}/scenarios/runs", {"paths": ["nowhere.yaml"]}).status_code == 404


def test_a_season_at_the_end_of_time_is_drawn() -> None:
    """The last days that there are leave room for the picture, too."""
    picture = season_picture(SeasonRecord(date.max, date.max, (), {}, ()))
    assert picture.rows == ()
    assert picture.marks


def test_a_season_within_one_month_says_on_which_day_it_begins() -> None:
    day = date(2026, 3, 2)
    assert [mark.label for mark in season_picture(SeasonRecord(day, day, (), {}, ())).marks] == ["2026-03-02"]
    assert [mark.label for mark in season_picture(SeasonRecord(day, date(2026, 4, 9), (), {}, ())).marks] == ["2026-04"]
