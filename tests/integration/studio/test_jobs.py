"""Long work of the studio is due work in parts: it survives a restart, is stopped at once, and tells what broke."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.assemble import desk_over
from service.casework.desk.desk import Desk
from service.casework.studio import run_jobs
from service.casework.studio.jobs import MOST_OPEN, JobState, start_job, stop_job, view_job
from service.casework.studio.run_jobs import carry_out, restart_job
from service.casework.studio.scenarios.run_scenarios import list_scenarios, run_scenarios, view_scenario
from service.domain.errors import Conflict, NotFound
from service.domain.running.lanes import STUDIO
from service.domain.text import Text
from service.jobs.due_work import DueWork
from service.store import LEASE, Store
from service.store.models import StudioJobRow
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown
from tests.support.studio_work import carry_on

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
WITHDRAWN = f"{FOLDER}/scenarios/withdrawn.yaml"
DOING = Text("", "")


@pytest.fixture
def second(example: ExampleTown, sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk as another process has it: over the same database, with nothing in memory."""
    store = Store(sqlite_url, tmp_path / "files")
    yield desk_over(store, example.desk.calendars, example.desk.operations, clock=example.clock)
    store.close()


def state(example: ExampleTown, job: int) -> JobState:
    return view_job(example.desk, example.designer, example.draft, job).state


def test_a_job_of_another_draft_is_not_shown(example: ExampleTown) -> None:
    job = run_scenarios(example.desk, example.designer, example.draft, (CLEAN,))
    with pytest.raises(NotFound):
        view_job(example.desk, example.designer, example.draft + 1, job)


def test_whatever_breaks_in_a_job_is_said(
    example: ExampleTown, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception of the program reaches whoever started the job as a sentence, and the log as it is."""

    def broken(_desk: Desk, _row: StudioJobRow) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(run_jobs, "_PARTS", {"scenarios": broken})
    job = example.finished(run_scenarios(example.desk, example.designer, example.draft, (CLEAN,)))
    assert job.state is JobState.FAILED
    assert job.trouble is not None
    assert f"运算 {job.id} 号" in job.trouble.zh
    assert "ZeroDivisionError" not in job.trouble.zh + job.trouble.en
    assert "ZeroDivisionError" in caplog.text


def test_a_second_process_tells_what_a_play_came_to(example: ExampleTown, second: Desk) -> None:
    """List, result, season and progress are read from the database, not from the memory of who played."""
    played = example.played(CLEAN)
    view = view_scenario(second, example.designer, example.draft, CLEAN)
    assert view.result == played
    assert view.line.passed
    assert not view.line.stale
    assert view.job is not None
    assert view.job.state is JobState.DONE
    lines = {line.file.path: line.passed for line in list_scenarios(second, example.designer, example.draft).lines}
    assert lines.pop(CLEAN)
    assert set(lines.values()) == {None}


def test_what_a_killed_process_had_begun_another_goes_on_with(example: ExampleTown, second: Desk) -> None:
    job = run_scenarios(example.desk, example.designer, example.draft, (CLEAN, WITHDRAWN))
    killed = DueWork(example.desk.store, partial(carry_out, example.desk, SYSTEM), example.clock.now, "killed")
    assert killed.run_some(STUDIO, example.clock.now()) == 1
    assert example.desk.store.claim_in(STUDIO, example.clock.now(), "killed"), "and dies over the second"
    carry_on(second)
    assert state(example, job) is JobState.OPEN, "its lease is not over yet"
    example.clock.move_to(example.clock.now() + LEASE + timedelta(seconds=1))
    carry_on(second)
    assert state(example, job) is JobState.DONE
    assert view_scenario(second, example.designer, example.draft, WITHDRAWN).line.passed


def test_what_is_stopped_while_a_part_runs_keeps_nothing_of_it(example: ExampleTown, second: Desk) -> None:
    job = run_scenarios(example.desk, example.designer, example.draft, (CLEAN, WITHDRAWN))
    [item] = example.desk.store.claim_in(STUDIO, example.clock.now(), "busy")
    stop_job(second, example.designer, example.draft, job)
    with pytest.raises(Exception):  # noqa: B017, PT011  the fence of the work item
        carry_out(example.desk, SYSTEM, item)
    carry_on(example.desk)
    assert state(example, job) is JobState.STOPPED
    assert list_scenarios(example.desk, example.designer, example.draft).played == ()


def test_what_broke_off_is_said_and_starts_again(example: ExampleTown) -> None:
    """Where its work item is gone the page says so, and the button plays what was asked for."""
    job = run_scenarios(example.desk, example.designer, example.draft, (CLEAN,))
    with pytest.raises(Conflict):
        restart_job(example.desk, example.designer, example.draft, job)
    with example.desk.store.write() as tx:
        tx.work.cancel([f"studio:{job}:0"], example.clock.now())
    browser = Browser(make_app(example), example, "designer")
    here = f"/studio/drafts/{example.draft}"
    view = f"{here}/scenarios/view?path={CLEAN}"
    page = browser.get(view).text
    assert "这次运行没有做完" in page
    assert f"{here}/jobs/{job}" in page
    again = browser.post(f"{here}/jobs/{job}", {"do": "again", "back": view})
    assert again.headers["Location"] == view
    assert example.result_of(CLEAN).passed


def test_others_have_their_turn_between_two_parts(example: ExampleTown) -> None:
    """A single scenario does not wait until a run of many is over."""
    many = run_scenarios(example.desk, example.designer, example.draft, (WITHDRAWN, CLEAN))
    one = run_scenarios(example.desk, example.designer, example.draft, (CLEAN,))
    work = DueWork(example.desk.store, partial(carry_out, example.desk, SYSTEM), example.clock.now, "test")
    for _ in range(2):
        work.run_some(STUDIO, example.clock.now())
    assert (state(example, one), state(example, many)) == (JobState.DONE, JobState.OPEN)


def test_one_person_has_a_bounded_number_of_jobs_waiting(example: ExampleTown) -> None:
    def begin(key: str) -> int:
        asked = {"work": "scenarios", "paths": [CLEAN], "files": [CLEAN]}
        return start_job(example.desk, example.designer, example.draft, key, asked, DOING)

    jobs = [begin(f"x{n}") for n in range(MOST_OPEN)]
    with pytest.raises(Conflict) as refused:
        begin("more")
    assert f"{MOST_OPEN} 项" in refused.value.message.zh
    stop_job(example.desk, example.designer, example.draft, jobs[0])
    begin("more")
