"""One play of a scenario, on a database that lives as long as the play."""

from __future__ import annotations

from service.casework.simulate import Played, Scenario, play
from service.casework.simulate.stage.stage import empty_store
from service.catalog import Package
from service.sdk import operations
from service.store import Store
from tests.support.passing import CALENDARS, passed_through


def only_played(package: Package, scenario: Scenario, *, to_first_unmet: bool = False) -> Played:
    """Play a scenario on a database of its own."""
    with empty_store() as store:
        return play(store, package, scenario, CALENDARS, operations(), to_first_unmet=to_first_unmet)


def played_through(store: Store, package: Package, scenario: Scenario) -> tuple[Played, frozenset[str]]:
    """Play a scenario; returns what came of it, and "process/element" of all it went through."""
    found = play(store, package, scenario, CALENDARS, operations())
    return found, frozenset(f"{process}/{element}" for process, element in passed_through(store))
