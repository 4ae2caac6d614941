"""The calendar by which a draft's place counts, and what a new notice of days off would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.calendars import IN_FORCE
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.parameters.calendar_years import counting_by
from service.casework.studio.parameters.foresee_parameter import MovedDay
from service.casework.studio.parameters.moved_by_calendar import moved_in_place
from service.catalog.calendars.calendar_notice import (
    demand_make_up_on_rest_days,
    doubts_of_year,
    notice_source,
    read_notice,
    says_nothing,
    year_file,
    year_without_days,
)
from service.catalog.calendars.calendars import bundled_calendars, documents_of, with_year, with_year_files
from service.domain.calendar import CalendarYear, Layer, WorkingCalendar, local_date
from service.domain.errors import Invalid
from service.domain.text import Text

_FIRST, _LAST = 2000, 2100


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The layers of a place's calendar, the most local first, with one year of each.

    ``years`` are held by some layer; ``documents`` are the titles of the sources, by layer and source ("cn/notice-2026").
    """

    draft: DraftView
    calendar: WorkingCalendar
    year: int
    layers: tuple[tuple[Layer, CalendarYear | None], ...]
    years: tuple[int, ...]
    working_days: int
    documents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TypedNotice:
    """A notice as typed: its text or rows, the layer and year it is for, and the document it is."""

    text: str
    layer: str
    year: int
    title: str
    number: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True)
class NoticeForecast:
    """What a notice says and moves: ``file`` is the year's file, ``moved`` what of running cases would end on another day.

    ``doubts`` are what is to be compared with the notice before the year is proposed.
    """

    found: CalendarYear
    working_days: int
    file: str
    moved: tuple[MovedDay, ...]
    missing: tuple[str, ...]
    doubts: tuple[Text, ...] = ()


@guarded("draft.view")
def view_calendar(desk: Desk, actor: Actor, draft: int, year: int = 0) -> CalendarView:
    """Return the calendar of a draft's place in ``year`` (0: this year)."""
    view = view_draft(desk, actor, draft)
    calendar = desk.calendar(view.package.jurisdiction.calendar)
    chosen = year if _FIRST <= year <= _LAST else local_date(desk.clock.now()).year
    years = sorted({number for layer in calendar.layers for number in layer.years})
    layers = tuple((layer, layer.years.get(chosen)) for layer in calendar.layers)
    documents = {
        f"{layer.key}/{source}": title
        for layer in calendar.layers
        for source, title in documents_of(bundled_calendars(), layer.key, chosen).items()
    }
    with desk.store.read() as tx:
        typed = [row for row in tx.calendar_years.in_state(IN_FORCE) if row.year == chosen]
    for row in typed:
        documents[f"{row.layer}/{notice_source(row.year)}"] = f"{row.title} {row.number}".strip()
    return CalendarView(view, calendar, chosen, layers, tuple(years), calendar.working_days_in(chosen), documents)


@guarded("draft.edit")
def foresee_notice(desk: Desk, actor: Actor, draft: int, typed: TypedNotice) -> NoticeForecast:
    """Return what a notice of days off would move in running cases; nothing is written. Raises Invalid."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft, "draft.edit")
    place = package_of(desk, draft).jurisdiction.calendar
    if typed.layer not in {layer.key for layer in desk.calendar(place).layers}:
        raise Invalid(Text("请选择这份通知属于哪一级。", "Choose the layer that the notice belongs to."))
    found = noticed_year(desk, typed)
    new = with_year(desk.calendars, typed.layer, found)
    working_days = new[typed.layer].working_days_in(typed.year)
    with desk.store.read() as tx:
        moved = moved_in_place(desk, tx, actor, row.package, place, new)
    missing = tuple(layer.name.zh for layer in new[place].layers if typed.year not in layer.years)
    file = year_file(found, typed.title.strip(), typed.number.strip(), typed.issued.strip(), working_days)
    doubts = doubts_of_year(desk.calendars, typed.layer, typed.text, found)
    return NoticeForecast(found, working_days, file, moved, missing, doubts)


@guarded("draft.view")
def foresee_year(desk: Desk, actor: Actor, ident: int) -> tuple[MovedDay, ...]:
    """Return what of the running cases in the places of ``actor`` would end on another day by a proposed year."""
    with desk.store.read() as tx:
        row = tx.calendar_years.get(ident)
        places = [
            (one.key, one.jurisdiction.calendar)
            for one in counting_by(desk, tx, row.layer)
            if GUARDS["draft.view"].admits(actor, one.jurisdiction.id)
        ]
        new = with_year_files(desk.calendars, [(row.layer, row.year, row.content)])
        return tuple(line for key, place in places for line in moved_in_place(desk, tx, actor, key, place, new))


def noticed_year(desk: Desk, typed: TypedNotice) -> CalendarYear:
    """Return the year that a notice gives a layer, or one without days where it is said that there are none; raises Invalid."""
    if not _FIRST <= typed.year <= _LAST or not typed.title.strip():
        raise Invalid(Text("请填写年份和通知的标题。", "Enter the year and the title of the notice."))
    if typed.layer not in desk.calendars:
        raise Invalid(Text("请选择这份通知属于哪一级。", "Choose the layer that the notice belongs to."))
    if not says_nothing(typed.text):
        found = read_notice(typed.text, typed.year)
        demand_make_up_on_rest_days(desk.calendars[typed.layer], found)
        return found
    if len(desk.calendars[typed.layer].layers) == 1:
        raise Invalid(
            Text(
                f"“{desk.calendars[typed.layer].name.zh}”上面没有别的日历，每年都有放假安排，不能写“无”：请粘贴通知。",
                f"No calendar stands above “{desk.calendars[typed.layer].name.en}”, which has days off every year: "
                "paste the notice instead of “none”.",
            )
        )
    return year_without_days(typed.year)
