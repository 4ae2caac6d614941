"""What the seasons of the demonstration say of the world agrees with itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.catalog.source.format_yaml import load_yaml
from service.web.demo.cities import PROJECT

SEASONS = sorted((PROJECT / "deploy" / "demo").glob("*/season.yaml"))


@pytest.mark.parametrize("season", SEASONS, ids=lambda path: path.parent.name)
def test_the_award_of_the_region_has_one_row_of_years_and_the_rounds_stand_between(season: Path) -> None:
    steps = load_yaml(season.read_text())["steps"]
    rounds = [(str(one.get("at"))[:4], one["with"]) for one in steps if one.get("start") == "round"]
    told = [(int(year), said) for year, said in rounds if "region_last_year" in said]
    assert (
        len(
            {
                (said.get("region_cycle_years", 2), said["region_last_year"] % said.get("region_cycle_years", 2))
                for _, said in told
            }
        )
        <= 1
    )
    for year, said in told:
        years = {year, said.get("planned_decision_year", year)}
        assert all((one - said["region_last_year"]) % said.get("region_cycle_years", 2) for one in years), (year, said)
