"""``make bench``: measure, print, write build/bench.json. Exit code 1 when a limit is not kept.

``python -m tests.bench --scenarios`` plays every scenario of every city instead.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    check_cost,
    editor_cost,
    list_cost,
    memory_cost,
    page_cost,
    rule_cost,
    season_cost,
    step_cost,
    studio_cost,
)
from tests.bench.measures import Measure

PARTS: tuple[Callable[[Path], list[Measure]], ...] = (
    rule_cost.measure,
    check_cost.measure,
    studio_cost.measure,
    editor_cost.measure,
    page_cost.measure,
    step_cost.measure,
    list_cost.measure,
    memory_cost.measure,
    season_cost.measure,
)


def main() -> int:
    """Run every part in a folder of its own and report."""
    found: list[Measure] = []
    parts = (season_cost.every_scenario,) if "--scenarios" in sys.argv else PARTS
    for part in parts:
        with tempfile.TemporaryDirectory(prefix="laurel-bench-") as folder:
            for measure in part(Path(folder)):
                found.append(measure)
                print(_line(measure), flush=True)
    out = Path("build")
    out.mkdir(exist_ok=True)
    (out / "bench.json").write_text(json.dumps([m.row() for m in found], ensure_ascii=False, indent=2) + "\n")
    missed = [m for m in found if not m.met]
    print(f"{len(found) - len(missed)} of {len(found)} within their limits; written to build/bench.json")
    return 1 if missed else 0


def _line(m: Measure) -> str:
    ratio = f"ratio {m.ratio:.2f} (floor {m.floor:.2f} {m.unit})" if m.ratio is not None else ""
    limit = f"limit {m.limit}" if m.limit is not None else "for comparison"
    tail = f", p95 {m.p95:.2f}" if m.p95 is not None else ""
    return f"{'✓' if m.met else '✗'} {m.work}: {m.median:.3f} {m.unit}{tail} {ratio} {limit}"


if __name__ == "__main__":
    sys.exit(main())
