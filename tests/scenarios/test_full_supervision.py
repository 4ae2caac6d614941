"""A winner whose record of activities is full stays supervised."""

from __future__ import annotations

import shutil
from pathlib import Path

import handlers
from service.casework.simulate import read_scenario
from service.catalog import load_catalog
from tests.scenarios.playing import only_played

ROOT = Path(__file__).parents[2]
LIMIT = "activity.value &lt; 200"
RUNNING = "  - {case: 乙管, status: running}\n"
AFTERWARDS = """\
  - {until: 2031-07-20 23:00}
  - {expect: {case: 乙管, status: running}}
  - {until: 2031-07-22 09:00}
expect:
  - {case: 乙管, outcome: completed, on: 2031-07-21}
"""


def test_given_no_more_activities_to_record_the_term_ends_after_five_years_or_by_revocation(tmp_path: Path) -> None:
    handlers.load()
    for folder in ("processes", "forms"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    award = tmp_path / "processes" / "urumqi" / "quality_award"
    diagram = award / "supervision.bpmn"
    drawn = diagram.read_text("utf-8")
    season = (award / "scenarios" / "whole_way.yaml").read_text("utf-8")
    assert LIMIT in drawn
    assert RUNNING in season
    diagram.write_text(drawn.replace(LIMIT, "activity.value &lt; 1"), "utf-8")
    later = season.replace(RUNNING, "").replace("expect:\n", AFTERWARDS, 1)

    package = load_catalog(tmp_path).package("urumqi/quality_award")
    played = only_played(package, read_scenario(later.encode(), "whole_way.yaml"))

    assert [f"{u.where}: {u.message.zh}" for u in played.unmet] == []
