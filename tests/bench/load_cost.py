"""Pages of those who oversee, with 100,000 cases and their tasks against a tenth of them: what lists stays, what sums grows with them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa

import handlers
from service.casework.queries.cases.list_cases import CaseQuery, list_cases
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.monitoring.heat import view_heat
from service.casework.queries.monitoring.monitor import ChosenDiagram, view_monitor
from service.casework.queries.monitoring.overview import view_overview
from service.casework.queries.searching.search import search
from service.casework.simulate import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from service.store.models.cases import task
from tests.bench.fictional_load import make_load
from tests.bench.measures import Measure, p95
from tests.bench.season import PACKAGE, ROOT

FEW, MANY, RUNS = 10_000, 100_000, 40
# sums over all tasks of the place: the most that they may grow with ten times as many
GROWING = {
    "monitor": 10.0,
    "overview of the office": 10.0,
    "heat": 5.0,
}


def measure(folder: Path) -> list[Measure]:
    """Return each page with many cases over the same page with few."""
    handlers.load()
    few, _ = _pages(folder / "few", FEW)
    many, tasks = _pages(folder / "many", MANY)
    return [
        Measure(
            f"{name}, {MANY} cases and {tasks} tasks ({FEW} cases)", median(times), p95(times), median(few[name]),
            GROWING.get(name, 2.0), unit="ms of CPU",
        )
        for name, times in many.items()
    ]  # fmt: skip


def _pages(folder: Path, cases: int) -> tuple[dict[str, list[float]], int]:
    """Return what each page takes at so many cases, and how many tasks those have."""
    folder.mkdir()
    store = Store(f"sqlite:///{folder}/laurel.db", folder / "files", durable=False)
    store.migrate()
    path = ROOT / "processes" / PACKAGE / "scenarios" / "season_of_twelve.yaml"
    scenario = read_scenario(path.read_bytes(), path.name)
    package = load_catalog(ROOT).packages[PACKAGE]
    stage = open_stage(store, package, scenario, load_calendars(bundled_calendars()), operations())
    make_load(stage, cases, 1, lambda _made: None, past=False)
    with store.read() as tx:
        tasks = int(tx.tasks._scalar(sa.select(sa.func.count()).select_from(task)))
    times = {name: _times(work) for name, work in _works(stage).items()}
    store.close()
    return times, tasks


def _works(stage: PlayState) -> dict[str, Callable[[], object]]:
    """Return what each page asks for; the case is one that was played to its end, with all its past."""
    desk, office = stage.desk, stage.cast.actor("office")
    place = stage.package.jurisdiction.id
    played = max(stage.cases.values())
    seen = stage.package.process("application").process
    return {
        "monitor": lambda: view_monitor(desk, office, place),
        "heat": lambda: view_heat(desk, office, ChosenDiagram(PACKAGE, seen)),
        "overview of the office": lambda: view_overview(desk, office, place),
        "running cases": lambda: list_cases(desk, office, CaseQuery(live=True, jurisdiction=place)),
        "search for cases by a part of the name": lambda: list_cases(
            desk, office, CaseQuery(text="云岭", jurisdiction=place)
        ),
        "search for anything by the value of a fact": lambda: search(desk, office, "县工信局"),
        "page of a case": lambda: view_case(desk, office, played),
    }


def _times(work: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(RUNS + 5):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return found[5:]
