"""``date`` of an instant is the day in China, of the end of a period its last day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from service.catalog.feel import compiled
from service.catalog.formula_help.trial import Trial
from service.domain.calendar import CHINA, WorkingCalendar


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ('date(date and time("2026-03-31T16:00:01+00:00"))', date(2026, 4, 1)),
        ('date("2026-03-31T20:00:00+00:00")', date(2026, 4, 1)),
        ('date(date and time("2026-03-31T16:00:00+00:00"))', date(2026, 3, 31)),
        ('date(workdays(5, "2026-03-02"))', date(2026, 3, 9)),
        ('date(day_end("2026-03-31"))', date(2026, 3, 31)),
        ('date(date and time("2026-07-20T00:00:00+08:00"))', date(2026, 7, 20)),
        ("date(now())", date(2026, 3, 2)),
        ('date("2026-03-31")', date(2026, 3, 31)),
        ("date(2026, 3, 31)", date(2026, 3, 31)),
    ],
)
def test_an_instant_belongs_to_the_day_in_china(nation: WorkingCalendar, text: str, day: date):
    trial = Trial(datetime(2026, 3, 2, 0, 30, tzinfo=CHINA), nation)
    assert compiled(text).evaluate({}, trial) == day
