"""Scenarios of a draft: played under its rules beside the requests, with results in words and a drawn season."""

from __future__ import annotations

from service.casework.simulate.playing.scenario_result import How
from service.casework.studio.jobs import JobState, stop_job, view_job
from service.casework.studio.scenarios.run_scenarios import list_scenarios, run_scenarios, view_scenario
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


def test_all_scenarios_run_and_end_with_a_verdict(example: ExampleTown) -> None:
    """A run ends with a verdict of each."""
    two = sorted(line.file.path for line in list_scenarios(example.desk, example.designer, example.draft).lines)[:2]
    job = example.finished(run_scenarios(example.desk, example.designer, example.draft, two))
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    found = list_scenarios(example.desk, example.designer, example.draft)
    assert [line.file.path for line in found.played if line.passed] == two


def test_a_run_can_be_stopped(example: ExampleTown) -> None:
    """A run that is stopped is over at once, and plays nothing any more."""
    job = run_scenarios(example.desk, example.designer, example.draft)
    stop_job(example.desk, example.designer, example.draft, job)
    assert view_job(example.desk, example.designer, example.draft, job).state is JobState.STOPPED
    assert example.finished(job).done == 0
    assert list_scenarios(example.desk, example.designer, example.draft).played == ()
