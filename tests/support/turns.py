"""Which part of something long the ordinary run takes: another one for every commit, and all of it in its own target.

``LAUREL_TURN=N`` repeats the part of an earlier run, which tells its N at the end; ``LAUREL_TURN=all`` takes everything.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

_Thing = TypeVar("_Thing")
_SAID = os.environ.get("LAUREL_TURN", "")
EVERYTHING = _SAID == "all"


@cache
def turn() -> int:
    """Return the number by which this run chooses: the one that was given, or one made of the newest commit."""
    if _SAID.isdigit():
        return int(_SAID)
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return int(told.stdout.strip() or "0", 16) % 10_000


def comes_up(place: int, one_in: int) -> bool:
    """Tell whether what stands at ``place`` is among those of this run: each ``one_in``-th, beginning by the turn."""
    return EVERYTHING or (place + turn()) % one_in == 0


def in_turn(things: Sequence[_Thing], one_in: int) -> list[_Thing]:
    """Return those of ``things`` that are among this run."""
    return [thing for place, thing in enumerate(things) if comes_up(place, one_in)]
