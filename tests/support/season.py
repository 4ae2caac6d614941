"""A season of the example city, played on a database that others can reach, so that its log is kept."""

from __future__ import annotations

from pathlib import Path

import handlers
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.example_town import CITY, FOLDER, KEY
from tests.support.tree import lay_out

_READ: list[Package] = []
"""The city, read once in a process."""
handlers.load()


def play_season(store: Store, root: Path, scenario: str = "clean_season") -> PlayState:
    """Play a scenario of the example city, laid out below ``root``, to its end."""
    if not _READ:
        _READ.append(load_catalog(lay_out(root, CITY)).package(KEY))
    path = CITY / FOLDER / "scenarios" / f"{scenario}.yaml"
    played = read_scenario(path.read_bytes(), path.name)
    stage = open_stage(store, _READ[0], played, load_calendars(bundled_calendars()), operations())
    for move in played.moves:
        assert play_move(stage, move) == []
    return stage
