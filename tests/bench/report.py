"""Rows of a run kept by commit: ``docs/bench-history.jsonl`` has one line per run of all parts.

``{"commit", "day", "machine", "rows": {work: figure}}``, the commit with ``+`` behind it where files were changed since. The
machine is told by processor, cores and memory, never by its name; rows are to be compared on one machine only.
``make soak`` writes the same under ``soak``.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.measures import Measure

KEPT = Path(__file__).parents[2] / "docs"


def read_runs(name: str) -> list[dict[str, Any]]:
    """Return the runs on record, oldest first."""
    history = KEPT / f"{name}-history.jsonl"
    return [json.loads(line) for line in history.read_text("utf-8").splitlines() if line] if history.exists() else []


def append_run(name: str, found: Sequence[Measure]) -> None:
    """Add a line of what was measured."""
    rows = {m.work: float(f"{m.figure:.4g}") for m in found}
    run = {"commit": _commit(), "day": datetime.now(UTC).date().isoformat(), "machine": machine(), "rows": rows}
    with (KEPT / f"{name}-history.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(run, ensure_ascii=False) + "\n")


def machine() -> str:
    """Return what figures depend on: processor, cores, memory in GB, version of Python."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "")
    memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
    return f"{model or platform.machine()}, {os.cpu_count()} cores, {memory} GB, Python {platform.python_version()}"


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--exclude=*", "--dirty=+"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip()
