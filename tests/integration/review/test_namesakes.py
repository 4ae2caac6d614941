"""Whoever is struck off is meant by a record of the register: two people may bear one name."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from service.casework.review.expert_register import NewExpert, add_expert
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Move, read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import closure
from service.sdk import operations
from service.store import Store
from tests.support.review import ROOT
from tests.support.tree import project_tree

SEASON = ROOT / "processes" / "qingyuan" / "quality_award" / "scenarios" / "struck_reviewer.yaml"
"""Strikes 专家一 of 单位一 off while a panel is at work."""


@cache
def city() -> Package:
    return Package.from_files(closure(project_tree(), "qingyuan", "quality_award"), operations())


@pytest.fixture
def decided(sqlite_store: Store) -> tuple[PlayState, Move]:
    """The season where the office is about to strike 专家一 off, and its next move."""
    scenario = read_scenario(SEASON.read_bytes(), SEASON.name)
    stage = open_stage(sqlite_store, city(), scenario, load_calendars(bundled_calendars()), operations())
    for move in scenario.moves:
        if move.value == "strike_person":
            return stage, move
        assert play_move(stage, move) == []
    raise AssertionError("the season strikes nobody off")


def namesake(stage: PlayState) -> None:
    """Put another 专家一 on the register."""
    day = date(2015, 1, 1)
    new = NewExpert(
        "qingyuan", "namesake", "专家一", "单位三", "master", day, ("食品",), training="培训", trained_on=day
    )
    add_expert(stage.desk, stage.cast.actor("office"), new)


def standing(stage: PlayState) -> dict[str, str]:
    """Return the employers of those who bear the name, with how each stands on the register."""
    with stage.desk.store.read() as tx:
        rows = tx.experts.pool("qingyuan")
        names = tx.people.named([row.person_id for row in rows])
    return {row.employer: row.status for row in rows if names[row.person_id] == "专家一"}


def test_the_only_one_of_a_name_is_proposed(decided: tuple[PlayState, Move]) -> None:
    stage, move = decided
    assert play_move(stage, move) == []
    assert standing(stage) == {"单位一": "disqualified"}


def test_of_two_namesakes_nobody_is_struck_off_unchosen(decided: tuple[PlayState, Move]) -> None:
    stage, move = decided
    namesake(stage)
    with pytest.raises(FormInvalid) as refused:
        play_move(stage, move)
    assert "请选择专家库中的人员" in refused.value.errors[0].text.zh
    assert standing(stage) == {"单位一": "active", "单位三": "active"}


def test_the_one_who_was_chosen_is_struck_off_and_the_other_stays(decided: tuple[PlayState, Move]) -> None:
    stage, _ = decided
    namesake(stage)
    with stage.desk.store.read() as tx:
        meant = next(row for row in tx.experts.pool("qingyuan") if row.employer == "单位三")
    (task,) = stage.open_tasks("除")
    form = {"expert": str(meant.person_id), "struck": True, "scores": "none"}
    complete_task(stage.desk, stage.cast.actor("office"), task.id, task.version, form)
    stage.drain()
    assert standing(stage) == {"单位一": "active", "单位三": "disqualified"}


def test_who_is_not_on_the_register_strikes_nobody_off(decided: tuple[PlayState, Move]) -> None:
    stage, _ = decided
    (task,) = stage.open_tasks("除")
    form = {"expert": None, "not_listed": True, "struck": True, "scores": "none"}
    complete_task(stage.desk, stage.cast.actor("office"), task.id, task.version, form)
    stage.drain()
    assert standing(stage) == {"单位一": "active"}
