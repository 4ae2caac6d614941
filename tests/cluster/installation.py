"""The installation that a cluster runs: its settings, and whether it is sound."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.cluster import PROGRAM, laurel

KEPT = Path(__file__).parents[2] / "build" / "cluster"
"""Where pictures and logs are kept when something is wrong."""


def environment_of(url: str, folder: Path) -> dict[str, str]:
    """Return the settings of an installation over ``url`` with its data below ``folder``."""
    for place in ("data", "keys"):
        (folder / place).mkdir(parents=True)
    return {
        "LAUREL_DEMO": "1",
        "LAUREL_DATA": str(folder / "data"),
        "LAUREL_BALLOT_KEYS": str(folder / "keys"),
        "LAUREL_DATABASE": url,
    }


def unsound(environment: dict[str, str], program: str = PROGRAM) -> list[str]:
    """Let the installation's own command look at everything; returns that it found something."""
    try:
        laurel(environment, "doctor", "--deep", program=program)
    except subprocess.CalledProcessError as failed:
        return [f"laurel doctor --deep left with {failed.returncode}"]
    return []


def keep_logs(run: Path, name: str) -> None:
    """Keep what the processes of a cluster said."""
    place = KEPT / name
    place.mkdir(parents=True, exist_ok=True)
    for log in run.glob("*.log"):
        shutil.copy(log, place)


def end_when_told() -> None:
    """Let a signal to end take everything down that was started, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
