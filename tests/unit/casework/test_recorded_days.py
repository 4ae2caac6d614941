"""Which limits are counted from a day on record, by what their formulas read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.casework.step.limits.given_days import Place
from service.casework.step.limits.running import RecordedDay, RunningLimit

AT = datetime(2026, 3, 9, 16, tzinfo=UTC)
DAY = RecordedDay("deadline", "round", "fix", "截止日", "call", frozenset({"case.deadline_at"}))


@pytest.mark.parametrize(
    ("process", "formula", "counted", "ends"),
    [
        ("other", "workdays(3, date(case.deadline))", True, False),
        ("other", "case.deadline_at", True, True),
        ("other", "case.deadline_of_others", False, False),
        ("other", 'dateandtime("2026-03-09T16:00:00Z") + duration("P1D")', False, False),
        ("round", "workdays(3, date(call.start))", True, False),
        ("other", "workdays(3, date(call.start))", False, False),
        ("round", "", False, False),
    ],
)
def test_a_limit_is_counted_from_a_day_that_its_formula_reads(
    process: str, formula: str, counted: bool, ends: bool
) -> None:
    limit = RunningLimit(AT, "报送", Place(process, (), formula), "send", AT)
    assert (DAY.counts(limit), DAY.ends_with(limit)) == (counted, ends)
