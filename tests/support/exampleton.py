"""The fictional city that uses every shared diagram, brought to any point of a season."""

from __future__ import annotations

from pathlib import Path

import handlers
from service.casework.simulate.scenarios.scenario import Scenario, read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.simulate.stage.verbs import DOERS
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.tree import lay_out

PROJECT = Path(__file__).parents[2]
CITY = PROJECT / "tests" / "data" / "objection"
PACKAGE = "exampleton/fair_award"
handlers.load()

RUNNING = """
title: 公示期内
start: 2026-03-02
organisations: {甲: {name: 甲公司}, 乙: {name: 乙公司}, 丙: {name: 丙公司}}
steps:
  - {at: 2026-03-02 09:00, as: office, start: round, name: 届, with: {round_name: 第一届}}
  - {as: 甲, start: application, parent: 届, name: 甲, with: {recommender: north}}
  - {as: 乙, start: application, parent: 届, name: 乙, with: {recommender: south}}
  - {as: 丙, start: application, parent: 届, name: 丙, with: {recommender: south}}
  - {as: office, case: 甲, complete: assess, with: {proposed: 'yes'}}
  - {as: office, case: 乙, complete: assess, with: {proposed: 'yes'}}
  - {as: office, case: 丙, complete: assess, with: {proposed: 'no'}}
  - {as: office, case: 届, action: propose, with: {title: 拟获奖名单公示}}
  - {as: office, case: 届, complete: prove_posting, with: {media: [{name: 示例日报, posted_on: 2026-03-02, link: 第三版}], proof: 'file:样报.pdf'}}
"""
"""A season up to the running notice of 甲 and 乙; 丙 applied, but no notice names it."""


_READ: list[Package] = []
"""The award, read once in a process."""


def exampleton(root: Path) -> Path:
    """Lay the city out below ``root`` with the project's own shared pieces; returns ``root``."""
    return lay_out(root, CITY)


def season(store: Store, root: Path, scenario: str = RUNNING) -> PlayState:
    """Play the steps of ``scenario`` on an empty store and return the stage as it then stands.

    The city is laid out below ``root`` if nobody in this process has read it yet.
    """
    played: Scenario = read_scenario(scenario.encode(), "season.yaml")
    if not _READ:
        _READ.append(load_catalog(exampleton(root)).package(PACKAGE))
    (package,) = _READ
    stage = open_stage(store, package, played, load_calendars(bundled_calendars()), operations())
    for move in played.moves:
        if move.at is not None:
            stage.advance(move.at)
        DOERS[move.verb](stage, move, stage.cast.actor(move.who or "office"))
        stage.drain()
    return stage
