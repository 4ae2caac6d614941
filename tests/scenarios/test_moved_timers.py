"""A timer that is moved goes on counting from when it was set."""

from __future__ import annotations

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.stage.stage import empty_store
from service.sdk import operations
from service.store.models import WorkItemRow
from tests.scenarios.mutants import package_of, scenarios
from tests.support.passing import CALENDARS


def test_a_confirmed_day_keeps_the_start_of_its_timer() -> None:
    """The office confirms a later day in 2027 than the provisional one of a notice posted in 2026."""
    handlers.load()
    package = package_of("urumqi/quality_award")
    path = scenarios(package)["year_without_calendar"]
    with empty_store() as store:
        found = play(store, package, read_scenario(path.read_bytes(), path.name), CALENDARS, operations())
        assert found.passed
        with store.read() as tx:
            items: list[WorkItemRow] = [
                w
                for case in found.cases.values()
                for w in tx.work.of_case(case, ("done", "waiting", "held", "cancelled"))
            ]
    ends = [w for w in items if w.kind == "timer" and w.element == "notice_runs"]
    confirmed = [w for w in ends if w.due_at.year == 2027]
    assert len(confirmed) > 1
    assert {w.created_at.year for w in confirmed} == {2026}
