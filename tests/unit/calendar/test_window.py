"""Windows of days: computed, escalated, what remains, and the command that tells them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.main import laurel
from service.domain.calendar import (
    CHINA,
    BadPeriod,
    CalendarYear,
    DayOff,
    StartRule,
    WorkingCalendar,
    add_working_days,
    anniversary,
    calendar_window,
    remaining,
    working_days_between,
    working_window,
    years_window,
)
from service.domain.calendar.periods import working_days_before
from service.domain.calendar.reminder_schedule import offset_on, reminders, useful_words, words
from service.domain.text import Text


def test_reason_names_the_holiday_that_did_not_count(xinjiang: WorkingCalendar) -> None:
    found = working_window(xinjiang, date(2026, 5, 26), 5)
    assert found.reason.zh.startswith("2026年5月26日发布，次日起算5个工作日；古尔邦节5月27日至31日放假不计")
    assert "not confirmed" in found.reason.en
    assert [(s.name.zh, s.first, s.last) for s in found.skipped] == [("古尔邦节", date(2026, 5, 27), date(2026, 5, 31))]


def test_reason_of_a_plain_week_mentions_no_holiday(nation: WorkingCalendar) -> None:
    assert working_window(nation, date(2025, 3, 10), 4).reason.zh == "2025年3月10日发布，次日起算4个工作日"


def test_reason_names_make_up_days_and_weekends(nation: WorkingCalendar) -> None:
    reason = working_window(nation, date(2026, 2, 12), 9).reason.zh
    assert (
        reason
        == "2026年2月12日发布，次日起算9个工作日；春节2月15日至23日放假不计；周末不计；2月14日调休上班计入；2月28日调休上班计入"
    )


def test_reason_says_where_a_calendar_day_period_rolled(nation: WorkingCalendar) -> None:
    found = calendar_window(nation, date(2025, 1, 22), 7)
    assert found.reason.zh == "2025年1月22日发布，次日起算7日；末日1月29日逢春节，顺延至2月5日"


def test_reason_says_when_the_posting_day_counts(nation: WorkingCalendar) -> None:
    found = working_window(nation, date(2025, 3, 10), 1, StartRule.POSTING_DAY)
    assert found.reason.zh == "2025年3月10日发布，当日起算1个工作日"


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


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(laurel, ["window", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_kurban_lengthens_a_notice_in_xinjiang() -> None:
    code, out, _ = run("--posted", "2025-06-05", "--working-days", "5", "--calendar", "cn-xinjiang", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["first_day"], found["last_day"], found["provisional"]) == ("2025-06-11", "2025-06-17", False)
    assert "古尔邦节6月6日至10日放假不计" in found["reason"]


def test_calendar_days_roll_unless_told_not_to() -> None:
    base = ("--posted", "2025-03-08", "--calendar-days", "7", "--calendar", "cn")
    assert "2025-03-17" in run(*base)[1]
    assert "2025-03-15" in run(*base, "--no-roll")[1]


def test_provisional_is_said_in_words() -> None:
    assert "暂定" in run("--posted", "2026-12-28", "--working-days", "5", "--calendar", "cn")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--posted", "2025-02-30", "--working-days", "5", "--calendar", "cn"), "“2025-02-30”不是存在的日期"),
        (("--posted", "2025-06-05", "--working-days", "5", "--calendar", "cn-mars"), "没有日历“cn-mars”"),
        (("--posted", "9999-12-31", "--working-days", "5", "--calendar", "cn"), "检查年份"),
        (("--posted", "2025-06-05", "--working-days", "0", "--calendar", "cn"), "期限长度为 0 天"),
        (("--posted", "2025-06-05", "--calendar", "cn"), "选且只选一个"),
        (("--posted", "2025-06-05", "--working-days", "many", "--calendar", "cn"), "many"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_two(arguments: tuple[str, ...], says: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert says in err


def test_a_folder_without_calendars_is_said(tmp_path: Path) -> None:
    code, _, err = run(
        "--posted", "2025-06-05", "--working-days", "5", "--calendar", "cn", "--calendars", str(tmp_path)
    )
    assert code == 2
    assert "没有日历" in err


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
