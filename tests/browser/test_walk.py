"""A whole season walked in the browser by clicks alone, every person signed in by typing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.expectations import unmet_in
from service.casework.simulate.stage import open_stage
from service.catalog import load_catalog
from service.catalog.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.browser.clicks import Walk, serving

ROOT = Path(__file__).parents[2]
handlers.load()


@pytest.mark.browser
@pytest.mark.parametrize(
    "name", ["urumqi/quality_award/clean", "urumqi/quality_award/correction_succeeds", "urumqi/quality_award/withdrawn"]
)
def test_a_season_is_walked_by_clicks(name: str, chromium: Browser, sqlite_url: str, tmp_path: Path) -> None:
    package = load_catalog(ROOT).packages[name.rpartition("/")[0]]
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
