"""A place's folder holds what is its own: what places share, and what the program makes by itself, does not stand in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEFORE = {"ganzhou": 18389, "kizilsu": 22574, "qingyuan": 20712, "urumqi": 19774, "yining": 23569}
"""Lines of the files of each place's own on the day before anything was shared by patterns; scenarios are not counted."""

SHARE = 0.6


def own_lines() -> Counter[str]:
    """Return the lines of diagrams, tables, forms, documents and YAML of each place, without its scenarios."""
    found: Counter[str] = Counter()
    for top in ("processes", "forms"):
        for place in BEFORE:
            paths = (path for path in (ROOT / top / place).rglob("*") if path.is_file())
            found[place] += sum(path.read_bytes().count(b"\n") for path in paths if "scenarios" not in path.parts)
    return found


def test_the_files_of_places_hold_little_more_than_what_is_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    now, before = own_lines(), sum(BEFORE.values())
    with capsys.disabled():
        print(f"\n{now.total()} lines of places' own files, {now.total() / before:.1%} of {before}:", end="")
        print("", *(f"{place} {now[place] / lines:.0%}" for place, lines in BEFORE.items()), end=" ")
    assert now.total() <= SHARE * before


def test_the_count_is_of_something() -> None:
    assert all(own_lines()[place] > 1000 for place in BEFORE)
    assert {path.parent.name for path in (ROOT / "processes").glob("*/jurisdiction.yaml")} == set(BEFORE)
