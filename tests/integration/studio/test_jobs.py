"""Long work of the studio is kept in the database: a restart or a second process loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.casework.assemble import desk_over
from service.casework.desk.desk import Desk
from service.casework.studio.scenarios.run_scenarios import list_scenarios, view_job, view_scenario
from service.casework.studio.serving.restart_job import restart_job
from service.casework.studio.work.job_line import line_up
from service.casework.studio.work.jobs import MOST_OWN, PROCESS, SILENT, JobOrder, JobState, Run, job_of, start_job
from service.domain.errors import Conflict, NotFound
from service.store import Store
from service.store.models import StudioJobRow
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
PLAY_CLEAN = {"work": "scenarios", "paths": [CLEAN]}


@pytest.fixture
def second(example: ExampleTown, sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk as another process has it: over the same database, with nothing in memory."""
    store = Store(sqlite_url, tmp_path / "files")
    yield desk_over(store, example.desk.calendars, example.desk.operations, clock=example.clock)
    store.close()


def started(example: ExampleTown, work: Callable[[Run], object], key: str = "x") -> int:
    return start_job(example.desk, example.designer, example.draft, JobOrder(key, 1, PLAY_CLEAN), work)


def of_another_process(example: ExampleTown, beat_at: datetime) -> int:
    """Leave a job as a process that was killed leaves it; returns its number."""
    row = StudioJobRow(
        draft_id=example.draft,
        revision=0,
        key="scenarios",
        asked=PLAY_CLEAN,
        person_id=example.people["designer"],
        state="running",
        done=1,
        total=5,
        process="gone",
        begun_at=beat_at,
        beat_at=beat_at,
    )
    with example.desk.store.write() as tx:
        return tx.studio_jobs.begin(row)


def test_a_job_of_another_draft_is_not_shown(example: ExampleTown) -> None:
    job = started(example, lambda _run: 1)
    with example.desk.store.read() as tx, pytest.raises(NotFound):
        job_of(tx, example.draft + 1, job)


def test_whatever_breaks_in_a_job_is_said(example: ExampleTown, caplog: pytest.LogCaptureFixture) -> None:
    """An exception of the program reaches whoever started the job as a sentence, and the log as it is."""

    def broken(_run: Run) -> None:
        raise ZeroDivisionError("by nothing")

    job = example.finished(started(example, broken))
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
    assert view_job(second, example.designer, example.draft, view.job.id).state is JobState.DONE
    lines = {line.file.path: line.passed for line in list_scenarios(second, example.designer, example.draft).lines}
    assert lines.pop(CLEAN)
    assert set(lines.values()) == {None}


def test_a_second_process_stops_a_job(example: ExampleTown, second: Desk) -> None:
    goes, ended = threading.Event(), threading.Event()

    def work(run: Run) -> None:
        goes.set()
        while not ended.wait(0.05):
            run.check()

    job = started(example, work)
    assert goes.wait(120)
    with second.store.write() as tx:
        tx.studio_jobs.stop(job)
    found = example.finished(job, 20)
    ended.set()
    assert found.state is JobState.STOPPED


def test_what_ran_when_the_program_ended_is_said_and_starts_again(example: ExampleTown) -> None:
    """After a start everything unfinished is interrupted; the page says so and the button plays what was asked for."""
    job = of_another_process(example, datetime.now(UTC))
    assert view_job(example.desk, example.designer, example.draft, job).state is JobState.RUNNING
    with pytest.raises(Conflict):
        restart_job(example.desk, example.designer, example.draft, job)
    example.desk.store.reset_running()
    browser = Browser(make_app(example), example, "designer")
    here = f"/studio/drafts/{example.draft}"
    page = browser.get(f"{here}/scenarios").text
    assert "这次运行没有做完" in page
    assert f"{here}/jobs/{job}/again" in page
    again = browser.post(f"{here}/jobs/{job}/again", {"back": f"{here}/scenarios"})
    assert again.headers["Location"] == f"{here}/scenarios"
    assert example.result_of(CLEAN).passed


def test_long_work_lives_before_and_after_each_piece_of_brief_work(example: ExampleTown) -> None:
    """Nobody takes a job for interrupted that did long work in silence and then lets brief work pass."""
    seen: list[JobState] = []
    over = threading.Event()

    def work(run: Run) -> None:
        def silent() -> None:
            with example.desk.store.write() as tx:
                tx.studio_jobs.beat(run.job, PROCESS, datetime.now(UTC) - 2 * SILENT, {"state": "running"})

        def brief() -> None:
            with example.desk.store.read() as tx:
                seen.append(job_of(tx, example.draft, run.job).state)
            silent()

        silent()
        line_up(brief, brief=True)
        line_up(brief, brief=True)
        run.pause()
        with example.desk.store.read() as tx:
            seen.append(job_of(tx, example.draft, run.job).state)
        over.set()

    order = JobOrder("scenarios", 75, {"work": "scenarios"})
    job = start_job(example.desk, example.designer, example.draft, order, work)
    assert over.wait(120), "whoever looks while it is silent takes it for interrupted, and rightly"
    assert example.finished(job).state is JobState.DONE
    assert seen == [JobState.RUNNING] * 3


def test_one_person_has_a_bounded_number_of_jobs_waiting(example: ExampleTown) -> None:
    go_on = threading.Event()
    numbers = [started(example, lambda _: go_on.wait(60), f"x{n}") for n in range(MOST_OWN)]
    with pytest.raises(Conflict) as refused:
        started(example, lambda _: None, "more")
    assert f"{MOST_OWN} 项" in refused.value.message.zh
    go_on.set()
    for number in numbers:
        example.finished(number)
    example.finished(started(example, lambda _: None, "more"))
