from datetime import date

import pytest

from service.domain.calendar import CHINA, WorkingCalendar
from service.domain.calendar.reminder_schedule import offset_on, reminders, useful_words, words
from service.domain.text import Text


def days(found: object) -> list[tuple[int, str]]:
    return [(r.offset, r.at.astimezone(CHINA).strftime("%m-%d %H")) for r in found]  # type: ignore[attr-defined]


def test_reminders_count_working_days_around_a_holiday(nation: WorkingCalendar) -> None:
    # 2026-04-30 is a Thursday; 1 to 5 May are off, 9 May is worked.
    found = reminders(nation, date(2026, 4, 30))
    assert days(found) == [(-2, "04-28 09"), (0, "04-30 09"), (1, "05-06 09"), (3, "05-08 09"), (5, "05-11 09")]


def test_a_city_sets_its_own_days_or_none(nation: WorkingCalendar) -> None:
    assert days(reminders(nation, date(2026, 3, 10), [1, 5], [])) == [
        (-5, "03-03 09"),
        (-1, "03-09 09"),
        (0, "03-10 09"),
    ]


def test_only_what_is_late_goes_to_the_head(nation: WorkingCalendar) -> None:
    assert [r.late for r in reminders(nation, date(2026, 3, 10), [2], [1])] == [False, False, True]


def test_a_reminder_sent_after_a_downtime_counts_from_that_day(nation: WorkingCalendar) -> None:
    before = reminders(nation, date(2026, 3, 10), [2], [])[0]
    assert offset_on(nation, date(2026, 3, 10), before, date(2026, 3, 6)) == -2
    assert offset_on(nation, date(2026, 3, 10), before, date(2026, 3, 13)) == 3


@pytest.mark.parametrize(("offset", "said"), [(-2, "还剩2个工作日"), (0, "今日到期"), (3, "已逾期3个工作日")])
def test_the_words_say_how_long(offset: int, said: str) -> None:
    assert said in words("核查异议", "甲公司", date(2026, 3, 10), offset).zh


@pytest.mark.parametrize(
    ("offset", "said"), [(-1, "1 working day left:"), (1, "1 working day overdue:"), (2, "2 working days")]
)
def test_one_day_is_no_days(offset: int, said: str) -> None:
    assert words("核查异议", "甲公司", date(2026, 3, 10), offset).en.startswith(said)
    assert useful_words("核查异议", "甲公司", date(2026, 3, 10), -1, Text("", "")).en.startswith("1 working day left:")
