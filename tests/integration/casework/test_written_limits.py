"""Who can only write the database gives nobody more time: a limit that was put off there ends the act, not the limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

import handlers
from service.casework.access.actor import Actor
from service.casework.cases.act_on_case import act_on_case
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.step.late_timer import LATE, LimitPutOff
from service.casework.tasks.complete import complete_task
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import NewWork, Store
from service.store.rows import TaskRow, WorkItemRow
from service.store.rows.work import work_item
from tests.integration.casework.test_state_seals import executed
from tests.support.first_start import first_start
from tests.support.tree import lay_out

handlers.load()
COUNTY = Path(__file__).parents[2] / "data" / "pieces"
OVER = datetime(2026, 3, 17, 16, tzinfo=UTC)
"""When the office's ten working days end, and its consent is deemed given."""
BEGIN = """title: 试
start: 2026-03-02
organisations: {甲: {name: 甲公司}}
steps:
  - {at: 2026-03-02 09:00, as: 甲, start: application, name: 甲, with: {merit: 长效}}
  - {at: 2026-03-03 09:00, as: office, case: 甲, complete: check, with: {note: 符合}}
"""


@cache
def county(folder: Path) -> Package:
    return load_catalog(lay_out(folder / "tree", COUNTY)).package("millbrook/long_prize")


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> PlayState:
    """An application that the office decides on in ten working days; on SQLite and on PostgreSQL."""
    scenario = read_scenario(BEGIN.encode(), "begin.yaml")
    calendars = load_calendars(bundled_calendars())
    made = open_stage(store, county(tmp_path), scenario, calendars, operations())
    for move in scenario.moves:
        assert play_move(made, move) == []
    first_start(made.desk)
    return made


def timer(stage: PlayState) -> WorkItemRow:
    with stage.desk.store.read() as tx:
        (item,) = (w for w in tx.work.of_case(stage.case("甲"), ("waiting", "done")) if w.kind == "timer")
    return item


def decide(stage: PlayState) -> TaskRow:
    return next(task for task in stage.open_tasks("甲") if task.element == "decide")


def office(stage: PlayState) -> Actor:
    return stage.cast.actor("office")


def gold(stage: PlayState) -> object:
    task = decide(stage)
    return complete_task(stage.desk, office(stage), task.id, task.version, {"tier": "gold"})


def incidents(stage: PlayState) -> list[tuple[str, str]]:
    with stage.desk.store.read() as tx:
        return [(row.kind, row.what["en"]) for row in tx.incidents.list_open()]


def written(stage: PlayState, **values: object) -> None:
    """Write columns of the work item of the limit as somebody does who has the database alone."""
    number = timer(stage).id
    with stage.desk.store.write() as tx:
        tx._connection.execute(sa.update(work_item).where(work_item.c.id == number).values(values))


Moved = Callable[[PlayState], None]


def put_off(stage: PlayState) -> None:
    written(stage, due_at=LATER)


def taken_out(stage: PlayState) -> None:
    executed(stage.desk, "delete from work_item where id = :id", id=timer(stage).id)


def said_done(stage: PlayState) -> None:
    written(stage, state="done")


LATER = datetime(2027, 3, 17, 16, tzinfo=UTC)


@pytest.mark.parametrize("moved", [put_off, taken_out, said_done])
def test_nobody_decides_after_a_limit_that_somebody_put_off(stage: PlayState, moved: Moved) -> None:
    number = timer(stage).id
    assert timer(stage).due_at == OVER
    moved(stage)
    stage.advance(OVER + timedelta(days=3))
    with pytest.raises(LimitPutOff, match="2026-03-18 00:00"):
        gold(stage)
    ((kind, what),) = incidents(stage)
    assert (kind, "of table work_item says" in what) == (LATE, True)
    column, there = ("state", "done") if moved is said_done else ("due_at", "—" if moved is taken_out else "2027-03-18")
    assert f"{column} in row" in what
    assert f"of table work_item says {there}" in what
    assert moved is taken_out or f"row {number} of table" in what
    assert decide(stage).state == "open"


def test_nobody_acts_in_the_case_after_such_a_limit(stage: PlayState) -> None:
    put_off(stage)
    stage.advance(OVER + timedelta(days=3))
    with pytest.raises(LimitPutOff, match="2026-03-18 00:00"):
        act_on_case(stage.desk, office(stage), stage.case("甲"), "ask_correction", {"note": "缺页"})
    assert [kind for kind, _ in incidents(stage)] == [LATE]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("message", {"message": "correction_asked", "payload": {}}),
        ("timer", {"engine_id": "another", "element": "deemed"}),
    ],
)
def test_nothing_arrives_and_no_other_limit_lapses_in_the_case_after_such_a_limit(
    stage: PlayState, kind: str, payload: dict[str, object]
) -> None:
    put_off(stage)
    at = OVER + timedelta(days=3)
    with stage.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork(kind, stage.case("甲"), f"{kind}:later", payload, at)], stage.desk.clock.now())
    with pytest.raises(LimitPutOff):
        stage.advance(at)
    assert [found for found, _ in incidents(stage)] == [LATE]
    assert [task.element for task in stage.open_tasks("甲")] == ["decide"]


def test_a_limit_that_is_put_back_lapses_and_the_case_goes_on(stage: PlayState) -> None:
    item = timer(stage)
    put_off(stage)
    stage.advance(OVER + timedelta(days=3))
    with pytest.raises(LimitPutOff):
        gold(stage)
    with stage.desk.store.write() as tx:
        tx.work.reschedule(item.effect_key, OVER)
    stage.drain()
    assert [task for task in stage.open_tasks("甲") if task.element == "decide"] == []


def test_until_its_end_and_while_a_worker_is_late_a_task_is_done_as_ever(stage: PlayState) -> None:
    stage.clock.move_to(OVER + timedelta(minutes=1))  # the worker comes in a moment
    assert gold(stage)
    assert incidents(stage) == []


def test_a_limit_that_is_tried_again_holds_nobody_up(stage: PlayState) -> None:
    stage.clock.move_to(OVER + timedelta(minutes=1))
    written(stage, attempts=3, due_at=OVER + timedelta(hours=1))
    assert gold(stage)
