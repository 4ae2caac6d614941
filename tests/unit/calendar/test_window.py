from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.domain.calendar import (
    BadPeriod,
    CalendarYear,
    DayOff,
    StartRule,
    WorkingCalendar,
    anniversary,
    calendar_window,
    working_window,
    years_window,
)
from service.domain.calendar.backwards import working_days_before
from service.domain.text import Text


def test_reason_names_the_holiday_that_did_not_count(xinjiang: WorkingCalendar) -> None:
    found = working_window(xinjiang, date(2026, 5, 26), 5)
    assert found.reason.zh.startswith("2026年5月26日发布，次日起算；古尔邦节5月27日至31日放假不计")
    assert "not confirmed" in found.reason.en
    assert [(s.name.zh, s.first, s.last) for s in found.skipped] == [("古尔邦节", date(2026, 5, 27), date(2026, 5, 31))]


def test_reason_of_a_plain_week_mentions_no_holiday(nation: WorkingCalendar) -> None:
    assert working_window(nation, date(2025, 3, 10), 4).reason.zh == "2025年3月10日发布，次日起算"


def test_reason_names_make_up_days_and_weekends(nation: WorkingCalendar) -> None:
    reason = working_window(nation, date(2026, 2, 12), 9).reason.zh
    assert (
        reason
        == "2026年2月12日发布，次日起算；春节2月15日至23日放假不计；周末不计；2月14日调休上班计入；2月28日调休上班计入"
    )


def test_reason_says_where_a_calendar_day_period_rolled(nation: WorkingCalendar) -> None:
    found = calendar_window(nation, date(2025, 1, 22), 7)
    assert found.reason.zh == "2025年1月22日发布，次日起算；末日1月29日逢春节，顺延至2月5日"


def test_reason_says_when_the_posting_day_counts(nation: WorkingCalendar) -> None:
    found = working_window(nation, date(2025, 3, 10), 1, StartRule.POSTING_DAY)
    assert found.reason.zh == "2025年3月10日发布，当日起算"


def test_provisional_window_says_so(nation: WorkingCalendar) -> None:
    found = working_window(nation, date(2026, 12, 28), 5)
    assert found.provisional
    assert "2027年放假安排尚未公布" in found.reason.zh


def test_a_year_that_the_nation_alone_published_is_provisional_in_a_region(xinjiang: WorkingCalendar) -> None:
    region = replace(xinjiang.layers[0], years={})
    found = working_window(WorkingCalendar((region, *xinjiang.layers[1:])), date(2025, 3, 10), 5)
    assert found.provisional


@pytest.mark.parametrize("year", [2008, 2012])
def test_a_year_that_is_over_and_not_held_is_not_loaded_rather_than_not_published(
    nation: WorkingCalendar, year: int
) -> None:
    found = working_window(nation, date(year, 3, 1), 5)
    assert found.provisional
    assert f"{year}年工作日历没有载入，暂按周末推算" in found.reason.zh
    assert f"the working calendar of {year} is not loaded" in found.reason.en
    assert "公布" not in found.reason.zh


def test_a_day_counted_backwards_says_why_it_is_an_estimate(nation: WorkingCalendar) -> None:
    back = working_days_before(nation, date(2013, 1, 8), 10)
    ahead = working_days_before(nation, date(2027, 1, 8), 10)
    assert (back.provisional, ahead.provisional) == (True, True)
    assert back.reason.zh.endswith("；2012年工作日历没有载入，暂按周末推算")
    assert ahead.reason.zh.endswith("；2027年放假安排尚未公布，暂按周末推算")
    assert (
        working_days_before(nation, date(2026, 3, 20), 3).reason.zh
        == "在2026年3月20日之前留足3个工作日，至2026年3月16日止"
    )


def test_window_ends_at_midnight_in_china(nation: WorkingCalendar) -> None:
    assert working_window(nation, date(2025, 3, 10), 1).ends_at == datetime(2025, 3, 11, 16, tzinfo=UTC)


def test_an_instant_without_offset_is_refused(nation: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="offset"):
        working_window(nation, datetime(2025, 3, 10), 1)


@pytest.mark.parametrize("length", [0, -1, 100_000])
def test_a_period_that_cannot_be_counted_is_refused(nation: WorkingCalendar, length: int) -> None:
    with pytest.raises(BadPeriod) as refusal:
        working_window(nation, date(2025, 3, 10), length)
    assert str(length) in refusal.value.message.zh


def test_a_fictional_year_makes_the_date_exact_and_marked(nation: WorkingCalendar) -> None:
    new_year = DayOff(Text("元旦", "New Year"), date(2027, 1, 1), date(2027, 1, 3), "scenario")
    season = nation.with_years(CalendarYear(2027, (new_year,)))
    found = working_window(season, date(2026, 12, 31), 2)
    assert (found.last_day, found.provisional) == (date(2027, 1, 5), False)
    assert "2027年按虚构日历计算" in found.reason.zh
    assert working_window(nation, date(2026, 12, 31), 2).provisional


def test_a_fictional_year_on_a_region_decides_alone(xinjiang: WorkingCalendar) -> None:
    season = xinjiang.with_years(CalendarYear(2026))
    assert season.is_working(date(2026, 5, 27))
    assert season.is_working(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2025, 6, 5), 3, date(2028, 6, 5)),
    ],
)
def test_anniversary_keeps_the_day_or_takes_the_last_of_february(day: date, years: int, expected: date) -> None:
    assert anniversary(day, years) == expected


def test_years_window_ends_with_the_corresponding_day() -> None:
    found = years_window(date(2025, 6, 5), 3)
    assert found.ends_at == datetime(2028, 6, 5, 16, tzinfo=UTC)
    assert found.reason.zh == "2025年6月5日起满3年，至2028年6月5日止"
    with pytest.raises(BadPeriod):
        years_window(date(2025, 6, 5), 0)
