"""Processes die by SIGKILL at every named point and at random moments; nothing is lost, doubled or half done."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from service.store import Store
from tests.chaos.season import Season, crash_points

KILLS = int(os.environ.get("LAUREL_CHAOS_KILLS", "30"))
"""Kills per database; more than 100 are spread over seasons of 100, for the calendars end."""

SEASONS = max(1, KILLS // 100)
EACH = KILLS // SEASONS
LIMIT = max(60.0, EACH * 1.5)
"""Seconds under fire, at most; 30 kills take 10 to 25."""

ELSEWHERE = {"erased-rows", "file-dropped", "file-renewed", "hold-ended"}
"""Points of an erasure, of files that go or are encrypted anew, and of a hold: no season of work comes to them."""

_REACHED: dict[str, set[str]] = {}
"""The points where processes died in the seasons so far, by database."""

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize("season", range(SEASONS))
def test_nothing_is_lost_or_doubled_however_often_processes_are_killed(
    season: int, store: Store, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Season(store, database_url, tmp_path, limit=LIMIT).run(EACH)
    with capsys.disabled():
        print(f"\n{store.dialect}, season {season + 1} of {SEASONS}: {report}")
    assert report.broken == []
    assert report.under_fire > report.deaths
    reached = _REACHED.setdefault(store.dialect, set())
    reached |= set(report.points)
    if season + 1 == SEASONS:  # one season may miss a point, all of them together may not
        assert len(reached) >= min(len(set(crash_points()) - ELSEWHERE), report.deaths // 3)


def test_the_product_names_at_least_twenty_points_where_it_may_die() -> None:
    assert len(crash_points()) >= 20


@pytest.mark.parametrize(
    ("sabotage", "points", "symptom"),
    [
        ("split commit", ["engine-moved"], r"case \d+: \d+ tasks done but \d+ completions"),
        ("no finish", ["after-claim", "item-done"], r"\S+ is \w+ at attempt ([4-9]|\d\d)"),
    ],
)
def test_a_broken_product_is_found_out(
    sabotage: str, points: list[str], symptom: str, sqlite_store: Store, sqlite_url: str, tmp_path: Path
) -> None:
    season = Season(sqlite_store, sqlite_url, tmp_path, limit=LIMIT, sabotage=sabotage)
    report = season.run(8, points, patience=4)
    assert (report.fell, report.errors) == (0, ""), "it must fail by what it did, not by an error of its own"
    assert [line for line in report.broken if re.match(symptom, line)], (
        report.deaths,
        report.points,
        report.broken[:20],
    )
