"""What changes below a round lets the round look at its barriers; a play, which is alone, looks only where one waits."""

from __future__ import annotations

from pathlib import Path

import handlers
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.catalog import load_catalog
from service.sdk import operations
from service.store import Store
from tests.support.passing import CALENDARS
from tests.support.tree import lay_out

COUNTY = Path(__file__).parents[2] / "data" / "pieces"
APPLIED = """
title: 两家申报
start: 2026-03-02
organisations: {甲: {name: 甲公司}, 乙: {name: 乙公司}}
steps:
  - {members: {role: committee, count: 3}}
  - {at: 2026-03-02 09:00, as: office, start: round, name: 届}
  - {every: [甲, 乙], as: $, start: application, parent: 届, name: $, with: {merit: 特色}}
"""
handlers.load()


def applied(store: Store, folder: Path) -> PlayState:
    """Return a round that waits for the office, at no barrier, after two organisations applied."""
    package = load_catalog(lay_out(folder / "tree", COUNTY)).package("millbrook/ballot_prize")
    stage = open_stage(store, package, read_scenario(APPLIED.encode(), "applied.yaml"), CALENDARS, operations())
    for move in stage.scenario.moves:
        assert play_move(stage, move) == []
    return stage


def looks(stage: PlayState) -> int:
    """Count how often the round was told to look."""
    with stage.desk.store.read() as tx:
        return sum(item.kind == "barrier" for item in tx.work.of_case(stage.case("届"), ["done"]))


def test_a_round_that_waits_at_no_barrier_is_told_all_the_same(sqlite_store: Store, tmp_path: Path) -> None:
    assert looks(applied(sqlite_store, tmp_path)) == 2


def test_a_play_tells_no_round_that_waits_at_no_barrier(tmp_path: Path) -> None:
    with empty_store() as store:
        assert looks(applied(store, tmp_path)) == 0
