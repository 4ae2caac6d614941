from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from service.web import presentation as shown

FRIDAY = date(2026, 6, 5)
LATE_EVENING_UTC = datetime(2026, 6, 4, 16, 30, tzinfo=UTC)


def test_a_date_names_its_weekday_in_both_languages():
    assert shown.date_words(FRIDAY) == "2026年6月5日（周五）"
    assert shown.date_words(FRIDAY, "en") == "Fri 5 June 2026"


def test_an_instant_is_read_in_shanghai_time():
    assert shown.date_words(LATE_EVENING_UTC) == "2026年6月5日（周五）"
    assert shown.when(LATE_EVENING_UTC) == "2026年6月5日（周五） 00:30"


@pytest.mark.parametrize(
    ("remaining", "kind", "words", "tone"),
    [
        (-2, "working", "已逾期 2 个工作日", "late"),
        (0, "working", "今天到期", "today"),
        (3, "working", "还剩 3 个工作日", "soon"),
        (4, "working", "还剩 4 个工作日", "plain"),
        (30, "calendar", "还剩 30 天", "plain"),
        (None, "working", "无期限", "none"),
    ],
)
def test_time_left_is_words_and_a_tone(remaining, kind, words, tone):
    left = shown.build_countdown(remaining, kind)
    assert (left.words, left.tone) == (words, tone)


def test_a_stopped_clock_and_a_provisional_date_are_said():
    assert shown.build_countdown(5, state="paused").words == "期限中止"
    assert shown.build_countdown(5, state="provisional").words == "还剩 5 个工作日（暂定）"
    assert shown.build_countdown(-5, state="done").words == "已办结"


def test_colour_is_never_alone_where_time_presses():
    assert all(shown.build_countdown(days).mark for days in (-1, 0, 1))


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (200_000, "20 万元"),
        (Decimal("1234500"), "123.45 万元"),
        (8000, "8,000 元"),
        (Decimal(1_000_000) / 3, "33.333333 万元"),
        (0, "0 元"),
        (None, "—"),
    ],
)
def test_money_is_said_in_wan(yuan, words):
    assert shown.format_money(yuan) == words


def test_what_no_person_did_was_done_by_the_program():
    assert shown.actor_name("系统", "en") == "the program"
    assert (shown.actor_name("系统"), shown.actor_name("林设计", "en"), shown.actor_name(None)) == (
        "系统",
        "林设计",
        "—",
    )


def test_rows_alike_stand_together_where_the_first_of_them_stood():
    days = [date(2026, 3, 9), date(2026, 4, 1), date(2027, 3, 9)]
    assert shown.alike(days, "month", "day") == [[days[0], days[2]], [days[1]]]
