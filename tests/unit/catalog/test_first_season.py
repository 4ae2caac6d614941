"""The first season of a place: it can be played in a year whose calendar is not published yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.law.law import Clause
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.season import first_season
from service.catalog.parameters.parameters import Unit
from service.catalog.settings.periods import (
    PhaseDays,
    find_phase_days,
    read_phase_days,
    require_phase_days,
)
from service.domain.errors import Invalid
from service.domain.text import Text

OUTLINE = CityOutline(
    "lanshan", "兰山县", "", "cn", "兰山县质量奖", "兰山县质量奖管理办法", date(2026, 1, 1), "县市场监管局", "评审委员会",
    (OutlinedTier("tier_1", "质量奖", 5),), (Clause("LN-1", "第一条", "other", "内容。", None, None),),
)  # fmt: skip


def test_a_season_of_a_year_without_a_calendar_brings_one() -> None:
    last = load_calendars(bundled_calendars())["cn"].last_published_year()
    assert last is not None
    assert "calendar_years" not in first_season(replace(OUTLINE, since=date(last, 1, 1)))
    assert list(first_season(replace(OUTLINE, since=date(last + 1, 3, 1)))["calendar_years"]) == [last + 1, last + 2]
    over_new_year = first_season(replace(OUTLINE, since=date(last, 11, 23)))
    assert list(over_new_year["calendar_years"]) == [last + 1], "it begins in a published year and ends after it"


def test_applications_close_on_a_working_day_so_that_the_season_goes_on_the_day_after() -> None:
    """Forty days from 12 January 2026 end on a Saturday within the Spring Festival, which is over on 23 February."""
    season = first_season(replace(OUTLINE, window_days=40))

    [opening] = [step for step in season["steps"] if step.get("start") == "round"]
    assert opening["with"]["deadline"] == date(2026, 2, 24)
    assert "2026-02-25 09:00" in [step.get("until") for step in season["steps"]]


WORKING, ALL = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("5", PhaseDays(5)),
        (" ５个工作日", PhaseDays(5)),
        ("5 working days", PhaseDays(5)),
        ("15日", PhaseDays(15, ALL)),
        ("１５ 天", PhaseDays(15, ALL)),
        ("15个自然日", PhaseDays(15, ALL)),
        ("15 calendar days", PhaseDays(15, ALL)),
        ("0", None),
        ("15月", None),
        ("-3", None),
        ("", None),
    ],
)
def test_days_are_read_with_their_unit(typed: str, days: PhaseDays | None) -> None:
    assert read_phase_days(typed) == days
    if days is None:
        with pytest.raises(Invalid, match="“核查”应填写1至3650之间的整数，例如 5（工作日）或者 15日（自然日）"):
            require_phase_days(Text("核查", "To investigate"), typed)
    else:
        assert read_phase_days(days.typed) == days


def test_days_of_all_go_before_working_days() -> None:
    held = {"objection_reply_working_days": 5, "objection_reply_calendar_days": None}
    assert find_phase_days(held, "reply") == PhaseDays(5)
    assert find_phase_days({**held, "objection_reply_calendar_days": 30}, "reply") == PhaseDays(30, ALL)
