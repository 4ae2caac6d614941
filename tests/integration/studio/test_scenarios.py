"""Scenarios of a draft: played under its rules beside the requests, with results in words and a drawn season."""

from __future__ import annotations

from service.casework.simulate.playing.scenario_result import How
from service.casework.studio.scenarios.play_scenarios import SuiteResult
from service.casework.studio.scenarios.run_scenarios import list_scenarios, run_scenarios, stop_job, view_scenario
from service.casework.studio.work.jobs import JobState
from tests.support.example_town import FOLDER, ExampleTown

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"


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
