"""The shared diagram by which applicants challenge reviewers, in a county of data alone: checked, played, every element passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.casework.simulate import play, read_scenario
from service.catalog import load_catalog
from service.catalog.calendars import bundled_calendars, load_calendars
from service.catalog.check import check_path
from service.cli.check import whole_checker
from service.sdk import operations
from service.store import Store
from tests.support.tree import lay_out

PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "challenge"
PACKAGE = "ford/prize"
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
PASSED: set[str] = set()
"""Elements the scenarios passed through so far."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("ford"), COUNTY)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, root: Path, sqlite_url: str, tmp_path: Path) -> None:
    package, calendars = load_catalog(root).package(PACKAGE), load_calendars(bundled_calendars())
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    played = play(store, package, read_scenario(path.read_bytes(), path.name), calendars, operations())
    with store.read() as tx:
        visits = [v for case in played.cases.values() for v in tx.cases.visits(case)]
    PASSED.update(v.element for v in visits if v.process_id == "shared_panel_challenge")
    store.close()
    assert played.passed, "\n".join(f"{u.where}: {u.message.zh}" for u in played.unmet)


def test_together_they_pass_through_every_element(root: Path) -> None:
    if not PASSED:
        pytest.skip("needs the scenarios above in the same run")
    drawn = load_catalog(root).package(PACKAGE).processes["shared_panel_challenge"].elements
    assert sorted(set(drawn) - PASSED) == []
