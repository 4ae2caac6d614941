"""A notice of days off, pasted or typed in rows, as a calendar year and its file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from service.catalog.calendars.calendar_notice import (
    doubts_of_year,
    read_notice,
    require_make_up_on_rest_days,
    year_file,
    year_without_days,
)
from service.catalog.calendars.calendars import bundled_calendars, load_calendars, read_year
from service.domain.errors import Invalid

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
各省、自治区、直辖市人民政府：
经国务院批准，现将2027年放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月5日（周一）放假1天，与周末连休。
"""


def test_a_notice_is_read_as_it_is_worded() -> None:
    found = read_notice(NOTICE, 2027)
    assert [(span.name.zh, span.first, span.last) for span in found.days_off] == [
        ("元旦", date(2027, 1, 1), date(2027, 1, 3)),
        ("春节", date(2027, 2, 5), date(2027, 2, 11)),
        ("清明节", date(2027, 4, 5), date(2027, 4, 5)),
    ]
    assert found.make_up == {date(2027, 1, 31), date(2027, 2, 13)}


def test_rows_say_the_same() -> None:
    rows = "元旦 2027-01-01 2027-01-03\n春节 2027-02-05 2027-02-11\n清明节 2027-04-05\n上班 2027-01-31\n上班 2027-02-13"
    assert read_notice(rows, 2027) == read_notice(NOTICE, 2027)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("今年不放假", "没有读出"),
        ("元旦：2月30日放假", "没有2027年2月30日"),
        ("元旦 2026-12-31 2027-01-03", "不在2027年内"),
        ("元旦 2027-01-03 2027-01-01", "先后颠倒"),
        ("元旦 2027-01-01\n上班 2027-01-01", "2027年1月1日写了两次（元旦、上班）"),
    ],
)
def test_what_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_notice(text, 2027)


def doubts(text: str, year: int = 2027) -> list[str]:
    calendars = load_calendars(bundled_calendars())
    return [one.zh for one in doubts_of_year(calendars, "cn", text, read_notice(text, year))]


def test_a_day_that_is_worked_anyway_is_no_make_up_day() -> None:
    calendar = load_calendars(bundled_calendars())["cn"]
    require_make_up_on_rest_days(calendar, read_notice(NOTICE, 2027))
    with pytest.raises(Invalid, match="2027年1月4日（周一）、2027年1月5日（周二）本来就是工作日"):
        require_make_up_on_rest_days(calendar, read_notice("元旦 2027-01-01\n上班 2027-01-05\n上班 2027-01-04", 2027))


def test_a_notice_as_it_was_published_leaves_no_doubt() -> None:
    assert doubts(NOTICE) == []


def test_days_off_that_move_nothing_are_told() -> None:
    assert doubts("元旦 2027-01-01\n厂庆 2027-01-10") == [
        "厂庆 2027年1月10日（周日）本来就都是休息日，写上也不改变任何期限：请核对日期；另有补休的日子，也要写上。"
    ]
    assert doubts("校庆 2027-01-09 2027-01-10\n上班 2027-01-16")[0].startswith("校庆 1月9日至10日本来就都是休息日")


def test_another_weekday_or_number_of_days_than_the_notice_says_is_told() -> None:
    assert doubts(NOTICE.replace("2月5日（周五）", "2月4日（周五）")) == [
        "通知写2027年2月4日是周五，2027年这一天是周四：请核对日期，看看是不是别的年份的通知。",
        "春节写明共7天，读出的是8天：请核对起止日期。",
    ]
    assert len(doubts(NOTICE, 2026)) == 8, "the notice of another year: every weekday, and a holiday on a Sunday"


def test_the_file_is_one_that_the_calendars_take(tmp_path: Path) -> None:
    root = tmp_path / "calendars"
    copytree(bundled_calendars(), root)
    found = read_notice(NOTICE, 2027)
    (root / "cn" / "2027.yaml").write_text(year_file(found, "通知", "国办发〔2026〕1号", "2026-11-04", 260), "utf-8")
    with pytest.raises(Exception, match="个工作日") as counted:
        load_calendars(root)
    right = int(str(counted.value).split("算得 ")[1].split(" ")[0])
    (root / "cn" / "2027.yaml").write_text(year_file(found, "通知", "", "", right), "utf-8")
    calendar = load_calendars(root)["cn"]
    assert [calendar.is_working(date(2027, 1, day)) for day in (1, 3, 4, 31)] == [False, False, True, True]


def test_the_file_of_a_year_without_days_says_that_none_is_known() -> None:
    found = year_without_days(2027)
    content = year_file(found, "经核实没有通知", "", "2026-11-20", 260)
    assert "status: none_known" in content
    assert replace(read_year("cn-xinjiang", 2027, content.encode()), expected_working_days=None) == found


def test_a_row_of_more_than_two_days_means_each_and_days_at_work_are_never_a_span() -> None:
    """Every day of a holiday written out, as people type them: none of them is dropped unseen."""
    year = read_notice("元旦 2026-01-01 2026-01-02 2026-01-03\n上班 2026-01-04 2026-02-14", 2026)
    assert [(off.first.day, off.last.day) for off in year.days_off] == [(1, 1), (2, 2), (3, 3)]
    assert sorted(day.isoformat() for day in year.make_up) == ["2026-01-04", "2026-02-14"]


@pytest.mark.parametrize("row", ["2026-03-20 2026-03-23", "关于临时调整放假安排的说明 2026-03-20"])
def test_a_row_with_days_that_cannot_be_read_is_named_and_not_passed_over(row: str) -> None:
    with pytest.raises(Invalid, match=re.escape(row)):
        read_notice(f"{row}\n元旦 2026-01-01", 2026)
