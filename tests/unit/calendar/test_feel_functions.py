from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from service.domain.calendar import Counting, RestDayRule, StartRule, Window, WorkingCalendar, named_day
from service.domain.calendar.feel_functions import TIME_FUNCTIONS

FUNCTIONS = {function.name: function for function in TIME_FUNCTIONS}


@dataclass
class Context:
    calendar: WorkingCalendar
    now: datetime = datetime(2025, 6, 5, 2, tzinfo=UTC)
    counting: Counting = field(default_factory=Counting)
    noted: list[Window] = field(default_factory=list)
    foresees: bool = False

    def note(self, window: Window) -> None:
        self.noted.append(window)


def test_workdays_end_with_the_last_day_and_leave_a_reason(xinjiang: WorkingCalendar) -> None:
    context = Context(xinjiang)
    assert FUNCTIONS["workdays"].call(context, Decimal(5)) == datetime(2025, 6, 17, 16, tzinfo=UTC)
    assert "古尔邦节6月6日至10日放假不计" in context.noted[0].reason.zh


def test_caldays_roll_as_the_context_says(nation: WorkingCalendar) -> None:
    start = date(2025, 3, 8)
    assert FUNCTIONS["caldays"].call(Context(nation), 7, start) == datetime(2025, 3, 17, 16, tzinfo=UTC)
    unrolled = Context(nation, counting=Counting(roll=RestDayRule.NONE))
    assert FUNCTIONS["caldays"].call(unrolled, 7, start) == datetime(2025, 3, 15, 16, tzinfo=UTC)


def test_one_period_may_roll_otherwise_than_the_city(nation: WorkingCalendar) -> None:
    start, saturday, monday = (
        date(2025, 3, 8),
        datetime(2025, 3, 15, 16, tzinfo=UTC),
        datetime(2025, 3, 17, 16, tzinfo=UTC),
    )
    rolling, still = Context(nation), Context(nation, counting=Counting(roll=RestDayRule.NONE))
    assert FUNCTIONS["caldays"].call(rolling, 7, start, None, "none") == saturday
    assert FUNCTIONS["caldays"].call(still, 7, start, None, "rest_day") == monday
    assert FUNCTIONS["months"].call(rolling, 1, date(2025, 2, 15), "no_shift") == saturday
    assert FUNCTIONS["day_end"].call(rolling, date(2025, 3, 15), "none") == saturday
    assert FUNCTIONS["day_end"].call(still, date(2025, 3, 15), "next_working_day") == monday
    assert FUNCTIONS["caldays"].call(rolling, 7, start, None, "sideways") is None


def test_years_end_on_the_anniversary(nation: WorkingCalendar) -> None:
    assert FUNCTIONS["years"].call(Context(nation), 3) == datetime(2028, 6, 5, 16, tzinfo=UTC)


def test_months_end_on_the_corresponding_day_and_roll(nation: WorkingCalendar) -> None:
    months = FUNCTIONS["months"]
    assert months.call(Context(nation), 1, date(2025, 1, 31)) == datetime(2025, 2, 28, 16, tzinfo=UTC)
    assert months.call(Context(nation), 3, date(2025, 3, 8)) == datetime(
        2025, 6, 9, 16, tzinfo=UTC
    )  # the 8th is a Sunday
    assert months.call(Context(nation, counting=Counting(roll=RestDayRule.NONE)), 3, date(2025, 3, 8)) == datetime(
        2025, 6, 8, 16, tzinfo=UTC
    )
    assert months.call(Context(nation), 1, date(2025, 3, 31)) == datetime(2025, 4, 30, 16, tzinfo=UTC)
    assert months.call(Context(nation), 0, date(2025, 3, 8)) is None


def test_days_before_an_event_leave_that_many_whole_days(nation: WorkingCalendar) -> None:
    # 2025-06-20 is a Friday: five working days are 13, 16, 17, 18, 19; the 12th is the last day in time
    context = Context(nation)
    assert FUNCTIONS["workdays before"].call(context, 5, date(2025, 6, 20)) == datetime(2025, 6, 12, 16, tzinfo=UTC)
    assert "之前留足5个工作日" in context.noted[0].reason.zh
    assert FUNCTIONS["caldays before"].call(context, 20, date(2025, 6, 30)) == datetime(2025, 6, 9, 16, tzinfo=UTC)
    assert FUNCTIONS["workdays before"].call(context, 5, None) is None


def test_working_days_between_two_days_count_the_second_only(nation: WorkingCalendar) -> None:
    between = FUNCTIONS["workdays between"]
    assert between.call(Context(nation), date(2025, 6, 13), date(2025, 6, 16)) == 1  # Friday to Monday
    assert between.call(Context(nation), date(2025, 6, 16), date(2025, 6, 13)) == -1
    assert between.call(Context(nation), None, date(2025, 6, 13)) is None


def test_provisional_dates_reach_the_context(nation: WorkingCalendar) -> None:
    context = Context(nation)
    FUNCTIONS["workdays"].call(context, 5, datetime(2026, 12, 31, 1, tzinfo=UTC))
    assert context.noted[0].provisional


def test_today_is_the_date_in_china(nation: WorkingCalendar) -> None:
    late = Context(nation, now=datetime(2025, 6, 5, 17, tzinfo=UTC))
    assert FUNCTIONS["today"].call(late) == date(2025, 6, 6)


@pytest.mark.parametrize("n", [None, 0, -1, Decimal("1.5"), "5", True])
def test_what_cannot_be_counted_gives_null(nation: WorkingCalendar, n: object) -> None:
    context = Context(nation)
    assert [FUNCTIONS[name].call(context, n) for name in ("workdays", "caldays", "years")] == [None] * 3
    assert FUNCTIONS["workdays"].call(context, 5, "soon") is None
    assert context.noted == []


@pytest.mark.parametrize("name", ["workdays", "caldays", "months", "years"])
def test_a_period_whose_first_day_is_unknown_is_not_counted_from_today(nation: WorkingCalendar, name: str) -> None:
    context = Context(nation)
    assert FUNCTIONS[name].call(context, 5, None) is None
    assert context.noted == []


@pytest.mark.parametrize(
    "written", ["2025-03-08", "2025-03-08T09:00:00+08:00", "2025-03-07T16:30:00Z", "2025-03-08T20:00:00"]
)
def test_a_day_may_come_as_the_text_in_which_records_keep_it(nation: WorkingCalendar, written: str) -> None:
    context = Context(nation, counting=Counting(roll=RestDayRule.NONE))
    assert FUNCTIONS["caldays"].call(context, 7, written) == datetime(2025, 3, 15, 16, tzinfo=UTC)
    assert FUNCTIONS["day_end"].call(context, written) == datetime(2025, 3, 8, 16, tzinfo=UTC)


def test_a_notice_and_a_period_have_their_own_day_one(nation: WorkingCalendar) -> None:
    # 2025-06-05 is a Thursday
    context = Context(nation, counting=Counting(notice=StartRule.POSTING_DAY))
    workdays, caldays = FUNCTIONS["workdays"], FUNCTIONS["caldays"]
    assert workdays.call(context, 2, date(2025, 6, 5), "notice") == datetime(2025, 6, 6, 16, tzinfo=UTC)
    assert workdays.call(context, 2, date(2025, 6, 5)) == datetime(2025, 6, 9, 16, tzinfo=UTC)
    assert workdays.call(context, 2, date(2025, 6, 5), "day_of_event") == datetime(2025, 6, 6, 16, tzinfo=UTC)
    assert caldays.call(context, 2, date(2025, 6, 5), "notice") == datetime(2025, 6, 6, 16, tzinfo=UTC)
    assert caldays.call(context, 2, date(2025, 6, 5), "some day") is None


def test_a_named_day_rolls_and_closes_as_the_city_says(nation: WorkingCalendar) -> None:
    day_end, sunday = FUNCTIONS["day_end"], date(2025, 6, 8)
    assert day_end.call(Context(nation), sunday) == datetime(2025, 6, 9, 16, tzinfo=UTC)
    early = Counting(period=StartRule.POSTING_DAY, roll=RestDayRule.NONE, closes=time(18))
    assert day_end.call(Context(nation, counting=early), sunday) == datetime(2025, 6, 8, 10, tzinfo=UTC)
    assert day_end.call(Context(nation), None) is None
    said = named_day(nation, sunday).reason
    assert said.zh == "2025年6月8日是办件中确定的固定日期，不按天数计算；末日6月8日逢周末，顺延至6月9日"
