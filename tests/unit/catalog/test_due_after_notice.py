"""What is due after a period counts from its last day, not from the night in which it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import Counting, Window, WorkingCalendar
from service.domain.calendar.feel_functions import TIME_FUNCTIONS
from service.domain.feel import BUILTINS, compile_expression
from tests.support.bundled import bundled


@dataclass
class Context:
    calendar: WorkingCalendar
    now: datetime
    counting: Counting = field(default_factory=Counting)
    foresees: bool = False

    def note(self, window: Window) -> None: ...


@pytest.mark.parametrize("parameter", ["prove_internal_working_days", "prove_internal_calendar_days"])
def test_a_proof_of_the_internal_notice_counts_from_its_last_day(parameter: str) -> None:
    """The notice runs from 10 to 16 March 2026 and ends in the night: three days are 17, 18 and 19 March."""
    element = bundled().package("urumqi/quality_award").diagram("shared_internal_notice").elements["prove_internal"]
    context = Context(load_calendars(bundled_calendars())["cn-xinjiang"], datetime(2026, 3, 16, 16, tzinfo=UTC))
    scope = {"param": {parameter: Decimal(3)}, "closed": {"last_day": "2026-03-16"}}
    due = compile_expression(element.due, functions=BUILTINS.extended(TIME_FUNCTIONS)).evaluate(scope, context)
    assert due == datetime(2026, 3, 19, 16, tzinfo=UTC)
