"""Scenarios played one by one, and what all of them pass through together."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from service.casework.simulate import play, read_scenario
from service.casework.simulate.expecting.known_words import require_defined_words
from service.casework.simulate.stage.stage import empty_store
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import NotFound
from service.sdk import operations
from service.store import Store

CALENDARS = load_calendars(bundled_calendars())
Passed = set[tuple[str, str]]
"""Process and element."""


def passed_through(store: Store) -> frozenset[tuple[str, str]]:
    """Return process and element of everything that any case of a small store went through."""
    visits: set[tuple[str, str]] = set()
    with store.read() as tx:
        for number in count(1):
            try:
                case = tx.cases.get(number)
            except NotFound:
                return frozenset(visits)
            visits |= {(visit.process_id, visit.element) for visit in tx.visits.select(case_id=case.id)}
    raise AssertionError


@dataclass
class Plays:
    """Plays each scenario once, when it is first asked about: no test waits for another one to have played it."""

    found: dict[Path, tuple[list[str], Passed]] = field(default_factory=dict)

    def unmet(self, path: Path, package: Package) -> list[str]:
        """Return what the scenario at ``path`` expects in vain."""
        return self._of(path, package)[0]

    def passed(self, path: Path, package: Package) -> Passed:
        """Return what the scenario at ``path`` passes through."""
        return self._of(path, package)[1]

    def _of(self, path: Path, package: Package) -> tuple[list[str], Passed]:
        if path not in self.found:
            self.found[path] = _played(path, package)
        return self.found[path]


def _played(path: Path, package: Package) -> tuple[list[str], Passed]:
    scenario = read_scenario(path.read_bytes(), path.name)
    require_defined_words(package, scenario)
    with empty_store() as store:
        played = play(store, package, scenario, CALENDARS, operations())
        passed = set(passed_through(store))
    return [f"{u.where}: {u.message.zh}" for u in played.unmet], passed
