"""How long each file of tests took, kept with the program so that the longest begin first.

A process that begins with a long file does not work on alone when the others have ended. ``LAUREL_KEEP_SECONDS=1 make
test`` notes the seconds of a run anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

KEPT = Path(__file__).parents[1] / "data" / "seconds.json"
SHORT = 5
"""Seconds below which the order of a file is no matter, so that it is not noted."""


def longest_first(items: Sequence[pytest.Item], root: Path) -> list[pytest.Item]:
    """Return tests in the order of the seconds of their files; those of short files stay as they were."""
    known: dict[str, int] = json.loads(KEPT.read_text("utf-8"))
    return sorted(items, key=lambda item: -known.get(item.path.relative_to(root).as_posix(), 0))


def noted(before: Mapping[str, int], files: Mapping[str, float]) -> dict[str, int]:
    """Return the seconds to keep after a run: those of ``files``, and the former ones of files that it left out."""
    now = {**before, **{name: round(seconds) for name, seconds in files.items() if seconds >= 1}}
    return {name: now[name] for name in sorted(now, key=lambda name: (-now[name], name)) if now[name] >= SHORT}


def keep(files: Mapping[str, float]) -> None:
    """Write the seconds of a run's files over those that are kept."""
    before: dict[str, int] = json.loads(KEPT.read_text("utf-8"))
    KEPT.write_text(json.dumps(noted(before, files), indent=1) + "\n", "utf-8")
