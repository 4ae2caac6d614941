"""``make bench``: measure, print each row beside the run before, keep a line (`report`). Exit code 1 when a limit is not kept.

``python -m tests.bench --soak`` is ``make soak``, and words name the parts to measure, such as ``work_cost``. Each part
runs in a process of its own and may take so many seconds, with what those before it left over; one that breaks or takes longer says so, and the others go on.
"""

from __future__ import annotations

import sys
from compileall import compile_dir

from service.domain.running.pace import set_turns
from tests.bench import (
    check_cost,
    editor_cost,
    form_cost,
    list_cost,
    load_cost,
    memory_cost,
    report,
    rule_cost,
    season_cost,
    soak,
    studio_cost,
    timer_cost,
    work_cost,
)
from tests.bench.measures import Measure
from tests.bench.parts import Part, in_turn
from tests.bench.season import ROOT

WHOLE = 900
"""Seconds that ``make bench`` may take on a quiet machine."""
PARTS = (
    Part(rule_cost.measure, 5),
    Part(check_cost.measure, 40),
    Part(studio_cost.measure, 55),
    Part(editor_cost.measure, 45),
    Part(form_cost.measure, 25),
    Part(work_cost.on_sqlite, 110),
    Part(work_cost.on_postgresql, 130),
    Part(timer_cost.on_sqlite, 75),
    Part(timer_cost.on_postgresql, 95),
    Part(list_cost.measure, 45),
    Part(load_cost.measure, 150),
    Part(memory_cost.measure, 180),
    Part(season_cost.measure, 35),
)
SOAK = (Part(soak.measure, 3600),)


def main() -> int:
    """Run the parts asked for, print each row as it comes, and report; 1 where a row is not met or a part broke."""
    set_turns()  # as a command does
    found: list[Measure] = []
    broken: list[str] = []
    words = sys.argv[1:]
    name = "soak" if "--soak" in words else "bench"
    before = {work: figure for run in report.read_runs(name) for work, figure in run["rows"].items()}
    for folder in ("service", "handlers"):
        compile_dir(
            ROOT / folder, quiet=1
        )  # as `make setup` leaves them: where bytecode is not written, nobody else would
    for part, rows, fault, took in in_turn(_parts(words), WHOLE if words else 0):
        for row in rows:
            found.append(row)
            print(_line(row, before.get(row.work)), flush=True)
        if fault:
            broken.append(f"{part.name}：{fault.zh} / {fault.en}")
            print(f"✗ {broken[-1]}", flush=True)
        print(f"  {part.name}: {took:.0f} s", file=sys.stderr, flush=True)
    kept = sum(row.met for row in found)
    print(f"{kept} of {len(found)} within their limits")
    if _parts(words) in (PARTS, SOAK):
        report.append_run(name, found)
        print(f"docs/{name}-history.jsonl has a line more: commit it, so that it is kept")
    return 1 if broken or kept < len(found) else 0


def _parts(words: list[str]) -> tuple[Part, ...]:
    known = SOAK if "--soak" in words else PARTS
    chosen = tuple(part for part in known if part.name in words or part.name.partition(".")[0] in words)
    return chosen or known


def _line(m: Measure, before: float | None) -> str:
    ratio = f"ratio {m.ratio:.2f} (floor {m.floor:.2f} {m.unit})" if m.ratio is not None else ""
    limit = f"limit {m.limit}" if m.limit is not None else "for comparison"
    tail = f", p95 {m.p95:.2f}" if m.p95 is not None else ""
    was = f", before {before:.4g}" if before is not None else ""
    return f"{'✓' if m.met else '✗'} {m.work}: {m.median:.3f} {m.unit}{tail} {ratio} {limit}{was}"


if __name__ == "__main__":
    sys.exit(main())
