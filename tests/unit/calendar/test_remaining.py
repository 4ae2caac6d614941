from __future__ import annotations

from datetime import date

import pytest

from service.domain.calendar import WorkingCalendar, add_working_days, remaining, working_days_between


@pytest.mark.parametrize(
    ("today", "last", "phrase"),
    [
        (date(2025, 3, 10), date(2025, 3, 13), "还剩 3 个工作日"),
        (date(2025, 3, 14), date(2025, 3, 17), "还剩 1 个工作日"),
        (date(2025, 3, 14), date(2025, 3, 15), "还剩不足 1 个工作日"),
        (date(2025, 3, 17), date(2025, 3, 17), "今天届满"),
        (date(2025, 3, 19), date(2025, 3, 17), "已逾期 2 个工作日"),
        (date(2025, 3, 15), date(2025, 3, 14), "已逾期不足 1 个工作日"),
    ],
)
def test_countdown_reads_in_working_days(nation: WorkingCalendar, today: date, last: date, phrase: str) -> None:
    assert remaining(nation, today, last).text.zh == phrase


def test_countdown_skips_regional_holidays(nation: WorkingCalendar, xinjiang: WorkingCalendar) -> None:
    today, last = date(2025, 6, 5), date(2025, 6, 12)
    assert (remaining(nation, today, last).days, remaining(xinjiang, today, last).days) == (5, 2)
    assert remaining(xinjiang, today, last).text.en == "2 working days left"


def test_adding_and_counting_working_days_agree(nation: WorkingCalendar) -> None:
    start = date(2025, 9, 26)
    assert add_working_days(nation, start, 5) == date(2025, 10, 10)
    assert add_working_days(nation, date(2025, 10, 10), -5) == start
    assert working_days_between(nation, start, date(2025, 10, 10)) == 5
    assert working_days_between(nation, date(2025, 10, 10), start) == -5
