"""Whole seasons: as a person calls the command, as all scenarios together, and what stands out within one."""

from __future__ import annotations

import time as clock
from collections import Counter
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from random import Random
from statistics import median

import handlers
from service.casework.reading.dossier import view_dossier
from service.casework.simulate import play, read_scenario
from service.casework.simulate.scenarios.scenario import parse_instant
from service.casework.simulate.stage.ballots import BALLOT_DOERS
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.simulate.stage.verbs import DOERS
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import WorkingCalendar
from service.domain.review import DrawRules, PoolExpert, draw
from service.sdk import operations
from service.store import Store
from tests.bench.check_cost import seconds
from tests.bench.measures import Measure, p95
from tests.bench.season import ROOT
from tests.support.ballots import make_hall, paper
from tests.support.statements import statements_of

TWELVE = "processes/urumqi/quality_award/scenarios/season_of_twelve.yaml"
FIVE_YEARS = "processes/yining/quality_award/scenarios/five_years.yaml"


def measure(folder: Path) -> list[Measure]:
    """Return what a season, its five years after, a draw, a vote and a dossier cost."""
    handlers.load()
    packages = load_catalog(ROOT).packages
    season = [seconds("simulate", TWELVE) * 1000 for _ in range(2)]
    years = [_played(folder / f"years{n}", ROOT / FIVE_YEARS, packages) for n in range(3)]
    draws = [_draw(n) for n in range(50)]
    return [
        Measure("laurel simulate …/season_of_twelve.yaml", median(season), max(season), None, 2000),
        Measure("five years after an award, with yearly reports", median(years), max(years), None, 1000),
        Measure("a draw from 500 experts", median(draws), p95(draws), None, 50),
        _vote(folder / "hall"),
        _dossier(folder / "dossier", packages),
    ]


def _played(folder: Path, path: Path, packages: Mapping[str, Package]) -> float:
    """Play one scenario on a database of its own; returns milliseconds of processor time.

    Raises RuntimeError when it does not pass.
    """
    store = _throwaway(folder)
    _calendars()
    start = clock.process_time()
    scenario = read_scenario(path.read_bytes(), path.name)
    played = play(store, packages["/".join(path.parts[-4:-2])], scenario, _calendars(), operations())
    spent = (clock.process_time() - start) * 1000
    store.close()
    if not played.passed:
        raise RuntimeError(f"{path}: {[u.message.zh for u in played.unmet]}")
    return spent


@cache
def _calendars() -> Mapping[str, WorkingCalendar]:
    return load_calendars(bundled_calendars())


def _throwaway(folder: Path) -> Store:
    folder.mkdir()
    store = Store("sqlite://", folder / "files", durable=False)
    store.create_tables()
    return store


def _draw(number: int) -> float:
    sectors = ("manufacture", "service", "construction")
    pool = [
        PoolExpert(n, f"专家{n}", frozenset({Random(n).choice(sectors)}), f"单位{n % 120}") for n in range(1, 501)
    ]  # fmt: skip
    start = clock.perf_counter()
    draw(pool, DrawRules(7, "service", 3, True), f"seed {number}")
    return (clock.perf_counter() - start) * 1000


def _vote(folder: Path) -> Measure:
    """Cast votes into a database on disk; the floor is the step that starts such a round, on the same disk."""
    folder.mkdir()
    store = Store(f"sqlite:///{folder}/hall.db", folder / "files")
    store.migrate()
    hall = make_hall(store, folder / "keys")
    votes, starts = [], []
    for _ in range(5):
        start = clock.perf_counter()
        _, ballot = hall.open()
        starts.append((clock.perf_counter() - start) * 1000)
        for member in range(1, 9):
            start = clock.perf_counter()
            hall.cast(ballot, member, paper("yyn"))
            votes.append((clock.perf_counter() - start) * 1000)
    store.close()
    return Measure(
        "casting a vote (floor: the step that opens the ballot)", median(votes), p95(votes), median(starts), 3
    )


def _dossier(folder: Path, packages: Mapping[str, Package]) -> Measure:
    """Count the statements behind the dossier of the application with the most score sheets: five reviewers a stage."""
    path = ROOT / TWELVE
    text = path.read_text(encoding="utf-8")
    wide = text.replace("[专一, 专二, 专三]", "[专一, 专二, 专三, 专四, 专五]").replace(
        "parameters: {", "parameters: {min_reviewers: 5, ", 1
    )
    scenario = read_scenario(wide.encode(), path.name)
    store = _throwaway(folder)
    package = packages["urumqi/quality_award"]
    stage = open_stage(store, package, scenario, _calendars(), operations())
    _play_through(stage)
    with store.read() as tx:
        sheets = Counter(row.case_id for row in tx.sheets.select(case_id=list(stage.cases.values())))
    [(case, number)] = sheets.most_common(1)
    with statements_of(store) as seen:
        view_dossier(stage.desk, stage.cast.actor("office"), case)
    store.close()
    work = f"SQL statements of a dossier of {number} sheets"
    return Measure(work, float(len(seen)), None, None, 20, unit="statements")


def _play_through(stage: PlayState) -> None:
    doers = {**DOERS, **BALLOT_DOERS}
    for move in stage.scenario.moves:
        if move.at is not None:
            stage.advance(move.at)
        if move.verb == "until":
            stage.advance(parse_instant(move.value, time(9)))
        elif move.verb != "expect" and "refused" not in move.keys:
            doers[move.verb](stage, move, stage.cast.actor(move.who or "office"))
            stage.drain()
