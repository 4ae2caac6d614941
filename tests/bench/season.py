"""Many applications waiting for the district's opinion, made by the real use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.scenarios.scenario import Move, parse_instant
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.simulate.stage.verbs import DOERS
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.keys import keys_beside

ROOT = Path(__file__).parents[2]
PACKAGE = "urumqi/quality_award"
AUDITOR = "audit_unit@tianshan"
TASK = "audit"


def prepare(folder: Path, applications: int) -> tuple[PlayState, dict[str, Any]]:
    """Return a season in which ``applications`` organisations wait at the district, and the district's form."""
    handlers.load()
    path = ROOT / "processes" / PACKAGE / "scenarios/clean.yaml"
    scenario = read_scenario(path.read_bytes(), path.name)
    [first, *_] = scenario.organisations
    names = {first: scenario.organisations[first]} | {
        f"{first}{n}": {"name": f"基准测试{n}号装备制造股份有限公司"} for n in range(1, applications)
    }
    scenario = replace(scenario, organisations=names)
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", keys=keys_beside(folder))
    store.migrate()
    stage = open_stage(
        store, load_catalog(ROOT).packages[PACKAGE], scenario, load_calendars(bundled_calendars()), operations()
    )
    form: dict[str, Any] = {}
    for move in scenario.moves:
        if move.value == TASK and move.verb == "complete" and "refused" not in move.keys:
            form = dict(move.keys["with"])
            break
        if move.verb != "expect" and "refused" not in move.keys:
            _for_all(stage, move, first)
    return stage, form


def _for_all(stage: PlayState, move: Move, first: str) -> None:
    if move.at is not None:
        stage.advance(move.at)
    if move.verb == "until":
        stage.advance(parse_instant(move.value, time(9)))
        return
    for nick in stage.cast.organisations if first in (move.who, move.case) else [first]:
        _do(stage, _renamed(move, first, nick))
    stage.drain()


def _do(stage: PlayState, move: Move) -> None:
    DOERS[move.verb](stage, move, stage.cast.actor(move.who or "office"))


def _renamed(move: Move, first: str, nick: str) -> Move:
    keys = {k: (nick if v == first else v) for k, v in move.keys.items()}
    return replace(
        move, who=nick if move.who == first else move.who, case=nick if move.case == first else move.case, keys=keys
    )
