"""The shared diagram by which applicants challenge reviewers, in a county of data alone: checked, played, every element passed."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.catalog import Package, load_catalog
from service.catalog.check import check_path
from service.cli.check import whole_checker
from tests.support.passing import Plays
from tests.support.tree import lay_out

PROJECT = Path(__file__).parents[2]
COUNTY = PROJECT / "tests" / "data" / "challenge"
PACKAGE = "ford/prize"
SCENARIOS = sorted(COUNTY.rglob("scenarios/*.yaml"))
PLAYS = Plays()
handlers.load()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("ford"), COUNTY)


@pytest.fixture(scope="module")
def package(root: Path) -> Package:
    return load_catalog(root).package(PACKAGE)


def test_the_county_has_no_problems(root: Path) -> None:
    assert [str(p) for p in check_path(root, checker=whole_checker())] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, package: Package) -> None:
    assert PLAYS.unmet(path, package) == []


def test_together_they_pass_through_every_element(package: Package) -> None:
    drawn = {("shared_panel_challenge", element) for element in package.processes["shared_panel_challenge"].elements}
    passed = set().union(*(PLAYS.passed(path, package) for path in SCENARIOS))
    assert sorted(drawn - passed) == []
