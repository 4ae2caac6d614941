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

import pytest

_Thing = TypeVar("_Thing")
_SAID = os.environ.get("LAUREL_TURN", "")
EVERYTHING = _SAID == "all"


@cache
def turn() -> int:
    """Return the number by which this run chooses: the one that was given, else how many commits there are.

    So the parts come round in order. A copy without its history has the newest commit's own number instead.
    """
    if _SAID.isdigit():
        return int(_SAID)
    if _git("rev-parse", "--is-shallow-repository") == "false":
        return int(_git("rev-list", "--count", "HEAD") or "0")
    return int(_git("rev-parse", "HEAD") or "0", 16) % 10_000


def _git(*words: str) -> str:
    """Return what Git answers, "" where there is none."""
    told = subprocess.run(["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return told.stdout.strip()


def comes_up(place: int, one_in: int) -> bool:
    """Tell whether what stands at ``place`` is among those of this run: each ``one_in``-th, beginning by the turn."""
    return EVERYTHING or (place + turn()) % one_in == 0


def in_turn(things: Sequence[_Thing], one_in: int) -> list[_Thing]:
    """Return those of ``things`` that are among this run."""
    return [thing for place, thing in enumerate(things) if comes_up(place, one_in)]


def every_so_often(place: int, one_in: int) -> pytest.MarkDecorator:
    """Mark a test, or a file by its ``pytestmark``, for each ``one_in``-th run alone; another ``place``, another run."""
    return pytest.mark.skipif(
        not comes_up(place, one_in), reason="what takes long is tried in turns: this comes up in a later run"
    )
