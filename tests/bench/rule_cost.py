"""A condition, once compiled, and the script of a page without diagram."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from time import perf_counter

from service.domain.feel import compile_expression
from tests.bench.measures import Measure, p95
from tests.bench.season import ROOT

CONDITION = 'decision = "recommend" and count(findings[result = "not_met"]) = 0 and days <= param.limit'
SCOPE = {
    "decision": "recommend",
    "findings": [{"criterion": f"c{number}", "result": "met"} for number in range(5)],
    "days": 5,
    "param": {"limit": 7},
}
_RUNS, _PER_RUN = 200, 100


def measure(folder: Path) -> list[Measure]:
    """Return what evaluating a typical condition costs (20 µs are allowed), and what the shell of pages weighs."""
    expression, times = compile_expression(CONDITION), []
    for _ in range(_RUNS):
        start = perf_counter()
        for _ in range(_PER_RUN):
            expression.evaluate(SCOPE)
        times.append((perf_counter() - start) / _PER_RUN * 1000)
    manifest = json.loads((ROOT / "service/web/static/dist/manifest.json").read_text())
    script = manifest["shell.js"]["gzip"] / 1024
    return [
        Measure(f"evaluate {CONDITION} over 5 findings", median(times), p95(times), None, 0.020),
        Measure("script of a page without diagram, compressed", script, None, None, 40, unit="KiB"),
    ]
