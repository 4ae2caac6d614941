"""What a round is said to wait for: what lies on its way, never what would interrupt a step of it."""

from __future__ import annotations

from pathlib import Path

import handlers
from service.casework.access.actor import SYSTEM
from service.casework.assemble import desk_over
from service.casework.queries.cases.comes_next import waits_of
from service.casework.reading.case_loading import open_read_only
from service.casework.simulate import read_scenario
from service.casework.simulate.playing.play import play
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store
from tests.scenarios.mutants import package_of

handlers.load()

HELD = Path(__file__).parents[3] / "processes/urumqi/quality_award/scenarios/expired_while_held.yaml"


def test_the_end_of_a_round_that_would_interrupt_its_approval_is_not_awaited(sqlite_store: Store) -> None:
    until_held = HELD.read_text(encoding="utf-8").partition("  - {at: 2026-07-07 09:00")[0]
    expected = "expect:\n  - {case: 届, waiting: submit_list, no: true}\n"
    scenario, calendars = (
        read_scenario(f"{until_held}{expected}".encode(), HELD.name),
        load_calendars(bundled_calendars()),
    )
    assert play(sqlite_store, package_of("urumqi/quality_award"), scenario, calendars, operations()).passed
    desk = desk_over(sqlite_store, calendars, operations())
    with sqlite_store.read() as tx:
        assert tx.subscriptions.select(case_id=1, element="approval_stopped")
        step = open_read_only(desk, tx, tx.cases.get(1), SYSTEM)
        tasks = tx.tasks.open_of_case(1)
        assert waits_of(desk, tx, step, tasks, (), conditions=True) == ()
