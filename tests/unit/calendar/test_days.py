"""Calendars as they are loaded, and what formulas say of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.catalog.calendars.calendars import CalendarRefused, bundled_calendars, load_calendars
from service.catalog.feel import compiled
from service.domain.calendar import (
    Counting,
    Layer,
    RestDayRule,
    StartRule,
    Window,
    WorkingCalendar,
    calendar_window,
    day_on_record,
    named_day,
    working_window,
)
from service.domain.calendar.feel_functions import TIME_FUNCTIONS
from service.engine import Environment
from tests.support.tables import rows


def test_bundled_calendars_are_three_layers_deep() -> None:
    found = load_calendars(bundled_calendars())
    assert [layer.key for layer in found["cn-xinjiang-kizilsu"].layers] == ["cn-xinjiang-kizilsu", "cn-xinjiang", "cn"]
    assert found["cn"].last_published_year() == 2026
    assert found["cn-xinjiang"].name.zh == "新疆维吾尔自治区"


@pytest.mark.parametrize(
    ("first", "length", "last"),
    [
        (date(2013, 2, 8), 3, date(2013, 2, 18)),  # Saturday and Sunday after the festival are worked
        (date(2015, 9, 1), 3, date(2015, 9, 7)),  # 3 to 5 September off for the anniversary, Sunday the 6th worked
        (date(2018, 12, 27), 3, date(2019, 1, 2)),  # the notice for 2019: Saturday worked, 31 December off
        (date(2019, 4, 30), 2, date(2019, 5, 6)),  # Labour Day made longer, Sunday 5 May worked
        (date(2020, 1, 22), 2, date(2020, 2, 3)),  # the festival was extended to 2 February
        (date(2022, 12, 29), 2, date(2023, 1, 3)),
    ],
)
def test_working_days_of_earlier_years_follow_their_notices(first: date, length: int, last: date) -> None:
    found = working_window(load_calendars(bundled_calendars())["cn"], first, length)
    assert (found.last_day, found.provisional) == (last, False)


def test_a_small_calendar_loads(one_layer: Path) -> None:
    assert load_calendars(one_layer)["cn"].working_days_in(2025) == 260


@pytest.mark.parametrize(("file", "old", "new", "says"), rows("calendars", "spoilt"))
def test_a_spoilt_file_is_refused_with_place_and_remedy(
    one_layer: Path, file: str, old: str, new: str, says: str
) -> None:
    path = one_layer / "cn" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CalendarRefused) as refusal:
        load_calendars(one_layer)
    assert says in refusal.value.message.zh
    assert f"cn/{file}" in refusal.value.message.en


def test_a_file_that_nobody_would_read_is_refused(one_layer: Path) -> None:
    (one_layer / "cn" / "2026-new.yaml").write_text("year: 2026", encoding="utf-8")
    with pytest.raises(CalendarRefused, match=r"2026-new\.yaml"):
        load_calendars(one_layer)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarRefused, match=r"layer\.yaml"):
        load_calendars(tmp_path)


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


# ``date`` of an instant is the day in China, of the end of a period its last day.


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
        ("now().hour", 0),
        ('date("2026-03-31")', date(2026, 3, 31)),
        ("date(2026, 3, 31)", date(2026, 3, 31)),
    ],
)
def test_an_instant_belongs_to_the_day_in_china(nation: WorkingCalendar, text: str, day: object):
    environment = Environment(datetime(2026, 3, 1, 16, 30, tzinfo=UTC), nation, {})
    assert compiled(text).evaluate({}, environment) == day


@pytest.mark.parametrize(
    ("kept", "day"),
    [
        ("2026-03-31", date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        ("2026-03-31T16:00:00+00:00", date(2026, 3, 31)),
        ("2026-03-31T16:30:00+00:00", date(2026, 4, 1)),
        (datetime(2026, 3, 31, 16, 30, tzinfo=UTC), date(2026, 4, 1)),
        ("2026-03-31T09:00+08:00", date(2026, 3, 31)),
    ],
)
def test_the_day_that_a_record_keeps_is_the_day_in_china(kept: object, day: date):
    assert day_on_record(kept) == day


# Every published vector, each worked out by hand, on the calendars that come with the program.


DATA = Path(__file__).parents[2] / "data" / "calendar" / "vectors.yaml"
VECTORS = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))["vectors"]
RULES = {"day_after": StartRule.NEXT_DAY, "same_day": StartRule.POSTING_DAY}


FIRST_YEAR = 2024
"""The vectors were worked out when this was the first year held, and say what is provisional for that reason."""


@pytest.fixture(scope="module")
def of_the_vectors(calendars: Mapping[str, WorkingCalendar]) -> Mapping[str, WorkingCalendar]:
    return {key: WorkingCalendar(tuple(map(_from_first_year, one.layers))) for key, one in calendars.items()}


def _from_first_year(layer: Layer) -> Layer:
    return replace(layer, years={number: year for number, year in layer.years.items() if number >= FIRST_YEAR})


def test_all_vectors_are_here() -> None:
    assert len({vector["id"] for vector in VECTORS}) == 111


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_window_agrees_with_the_vector(vector: dict, of_the_vectors: Mapping[str, WorkingCalendar]) -> None:
    calendar, start = of_the_vectors[vector["calendar"]], datetime.fromisoformat(vector["start"])
    rule = RULES[vector["convention"]]
    if vector["rule"] == "working_days":
        found = working_window(calendar, start, vector["length"], rule)
    else:
        found = calendar_window(calendar, start, vector["length"], rule, RestDayRule(vector["roll"]))
    assert (found.first_day, found.last_day) == (vector["first_day"], vector["last_day"]), vector["why"]
    assert found.provisional is (vector["result"] == "provisional")
    assert found.relies_on_unconfirmed is vector["relies_on_unconfirmed"]
