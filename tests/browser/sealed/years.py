"""Years of the calendar that a season reaches and the program does not bring: typed in the studio, taken in by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from playwright.sync_api import expect

from service.casework.desk.calendars import refresh_calendars
from service.casework.simulate.scenarios.scenario import Scenario, instant
from service.domain.calendar import CalendarYear, Layer
from tests.browser.clicks import send_by
from tests.browser.sealed.people import SealedWalk

BY, CHECKED_BY = "system", "security"
"""Which administrators propose and take in."""


def take_in_years(walk: SealedWalk) -> None:
    """Let one administrator propose what each layer has in the years that the season reaches, and another take it in.

    The scenario's days are the nation's; the layers below are said to have none of their own.
    """
    stage = walk.stage
    years = reached(stage.scenario)
    if not years:
        return
    nation, *below = reversed(stage.desk.calendar(stage.package.jurisdiction.calendar).layers)
    page = walk._at(BY, "/studio")
    page.locator("form.studio-new [name=title]").fill("放假安排")
    page.get_by_role("button", name="新建草稿").click()
    page.get_by_role("link", name="日历", exact=True).first.click()
    page.locator("main [name=layer]").wait_for()
    place = page.url.removeprefix(walk.base)
    for year in years:
        _propose(walk, place, year.year, nation, rows_of(year))
        _take_in(walk)
        for layer in below:
            _propose(walk, place, year.year, layer, "无")
            _take_in(walk)
    refresh_calendars(stage.desk)


def reached(scenario: Scenario) -> list[CalendarYear]:
    """Return the scenario's years in which one of its steps lies."""
    days = [instant(m.value, time(9)) if m.verb == "until" else m.at for m in scenario.moves]
    last = max(day for day in [scenario.start, *days] if day is not None)
    return [year for year in scenario.years if year.year <= last.year]


def rows_of(year: CalendarYear) -> str:
    """Return the days of a year as they are typed."""
    spans: Sequence[str] = [f"{span.name.zh} {span.first} {span.last}" for span in year.days_off]
    return "\n".join([*spans, *(f"上班 {day}" for day in sorted(year.make_up))])


def _propose(walk: SealedWalk, place: str, year: int, layer: Layer, text: str) -> None:
    page = walk._at(BY, place)
    said = {"year": year, "layer": layer.key, "title": f"{layer.name.zh}{year}年放假安排", "issued": "2026-01-05"}
    walk._fill_all(page, {**said, "text": text})
    send_by(page, page.get_by_role("button", name="看会改动什么"))
    page.get_by_role("button", name="提出这一年").click()
    expect(page.get_by_text("已提出，等待另一人核定")).to_be_visible()


def _take_in(walk: SealedWalk) -> None:
    page = walk._at(CHECKED_BY, "/studio/calendar")
    send_by(page, page.get_by_role("button", name="核定载入"))
    walk._proved(CHECKED_BY)
    expect(page.get_by_text("已载入，今后的计算都按它")).to_be_visible()
