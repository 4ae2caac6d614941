"""A condition, once compiled."""

from __future__ import annotations

from pathlib import Path

from tests.bench import feel_cost
from tests.bench.measures import Measure


def measure(folder: Path) -> list[Measure]:
    """Return what evaluating a typical condition costs; 20 µs are allowed."""
    found = feel_cost.measure()
    return [Measure(str(found["work"]), float(str(found["median_ms"])), float(str(found["p95_ms"])), None, 0.020)]
