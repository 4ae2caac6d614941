"""``laurel check`` of one package, and a clean season."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from statistics import median

from tests.bench.measures import Measure
from tests.bench.season import ROOT
from tests.bench.serving import PYTHON


def measure(folder: Path) -> list[Measure]:
    """Return seconds of the command as a person calls it, and of a season."""
    check = [seconds("check", "processes/urumqi") for _ in range(3)]
    cities = [seconds("check", "processes") for _ in range(2)]
    season = [seconds("simulate", "processes/urumqi/quality_award/scenarios/clean.yaml") for _ in range(3)]
    return [
        Measure("laurel check processes/urumqi", median(check), max(check), None, 2.0, unit="s"),
        Measure("laurel check processes (every city)", median(cities), max(cities), None, 8.0, unit="s"),
        Measure("laurel simulate …/clean.yaml", median(season), max(season), None, 3.0, unit="s"),
    ]


def seconds(*arguments: str) -> float:
    """Return how long ``laurel`` takes with these arguments, as a person calls it."""
    start = time.perf_counter()
    subprocess.run([PYTHON, "-m", "service.app", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
