"""One play of a scenario, on a database that lives as long as the play."""

from __future__ import annotations

import tempfile
from pathlib import Path

from service.casework.simulate import Played, Scenario, play
from service.catalog import Package
from service.sdk import operations
from service.store import Store
from tests.support.passing import CALENDARS


def only_played(package: Package, scenario: Scenario, *, to_first_unmet: bool = False) -> Played:
    """Play a scenario on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store("sqlite://", Path(folder) / "files", durable=False)
        store.create_tables()
        try:
            return play(store, package, scenario, CALENDARS, operations(), to_first_unmet=to_first_unmet)
        finally:
            store.close()
