"""``laurel check`` of one package, and a clean season."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

import handlers
from service.casework.definitions.check import check_whole
from service.catalog import Package
from service.catalog.closure import collect_award_files
from service.catalog.tree import read_tree
from tests.bench.measures import Measure
from tests.bench.season import ROOT
from tests.bench.serving import PYTHON


def measure(folder: Path) -> list[Measure]:
    """Return seconds of the command as a person calls it, and of a season."""
    check = [seconds("check", "processes/urumqi") for _ in range(3)]
    cities = [seconds("check", "processes") for _ in range(2)]
    again = rechecks("kizilsu", "processes/kizilsu/quality_award/decision.bpmn")
    season = [seconds("simulate", "processes/urumqi/quality_award/scenarios/clean.yaml") for _ in range(3)]
    return [
        Measure("laurel check processes/urumqi", median(check), max(check), None, 2.0, unit="s"),
        Measure("laurel check processes (every city)", median(cities), max(cities), None, 8.0, unit="s"),
        Measure("one changed diagram, checked again", median(again), max(again), None, 0.2, unit="s of CPU"),
        Measure("laurel simulate …/clean.yaml", median(season), max(season), None, 3.0, unit="s"),
    ]


def rechecks(city: str, path: str) -> list[float]:
    """Return the seconds of CPU that checking a city's award again takes, each time another name in a diagram."""
    handlers.load()
    cities = {found.parent.name for found in (ROOT / "processes").glob("*/jurisdiction.yaml")}
    files, memory = read_tree(ROOT, frozenset(cities - {city})), dict[object, Any]()
    costs = []
    for name in ("", "甲", "乙", "丙"):
        named = files[path].replace(b' name="', f' name="{name}'.encode(), 1)
        started = time.process_time()
        check_whole(Package.from_files(collect_award_files({**files, path: named}, *path.split("/")[1:3])), memory)
        costs.append(time.process_time() - started)
    return costs[1:]


def seconds(*arguments: str) -> float:
    """Return how long ``laurel`` takes with these arguments, as a person calls it."""
    start = time.perf_counter()
    subprocess.run([PYTHON, "-m", "service.app", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
