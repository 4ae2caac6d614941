"""Scenarios played one by one, and what all of them passed through together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from service.casework.simulate import play, read_scenario
from service.casework.simulate.known_words import demand_known
from service.catalog import Package
from service.catalog.calendars import bundled_calendars, load_calendars
from service.domain.errors import NotFound
from service.sdk import operations
from service.store import Store

CALENDARS = load_calendars(bundled_calendars())
Passed = set[tuple[str, str]]
"""Process and element."""


def played_whole(path: Path, package: Package, database: str, files: Path, passed: Passed) -> list[str]:
    """Play the scenario at ``path``, add what it passed through to ``passed``, and return what of it was not met."""
    store = Store(database, files, durable=False)
    scenario = read_scenario(path.read_bytes(), path.name)
    demand_known(package, scenario)
    played = play(store, package, scenario, CALENDARS, operations())
    passed.update(passed_through(store))
    store.close()
    return [f"{u.where}: {u.message.zh}" for u in played.unmet]


def passed_through(store: Store) -> Iterator[tuple[str, str]]:
    """Yield process and element of everything that any case of ``store`` went through."""
    with store.read() as tx:
        for ident in range(1, 10_000):
            try:
                tx.cases.get(ident)
            except NotFound:
                return
            yield from ((v.process_id, v.element) for v in tx.cases.visits(ident))
