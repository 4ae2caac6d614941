"""Years of the calendar typed here: what a notice says and moves; proposed, taken in by a second person, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.calendars import IN_FORCE, WITHDRAWN, refresh_calendars
from service.casework.desk.desk import Desk
from service.casework.due.provisional_dates import recompute_dates
from service.casework.reading.published import published
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.parameters.moved_days import MovedDay, list_moved_days
from service.catalog import Package
from service.catalog.calendars.calendar_notice import (
    doubts_of_year,
    notice_source,
    read_notice,
    require_make_up_on_rest_days,
    says_nothing,
    year_file,
    year_without_days,
)
from service.catalog.calendars.calendars import bundled_calendars, documents_of, read_year, with_year, with_year_files
from service.domain.calendar import CalendarYear, Layer, WorkingCalendar, local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CalendarYearRow

PROPOSED, RETURNED = "proposed", "returned"
DECIDE = "calendar.decide"


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year that was typed here; ``places`` count by its layer, ``decides`` and ``withdraws`` say what the reader may do."""

    row: CalendarYearRow
    places: tuple[Text, ...]
    decides: bool
    withdraws: bool
    doubts: tuple[Text, ...] = ()

    @property
    def issued(self) -> date | None:
        """The day the notice was issued, where it was given."""
        return date.fromisoformat(self.row.issued) if self.row.issued else None


@guarded("draft.view")
def list_years(desk: Desk, actor: Actor) -> tuple[YearLine, ...]:
    """Return every year that was typed here for a layer by which a place of ``actor`` counts, newest first."""
    with desk.store.read() as tx:
        rows = tx.calendar_years.select(
            state=(
                PROPOSED,
                IN_FORCE,
                RETURNED,
                WITHDRAWN,
            )
        )
        lines = [_build_line(desk, tx, actor, row) for row in reversed(rows)]
    return tuple(line for line in lines if line is not None)


@guarded("draft.view")
def view_year(desk: Desk, actor: Actor, ident: int) -> CalendarYearRow:
    """Return a year that was typed here; raises NotFound and NotAllowed."""
    with desk.store.read() as tx:
        row = tx.calendar_years.get(ident)
        require_place(desk, tx, actor, row.layer, "draft.view")
    return row


def counting_by(desk: Desk, tx: Transaction, layer: str) -> tuple[Package, ...]:
    """Return the published packages that count by ``layer``."""
    return tuple(
        package
        for package in published(desk, tx).packages
        if layer in {calendar_layer.key for calendar_layer in desk.calendar(package.jurisdiction.calendar).layers}
    )


def require_place(desk: Desk, tx: Transaction, actor: Actor, layer: str, action: str) -> None:
    """Raise NotAllowed unless ``actor`` may do ``action`` in a place that counts by ``layer``."""
    if not any(_iterate_admissions(actor, action, counting_by(desk, tx, layer))):
        raise NotAllowed(
            Text(
                f"您所在的地方不按日历“{layer}”计算，不能处理它的年份。",
                f"No place of yours counts by calendar “{layer}”.",
            )
        )


def require_every_place(desk: Desk, tx: Transaction, actor: Actor, layer: str) -> None:
    """Raise NotAllowed unless ``actor`` may decide in every place that counts by ``layer``: no city counts for another."""
    places = counting_by(desk, tx, layer)
    if not places or not all(_iterate_admissions(actor, DECIDE, places)):
        raise NotAllowed(
            Text(
                f"日历“{layer}”还有其他地方在用，由对这些地方都有权限的人核定或者撤回。",
                f"Other places count by calendar “{layer}” too: who may decide for all of them takes it in or withdraws it.",
            )
        )


def with_decision(row: CalendarYearRow, key: str, decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of a year with what was decided under ``key``."""
    return {**(row.details or {}), key: dict(decision)}


def record_of(layer: str) -> str:
    """Return the name under which what happens to a layer's years is recorded."""
    return f"calendar/{layer}"


def _iterate_admissions(actor: Actor, action: str, places: Iterable[Package]) -> Iterator[bool]:
    return (GUARDS[action].admits(actor, place.jurisdiction.id) for place in places)


def _build_line(desk: Desk, tx: Transaction, actor: Actor, row: CalendarYearRow) -> YearLine | None:
    places = counting_by(desk, tx, row.layer)
    if not any(_iterate_admissions(actor, "draft.view", places)):
        return None
    may = all(_iterate_admissions(actor, DECIDE, places))
    return YearLine(
        row,
        tuple({place.jurisdiction.id: place.jurisdiction.text for place in places}.values()),
        may and row.state == PROPOSED and actor.person_id != row.person_id,
        may and row.state == IN_FORCE,
        list_year_doubts(desk, row) if row.state == PROPOSED else (),
    )


def list_year_doubts(desk: Desk, row: CalendarYearRow) -> tuple[Text, ...]:
    """Return what whoever decides is to compare with the notice."""
    return doubts_of_year(desk.calendars, row.layer, row.text, read_year(row.layer, row.year, row.content.encode()))


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
        typed = [row for row in tx.calendar_years.select(state=(IN_FORCE,)) if row.year == chosen]
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
    new_year = noticed_year(desk, typed)
    new = with_year(desk.calendars, typed.layer, new_year)
    working_days = new[typed.layer].working_days_in(typed.year)
    with desk.store.read() as tx:
        moved = tuple(list_moved_days(desk, tx, actor, row.package, new))
    missing = tuple(layer.name.zh for layer in new[place].layers if typed.year not in layer.years)
    file = year_file(new_year, typed.title.strip(), typed.number.strip(), typed.issued.strip(), working_days)
    doubts = doubts_of_year(desk.calendars, typed.layer, typed.text, new_year)
    return NoticeForecast(new_year, working_days, file, moved, missing, doubts)


@guarded("draft.view")
def foresee_year(desk: Desk, actor: Actor, ident: int) -> tuple[MovedDay, ...]:
    """Return what of the running cases in the places of ``actor`` would end on another day by a proposed year."""
    with desk.store.read() as tx:
        row = tx.calendar_years.get(ident)
        packages = [
            place_package.key
            for place_package in counting_by(desk, tx, row.layer)
            if GUARDS["draft.view"].admits(actor, place_package.jurisdiction.id)
        ]
        new = with_year_files(desk.calendars, [(row.layer, row.year, row.content)])
        return tuple(day for key in packages for day in list_moved_days(desk, tx, actor, key, new))


def noticed_year(desk: Desk, typed: TypedNotice) -> CalendarYear:
    """Return the year that a notice gives a layer, or one without days where it is said that there are none; raises Invalid."""
    if not _FIRST <= typed.year <= _LAST or not typed.title.strip():
        raise Invalid(Text("请填写年份和通知的标题。", "Enter the year and the title of the notice."))
    if typed.layer not in desk.calendars:
        raise Invalid(Text("请选择这份通知属于哪一级。", "Choose the layer that the notice belongs to."))
    if not says_nothing(typed.text):
        calendar_year = read_notice(typed.text, typed.year)
        require_make_up_on_rest_days(desk.calendars[typed.layer], calendar_year)
        return calendar_year
    if len(desk.calendars[typed.layer].layers) == 1:
        raise Invalid(
            Text(
                f"“{desk.calendars[typed.layer].name.zh}”上面没有别的日历，每年都有放假安排，不能写“无”：请粘贴通知。",
                f"No calendar stands above “{desk.calendars[typed.layer].name.en}”, which has days off every year: "
                "paste the notice instead of “none”.",
            )
        )
    return year_without_days(typed.year)


@guarded("calendar.propose")
def propose_year(desk: Desk, actor: Actor, typed: TypedNotice) -> int:
    """Propose the year that a notice gives a layer, and return its number; a second person takes it in.

    Raises:
        Invalid: the notice gives no days, or its title, or both its number and its day are missing.
        NotAllowed: the person designs nothing that counts by that layer.
    """
    new_year = noticed_year(desk, typed)
    _require_document(typed)
    days = with_year(desk.calendars, typed.layer, new_year)[typed.layer].working_days_in(typed.year)
    number, issued = typed.number.strip()[:100], typed.issued.strip()
    content = year_file(new_year, typed.title.strip()[:300], number, issued, days)
    with desk.store.write() as tx:
        require_place(desk, tx, actor, typed.layer, "calendar.propose")
        now = desk.clock.now()
        ident = tx.calendar_years.insert(
            CalendarYearRow(
                layer=typed.layer, year=typed.year, title=typed.title.strip()[:300], number=number, issued=issued,
                text=typed.text, content=content, working_days=days, person_id=actor.signed_in_id, author=actor.name, at=now,
            )
        )  # fmt: skip
        text = f"提出 {typed.year} 年日历（{days} 个工作日）：{typed.title.strip()[:200]} {number}"
        record_event(tx, actor, now, record_of(typed.layer), "proposed", text, None, {"year": ident})
    return ident


def _require_document(typed: TypedNotice) -> None:
    if not typed.number.strip() and not typed.issued.strip():
        raise Invalid(
            Text(
                "请填写通知的文号或者发文日期，核定的人要对照原件。",
                "Enter the number of the notice or the day it was issued: whoever decides compares it with the original.",
            )
        )
    try:
        _ = typed.issued.strip() and date.fromisoformat(typed.issued.strip())
    except ValueError:
        raise Invalid(Text("发文日期请写成 2026-11-01。", "Write the day it was issued as 2026-11-01.")) from None


@guarded("calendar.decide")
def decide_year(desk: Desk, actor: Actor, ident: int, approved: bool, reason: str = "") -> None:
    """Let the program count by a proposed year from now on, or return it with a ``reason``.

    Running notices and time limits keep their days until they are corrected; provisional ones are settled at once.
    Raises NotFound, and:
        NotAllowed: the person proposed it, or may not decide in every place that counts by it.
        Conflict: it is decided already, or gives another number of working days by now.
        Invalid: it is returned without a reason.
    """
    with desk.store.write() as tx:
        row = tx.calendar_years.get(ident)
        require_every_place(desk, tx, actor, row.layer)
        if row.state != PROPOSED:
            raise Conflict(Text("这一年已经处理过，请刷新页面。", "This year is decided already: reload the page."))
        if actor.person_id == row.person_id:
            raise NotAllowed(
                Text(
                    "提出的人不能自己核定，请由另一人对照通知原件核定。",
                    "Whoever proposed a year cannot take it in: let another person compare it with the notice.",
                )
            )
        if not approved and not reason.strip():
            raise Invalid(Text("退回须写明理由。", "Say why it is returned."))
        if approved:
            _require_same_count(desk, row)
        now = desk.clock.now()
        record = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "reason": reason.strip()[:2000]}
        state, action, word = (IN_FORCE, "taken_in", "核定载入") if approved else (RETURNED, "returned", "退回")
        tx.calendar_years.change(ident, state=state, details=with_decision(row, "decided", record))
        text = f"{word} {row.year} 年日历：{row.title}{'：' + reason.strip()[:200] if reason.strip() else ''}"
        record_event(tx, actor, now, record_of(row.layer), action, text, None, {"year": ident})
        tx.after_commit(lambda: refresh_calendars(desk))
    if approved:
        recompute_dates(desk, SYSTEM)


def _require_same_count(desk: Desk, row: CalendarYearRow) -> None:
    """Raise Conflict where a calendar above changed since the year was proposed."""
    after = with_year_files(desk.calendars, [(row.layer, row.year, row.content)])[row.layer]
    days = after.working_days_in(row.year)
    if days != row.working_days:
        raise Conflict(
            Text(
                f"按现在的上级日历，这一年有 {days} 个工作日，提出时是 {row.working_days} 个。请退回，重新提出。",
                f"With the layers above as they are now the year has {days} working days, {row.working_days} when it was "
                "proposed: return it and propose it anew.",
            )
        )


@guarded("calendar.decide")
def withdraw_year(desk: Desk, actor: Actor, ident: int, reason: str) -> None:
    """Let the program count as if the year had not been taken in; running notices and time limits keep their days.

    Raises:
        NotFound: there is no such year.
        NotAllowed: the person may not decide in every place that counts by it.
        Conflict: it is not in force.
        Invalid: no reason is given.
    """
    if not reason.strip():
        raise Invalid(Text("请写明撤回的理由，会记入记录。", "Say why; the reason goes on record."))
    with desk.store.write() as tx:
        row = tx.calendar_years.get(ident)
        require_every_place(desk, tx, actor, row.layer)
        if row.state != IN_FORCE:
            raise Conflict(Text("这一年没有载入，请刷新页面。", "This year is not in force: reload the page."))
        now = desk.clock.now()
        record = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "reason": reason.strip()[:2000]}
        tx.calendar_years.change(ident, state=WITHDRAWN, details=with_decision(row, "withdrawn", record))
        text = f"撤回 {row.year} 年日历：{row.title}：{reason.strip()[:200]}"
        record_event(tx, actor, now, record_of(row.layer), "withdrawn", text, None, {"year": ident})
        tx.after_commit(lambda: refresh_calendars(desk))
