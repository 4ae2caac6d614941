"""A whole season that happened in the database is replayed to its end: its experts are drawn again, its winners are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import handlers
from service.casework.simulate.playing.play import open_stage, play_move
from service.casework.simulate.playing.scenario_result import play_for_result
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.seasons.season_record import SeasonRecord, season_record
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.experts import enrol
from service.casework.simulate.stage.stage import PlayState
from service.casework.studio.replay.masked_seasons import past_seasons
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.feel import FUNCTIONS
from service.sdk import operations
from service.store import Store
from service.store.rows import InterestRow
from tests.support.bundled import bundled
from tests.support.tree import PROJECT
from tests.support.turns import in_turn

handlers.load()
SEASONS = dict.fromkeys(("urumqi", "qingyuan", "ganzhou", "yining"), "whole_way") | {"kizilsu": "clean"}


@pytest.mark.parametrize("city", in_turn(tuple(SEASONS), 5))
def test_a_past_season_is_played_to_its_end(city: str, sqlite_store: Store) -> None:
    package = bundled().package(f"{city}/quality_award")
    file = PROJECT / "processes" / city / "quality_award" / "scenarios" / f"{SEASONS[city]}.yaml"
    scenario = read_scenario(file.read_bytes(), SEASONS[city])
    calendars = load_calendars(bundled_calendars())
    stage = open_stage(sqlite_store, package, scenario, calendars, operations(), FUNCTIONS, None)
    for move in scenario.moves:
        assert play_move(stage, move) == []
    stage.drain()
    before = season_record(stage)
    beside_the_season(stage)
    with sqlite_store.read() as tx:
        (season,) = past_seasons(stage.desk, tx, stage.package)
        names = {tx.people.person(row.person_id).name for row in tx.experts.pool(stage.package.jurisdiction.id)}
    moves = season.scenario.moves
    assert len([move for move in moves if move.verb == "expert"]) == len(names)
    assert not names & {text for move in moves for text in texts_of(move.keys)}, "no expert stands under their name"
    assert [move.value["kind"] for move in moves if move.verb == "interest"] == ["kinship"]
    with empty_store() as store:
        again = play_for_result(
            store, stage.package, season.scenario, stage.desk.calendars, operations(), past_refusals=True
        )
    assert [(line.words.zh, line.messages) for line in again.lines if line.messages] == []
    assert again.record is not None
    assert ends_of(again.record) == ends_of(before)
    assert all("种子" in note.zh for note in season.notes)


def beside_the_season(stage: PlayState) -> None:
    """Put two more on the register as if they had been there from the beginning; one is tied to an organisation."""
    for name in ("旁观者甲某", "旁观者乙某"):
        enrol(stage, {"name": name, "employer": "旁观者单位"})
    with stage.desk.store.write() as tx:
        first, second = tx.experts.pool(stage.package.jurisdiction.id)[-2:]
        for entry in (first, second):
            tx.experts.update(entry.id, entry.version, created_at=stage.scenario.start)
        body = next(iter(stage.cast.organisations.values()))
        known = {"kind": "kinship", "source": "record", "noted_at": stage.scenario.start}
        tx.experts.add_interest(InterestRow(person_id=first.person_id, body_id=body, **known))


def ends_of(record: SeasonRecord) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((end.process, end.outcome, end.awards) for end in record.ends.values())


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for held in value.values():
            yield from texts_of(held)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str):
        yield value
