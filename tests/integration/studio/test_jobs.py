"""Long work of the studio is kept in the database: a restart or a second process loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.casework.assemble import desk_over
from service.casework.desk.desk import Desk
from service.casework.studio.scenarios.run_scenarios import list_scenarios, view_job, view_scenario
from service.casework.studio.serving.restart_job import STARTS, restart_job
from service.casework.studio.work.job_line import line_up
from service.casework.studio.work.job_words import KINDS
from service.casework.studio.work.jobs import MOST_OWN, PROCESS, SILENT, Job, JobOrder, JobState, Run, job_of, start_job
from service.casework.studio.work.kept_results import pack_result
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.store import Store
from service.store.rows import StudioJobRow
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown, make_example_town

CLEAN = f"{FOLDER}/scenarios/clean_season.yaml"
PLAY_CLEAN = {"work": "scenarios", "paths": [CLEAN]}


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    return make_example_town(sqlite_store, tmp_path / "tree")


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


def test_programs_start_a_job_again(example: ExampleTown) -> None:
    job = of_another_process(example, datetime.now(UTC) - timedelta(minutes=5))
    browser = Browser(make_app(example), example, "designer")
    place = f"/api/v1/drafts/{example.draft}/jobs"
    told = browser.get(f"{place}/{job}").get_json()
    assert told["state"] == "interrupted", "its process has given no sign of life"
    assert told["over"]
    again = browser.send("POST", f"{place}/{job}/again", {})
    assert again.status_code == 200, again.text
    assert example.finished(again.get_json()["id"]).state is JobState.DONE


def test_old_jobs_are_forgotten(example: ExampleTown) -> None:
    """Of one key the newest finished job is kept, and those after it."""
    jobs = [example.finished(started(example, lambda _run: 1)).id for _ in range(4)]
    with example.desk.store.read() as tx:
        kept = [job for job in jobs if tx.studio_jobs.get(job) is not None]
    assert kept == jobs[-2:], "the one before goes when the next begins"


def test_a_result_of_another_program_is_none(example: ExampleTown) -> None:
    """What was kept in a form that this program does not know is played again, not shown wrongly."""
    found: Job = example.finished(started(example, lambda _run: 1))
    assert found.result(int) == 1
    assert found.result(dict) is None
    assert pack_result(1) == found.content


def test_a_single_play_goes_between_two_parts_of_long_work(example: ExampleTown) -> None:
    """Meanwhile its page says what runs; other long work waits for the whole."""
    begun, asked = threading.Event(), threading.Event()
    order: list[str] = []

    def long(run: Run) -> None:
        begun.set()
        assert asked.wait(120)
        run.beat(1, 2, Text("第二届", "the second"))
        order.append("long")

    first = start_job(
        example.desk, example.designer, example.draft, JobOrder("scenarios", 75, {"work": "scenarios"}), long
    )
    assert begun.wait(120)
    other = start_job(
        example.desk,
        example.designer,
        example.draft,
        JobOrder("long", 2, {"work": "scenarios"}),
        lambda _: order.append("other"),
    )
    single = started(example, lambda _: order.append("single"))
    page = Browser(make_app(example), example, "designer")
    told = [page.get(f"/studio/drafts/{example.draft}/jobs/{job}").get_json()["doing"] for job in (single, other)]
    assert told == [
        "等待中：正在进行情景运行（0/75）。这一项时间短，不必等它全部做完。",
        "等待中：正在进行情景运行（0/75）。",
    ]
    asked.set()
    for job in (first, other, single):
        assert example.finished(job).state is JobState.DONE
    assert order == ["single", "long", "other"]


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


def test_every_kind_of_job_that_starts_again_has_a_name() -> None:
    assert set(KINDS) == set(STARTS)


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
