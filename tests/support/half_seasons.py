"""Seasons of the bundled cities, played from their scenarios until something runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import handlers
from service.casework.definitions.publish import publish_package
from service.casework.simulate import read_scenario
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.simulate.stage.verbs import DOERS
from service.catalog import Catalog, Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.bundled import bundled

PROJECT = Path(__file__).parents[2]
Attempt = Callable[[Callable[[], object]], None]
handlers.load()


def just_do(act: Callable[[], object]) -> None:
    """Do an act once."""
    act()


def publish_unchecked(stage: PlayState, package: Package) -> None:
    """Make a version the current one without checking it again."""
    with stage.desk.store.write() as tx:
        publish_package(tx, package, stage.clock.now(), "test")


def season(key: str, scenario: str, store: Store, cases: int) -> PlayState:
    """Play a scenario, what it has refused left out, until ``cases`` of its cases have started; none votes before."""
    stage = _opened(key, scenario, store)
    _play(stage, lambda _move: len(stage.cases) == cases)
    return stage


def whole_season(key: str, scenario: str, store: Store) -> PlayState:
    """Play a scenario to its end, its votes and what it has refused included."""
    stage = _opened(key, scenario, store)
    for move in stage.scenario.moves:
        play_move(stage, move)
    return stage


def season_until(
    key: str, scenario: str, store: Store, element: str, case: str | None, attempt: Attempt = just_do
) -> PlayState:
    """Play a scenario likewise until ``case`` is about to do ``element``; ``attempt`` does each step, and what is due then."""
    stage = _opened(key, scenario, store)
    _play(stage, lambda move: move.value == element and move.case == case, attempt)
    return stage


def _opened(key: str, scenario: str, store: Store) -> PlayState:
    package = _catalog().package(key)
    path = PROJECT / "processes" / key / "scenarios" / f"{scenario}.yaml"
    found = read_scenario(path.read_bytes(), path.name)
    return open_stage(store, package, found, load_calendars(bundled_calendars()), operations())


@cache
def _catalog() -> Catalog:
    """Return the cities, read once in a process: nobody changes them."""
    return bundled()


def _play(stage: PlayState, over: Callable[[Move], bool], attempt: Attempt = just_do) -> None:
    for move in stage.scenario.moves:
        if over(move):
            break
        stage.pass_time(move)
        if move.verb in DOERS and "refused" not in move.keys:
            attempt(partial(DOERS[move.verb], stage, move, stage.cast.actor(move.who or "office")))
            attempt(stage.drain)
