"""Every shared diagram of objections, conferral and what follows, played by a fictional city in all its branches."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.catalog import Package, Severity, load_catalog
from service.catalog.check import check_path
from service.cli.check import whole_checker
from tests.support.exampleton import CITY, PACKAGE, exampleton
from tests.support.passing import Plays

SCENARIOS = sorted(CITY.rglob("scenarios/*.yaml"))
PLAYS = Plays()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exampleton(tmp_path_factory.mktemp("exampleton"))


@pytest.fixture(scope="module")
def package(root: Path) -> Package:
    return load_catalog(root).package(PACKAGE)


def test_the_city_that_uses_them_all_has_no_errors(root: Path) -> None:
    problems = check_path(root, checker=whole_checker())
    assert [p for p in problems if p.severity is Severity.ERROR] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, package: Package) -> None:
    assert PLAYS.unmet(path, package) == []


def test_together_they_pass_through_every_element(package: Package) -> None:
    drawn = {
        (process, element.id)
        for process, diagram in package.processes.items()
        if process.startswith("shared_")
        for element in diagram.elements.values()
    }
    passed = set().union(*(PLAYS.passed(path, package) for path in SCENARIOS))
    assert sorted(drawn - passed) == []
