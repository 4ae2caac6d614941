"""A whole season walked in the browser by clicks alone, every person signed in by typing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.stage.stage import open_stage
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.browser.clicks import Walk, serving
from tests.browser.rounds import RoundWalk
from tests.browser.walk import city_to_walk, walk_season
from tests.support.bundled import bundled
from tests.support.samples import LONG, sample

ROOT = Path(__file__).parents[2]
handlers.load()


SHORT = ("urumqi/quality_award/correction_succeeds", "urumqi/quality_award/withdrawn")


@pytest.mark.parametrize("name", sample(SHORT, 2))
def test_a_season_is_walked_by_clicks(name: str, chromium: Browser, sqlite_url: str, tmp_path: Path) -> None:
    """The first half of a season; the other is walked below (`make walk`: everything)."""
    package = bundled().packages[name.rpartition("/")[0]]
    path = ROOT / "processes" / name.rpartition("/")[0] / "scenarios" / f"{name.rpartition('/')[2]}.yaml"
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    scenario = read_scenario(path.read_bytes(), path.name)
    stage = open_stage(store, package, scenario, load_calendars(bundled_calendars()), operations())
    with serving(stage) as base:
        walk = Walk(stage, chromium, base, tmp_path)
        for move in scenario.moves:
            walk.play(move)
    unmet = [m.zh for row in scenario.expect for m in unmet_in(stage, row)]
    store.close()
    assert unmet == []
    assert walk.complaints == []
    assert walk.steps >= 5


@pytest.mark.long
def test_one_city_is_walked_from_the_call_through_conferral_to_a_revocation(
    chromium: Browser, sqlite_url: str, tmp_path: Path
) -> None:
    """Which city, the packages' versions decide; `make walk` walks them all, repeated steps by clicks too."""
    city = city_to_walk()
    walked = walk_season(chromium, city, sqlite_url, tmp_path, enough=1)
    assert (city, walked.unmet, walked.complaints) == (city, (), ())
    assert walked.steps >= 25, city


def test_review_vote_objection_and_conferral_are_walked_by_clicks(
    chromium: Browser, sqlite_url: str, tmp_path: Path
) -> None:
    """The other half of a season: what comes before is walked above and is played here."""
    package = bundled().packages["urumqi/quality_award"]
    path = ROOT / "processes/urumqi/quality_award/scenarios/in_person.yaml"
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    scenario = read_scenario(path.read_bytes(), path.name)
    stage = open_stage(store, package, scenario, load_calendars(bundled_calendars()), operations())
    begins = next(n for n, move in enumerate(scenario.moves) if move.value == "start_review")
    with serving(stage) as base:
        walk = RoundWalk(stage, chromium, base, tmp_path, enough=2 if LONG else 1)
        for number, move in enumerate(scenario.moves):
            walk.play(move) if number >= begins else walk.by_use_case(move)
            if move.value == "sign_reply":
                walk.outcome_of("异", "异议已办结")
        walk.register_shows("甲公司", "乙公司")
    unmet = [m.zh for row in scenario.expect for m in unmet_in(stage, row)]
    store.close()
    assert unmet == []
    assert [c for c in walk.complaints if "422" not in c] == []  # the objection refused on purpose
    assert walk.steps >= (35 if LONG else 30), "what comes again is clicked once in the ordinary run"
