"""What was measured, as a table and a chart, and kept by commit.

``build/bench.json`` has the rows of this run, ``build/bench.md`` their table, with what each was the time before and why
what is not met is not, ``build/bench.svg`` the chart: each row as a part of what it may be, with what it was at the
commits before as a line. ``docs/bench-history.jsonl`` has one line per run of all parts, ``{"commit", "day", "machine",
"rows": {work: figure}}``, the commit with ``+`` behind it where files were changed since; it is kept with the program. The
machine is told by processor, cores and memory, never by its name. ``build/bench-history.md`` has every row over the
commits, so that what became slower, and on what machine, is seen at once. ``make soak`` writes the same under ``soak``.
A run of some parts alone is compared and charted, and leaves no line.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from tests.bench.measures import Measure
from tests.bench.reasons import missing

BUILD = Path("build")
KEPT = Path(__file__).parents[2] / "docs"
"""Where the history lies, with the program: what ``make clean`` removes would not last."""
_COLUMNS = 12
"""Runs that the table over commits shows, the newest."""
_ROW, _LEFT, _WIDE, _TREND = 22, 460, 300, 160
"""Height of a row of the chart, where its bar begins, how long a bar at its limit is, and room for what it was before."""


def write(found: Sequence[Measure], broken: Sequence[str] = (), name: str = "bench", *, whole: bool = True) -> None:
    """Write everything; ``broken`` says which parts have no rows and why, ``whole`` that no part was left out."""
    BUILD.mkdir(exist_ok=True)
    history_file = KEPT / f"{name}-history.jsonl"
    runs = _runs(history_file)
    before = [run["rows"] for run in runs]
    rows = {m.work: float(f"{told(m):.4g}") for m in found}
    now = {"commit": _commit(), "day": datetime.now(UTC).date().isoformat(), "machine": machine(), "rows": rows}
    if whole:
        with history_file.open("a", encoding="utf-8") as history:
            history.write(json.dumps(now, ensure_ascii=False) + "\n")
    (BUILD / f"{name}.json").write_text(json.dumps([m.row() for m in found], ensure_ascii=False, indent=2) + "\n")
    (BUILD / f"{name}.md").write_text(_table(found, before) + _missed(found, broken), encoding="utf-8")
    (BUILD / f"{name}-history.md").write_text(over_commits([*runs, now]), encoding="utf-8")
    (BUILD / f"{name}.svg").write_text(_chart(found, before), encoding="utf-8")


def told(m: Measure) -> float:
    """Return what a row is judged by: its ratio, or its figure where there is no floor."""
    return m.median if m.ratio is None else m.ratio


def machine() -> str:
    """Return what figures depend on: processor, cores, memory in GB, version of Python; a name of a machine is none of it."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "")
    memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
    return f"{model or platform.machine()}, {os.cpu_count()} cores, {memory} GB, Python {platform.python_version()}"


def over_commits(runs: Sequence[dict[str, Any]]) -> str:
    """Return the rows over the last runs, oldest first, as a table: a letter says on which machine each was measured.

    Figures of one row are to be compared on one machine only; none is left out for that.
    """
    shown = runs[-_COLUMNS:]
    machines = list(dict.fromkeys(run.get("machine", "") for run in shown))
    letters = [chr(ord("A") + machines.index(run.get("machine", ""))) for run in shown]
    heads = [f"{run['commit']} {run['day'][5:]} {letter}" for run, letter in zip(shown, letters, strict=True)]
    lines = [f"| work | {' | '.join(heads)} |", f"| --- |{' ---: |' * len(shown)}"]
    for work in dict.fromkeys(work for run in reversed(shown) for work in run["rows"]):
        figures = [f"{run['rows'][work]:.3g}" if work in run["rows"] else "" for run in shown]
        lines.append(f"| {work} | {' | '.join(figures)} |")
    named = [f"{chr(ord('A') + n)}：{told or '没有记录 / not on record'}" for n, told in enumerate(machines)]
    return "\n".join([*lines, "", *(f"* {one}" for one in named)]) + "\n"


def _runs(history: Path) -> list[dict[str, Any]]:
    if not history.exists():
        return []
    return [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines() if line]


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--exclude=*", "--dirty=+"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


def _table(found: Sequence[Measure], before: Sequence[dict[str, float]]) -> str:
    head = (
        "| work | measured | floor | ratio | limit | met | before |\n| --- | ---: | ---: | ---: | ---: | --- | ---: |\n"
    )
    return head + "".join(
        f"| {m.work} | {m.median:.3g} {m.unit} | {'' if m.floor is None else f'{m.floor:.3g}'} "
        f"| {'' if m.ratio is None else f'{m.ratio:.2f}'} | {_limit(m)} | {'yes' if m.met else 'no'} | {_was(m, before)} |\n"
        for m in found
    )


def _was(m: Measure, before: Sequence[dict[str, float]]) -> str:
    """Return what a row was judged by the last time it was measured."""
    return next((f"{rows[m.work]:.3g}" for rows in reversed(before) if m.work in rows), "")


def _missed(found: Sequence[Measure], broken: Sequence[str]) -> str:
    lines = [f"* {m.work}：{missing(m).zh}\n  {missing(m).en}\n" for m in found if not m.met]
    return "".join(["\n", *lines, *(f"* {fault}\n" for fault in broken)]) if lines or broken else ""


def _limit(m: Measure) -> str:
    return "" if m.limit is None else f"{'≥' if m.least else '≤'} {m.limit:g}"


def _chart(found: Sequence[Measure], before: Sequence[dict[str, float]]) -> str:
    rows = [m for m in found if m.limit]
    width, height = _LEFT + _WIDE * 2 + _TREND, _ROW * (len(rows) + 1)
    drawn = "".join(_bar(m, number, before) for number, m in enumerate(rows))
    at_limit = (
        f'<line x1="{_LEFT + _WIDE}" x2="{_LEFT + _WIDE}" y1="0" y2="{height}" stroke="#999" stroke-dasharray="3"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="12">{drawn}{at_limit}</svg>\n'
    )


def _bar(m: Measure, number: int, before: Sequence[dict[str, float]]) -> str:
    top, colour = _ROW * number + 4, "#3a7d44" if m.met else "#b3261e"
    long = min(2.0, _part(m, told(m))) * _WIDE
    words = f"{told(m):.2f} {_limit(m)}"
    was = [_part(m, rows[m.work]) for rows in before[-20:] if m.work in rows]
    return (
        f'<text x="0" y="{top + 12}">{escape(m.work)}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{long:.1f}" height="{_ROW - 8}" fill="{colour}"/>'
        f'<text x="{_LEFT + 4}" y="{top + 12}" fill="#fff">{escape(words)}</text>{_trend([*was, _part(m, told(m))], top)}'
    )


def _part(m: Measure, figure: float) -> float:
    """Return a figure as a part of its limit: one is just enough, less is better."""
    assert m.limit
    return m.limit / figure if m.least and figure else figure / m.limit


def _trend(parts: Sequence[float], top: int) -> str:
    left, high = _LEFT + _WIDE * 2 + 8, _ROW - 8
    step = (_TREND - 16) / max(1, len(parts) - 1)
    points = " ".join(f"{left + step * n:.1f},{top + high * min(1, p / 2):.1f}" for n, p in enumerate(parts))
    return f'<polyline points="{points}" fill="none" stroke="#345" stroke-width="1.5"/>'
