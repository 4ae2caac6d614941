"""What the manual says a regulation's words are modelled by: a county of data alone that uses it, checked and played."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.casework.simulate import play, read_scenario
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.check import check_path
from service.cli.check import whole_checker
from service.sdk import operations
from service.store import Store
from tests.support.tree import lay_out

handlers.load()
PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "patterns"
AWARD = "processes/patterns/award"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path, COUNTY)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


def test_a_fact_that_a_shared_diagram_records_must_be_declared(root: Path) -> None:
    award = root / AWARD / "award.yaml"
    award.write_text(award.read_text("utf-8").replace("notice_rounds: number, ", ""), "utf-8")
    found = check_path(root, checker=whole_checker())
    assert [(p.rule, p.element) for p in found] == [("fact_not_declared", "count_correction")]
    assert "“评选届次”的“记录的事实”" in found[0].remedy.zh


@pytest.mark.parametrize("path", sorted(COUNTY.rglob("scenarios/*.yaml")), ids=lambda path: path.stem)
def test_scenario(path: Path, root: Path, sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    package = load_catalog(root).package(f"patterns/{path.parents[1].name}")
    scenario = read_scenario(path.read_bytes(), path.name)
    played = play(store, package, scenario, load_calendars(bundled_calendars()), operations())
    store.close()
    assert played.passed, "\n".join(f"{u.where}: {u.message.zh}" for u in played.unmet)
