"""What the processes of a cluster count by where a scenario has years of its own."""

from __future__ import annotations

from pathlib import Path

from service.casework.assemble import desk_over
from service.casework.desk.calendars import refresh_calendars
from service.casework.simulate import read_scenario
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.cluster.stage import running_clock, stage_over
from tests.support.bundled import bundled

ROOT = Path(__file__).parents[3]
PLACE = "yining/quality_award"


def test_another_process_counts_by_the_years_of_the_scenario(sqlite_store: Store, tmp_path: Path) -> None:
    path = ROOT / f"processes/{PLACE}/scenarios/whole_way.yaml"
    package, scenario = bundled().packages[PLACE], read_scenario(path.read_bytes(), path.name)
    clock, known = running_clock(tmp_path, scenario.start), load_calendars(bundled_calendars())
    keys = tmp_path / "keys"
    stage_over(desk_over(sqlite_store, known, operations(), clock=clock, ballot_keys=keys), clock, package, scenario)
    layer = package.jurisdiction.calendar
    [year] = scenario.years
    assert year.year > (known[layer].last_published_year() or 0)
    beside = desk_over(sqlite_store, known, operations(), clock=clock, ballot_keys=keys)
    refresh_calendars(beside)  # as every process does when it starts
    assert beside.calendars[layer].last_published_year() == year.year
    assert not beside.calendars[layer].is_working(year.days_off[0].first)
