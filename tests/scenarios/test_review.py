"""Reviews by the shared diagrams: whole stages with recusal, illness, short registers; the package holds together."""

from pathlib import Path

import pytest

import handlers
from service.casework.simulate import play, read_scenario
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.support.review import SCENARIOS, review_package

handlers.load()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, store: Store) -> None:
    scenario = read_scenario(path.read_bytes(), path.name)
    played = play(store, review_package(), scenario, load_calendars(bundled_calendars()), operations())
    assert played.passed, [f"{u.where}: {u.message.zh}" for u in played.unmet]
