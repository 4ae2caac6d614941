"""``make bench``: measure, print, write table, chart and history (`report`). Exit code 1 when a limit is not kept.

``python -m tests.bench --scenarios`` plays every scenario of every city instead, ``--soak`` sends a hundred thousand
requests (``make soak``), and words name the parts to measure, such as ``work_cost``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    bulk_cost,
    check_cost,
    editor_cost,
    list_cost,
    load_cost,
    memory_cost,
    page_cost,
    report,
    rule_cost,
    season_cost,
    soak,
    step_cost,
    studio_cost,
    timer_cost,
    work_cost,
)
from tests.bench.measures import Measure

PARTS: tuple[Callable[[Path], list[Measure]], ...] = (
    rule_cost.measure,
    check_cost.measure,
    studio_cost.measure,
    editor_cost.measure,
    page_cost.measure,
    step_cost.measure,
    work_cost.measure,
    timer_cost.measure,
    list_cost.measure,
    load_cost.measure,
    bulk_cost.measure,
    memory_cost.measure,
    season_cost.measure,
)


def main() -> int:
    """Run every part in a folder of its own and report."""
    found: list[Measure] = []
    for part in _parts(sys.argv[1:]):
        with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
            for measure in part(Path(folder)):
                found.append(measure)
                print(_line(measure), flush=True)
    report.write(found)
    missed = [m for m in found if not m.met]
    print(
        f"{len(found) - len(missed)} of {len(found)} within their limits; written to build/bench.md and build/bench.svg"
    )
    return 1 if missed else 0


def _parts(words: list[str]) -> tuple[Callable[[Path], list[Measure]], ...]:
    if "--scenarios" in words:
        return (season_cost.every_scenario,)
    if "--soak" in words:
        return (soak.measure,)
    chosen = tuple(part for part in PARTS if part.__module__.rpartition(".")[2] in words)
    return chosen or PARTS


def _line(m: Measure) -> str:
    ratio = f"ratio {m.ratio:.2f} (floor {m.floor:.2f} {m.unit})" if m.ratio is not None else ""
    limit = f"limit {m.limit}" if m.limit is not None else "for comparison"
    tail = f", p95 {m.p95:.2f}" if m.p95 is not None else ""
    return f"{'✓' if m.met else '✗'} {m.work}: {m.median:.3f} {m.unit}{tail} {ratio} {limit}"


if __name__ == "__main__":
    sys.exit(main())
