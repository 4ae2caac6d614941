"""Every shared diagram of objections, conferral and what follows, played by a fictional city in all its branches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.casework.simulate import play, read_scenario
from service.catalog import Package, Severity, load_catalog
from service.catalog.calendars import bundled_calendars, load_calendars
from service.catalog.check import check_path
from service.cli.check import whole_checker
from service.domain.errors import NotFound
from service.sdk import operations
from service.store import Store
from tests.support.exampleton import CITY, PACKAGE, exampleton

SCENARIOS = sorted(CITY.rglob("scenarios/*.yaml"))
CALENDARS = load_calendars(bundled_calendars())
PASSED: set[tuple[str, str]] = set()
"""What the scenarios passed through so far: process and element."""


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
def test_scenario(path: Path, package: Package, sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    played = play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
    PASSED.update(passed(store))
    store.close()
    assert played.passed, "\n".join(f"{u.where}: {u.message.zh}" for u in played.unmet)


def test_together_they_pass_through_every_element(package: Package) -> None:
    if len(SCENARIOS) > 1 and not PASSED:
        pytest.skip("needs the scenarios above in the same run")
    drawn = {
        (process, element.id)
        for process, diagram in package.processes.items()
        if process.startswith("shared_")
        for element in diagram.elements.values()
    }
    assert sorted(drawn - PASSED) == []


def passed(store: Store) -> Iterator[tuple[str, str]]:
    with store.read() as tx:
        for ident in range(1, 10_000):
            try:
                tx.cases.get(ident)
            except NotFound:
                return
            yield from ((v.process_id, v.element) for v in tx.cases.visits(ident))
