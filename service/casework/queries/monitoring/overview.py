"""The overview: what runs, waits, is late, ends and has ended, by place and kind of case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListColumn, ListSpec, Page, Say, Table, cut_page
from service.casework.queries.limits import time_limit
from service.casework.queries.monitoring.monitor import ending_notices, overseen_places, places_of
from service.casework.reading.published import Published, published
from service.catalog import Package
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.store import CaseFilter, KindTotals, Transaction
from service.store.models import NoticeRow

WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """A role that is waited for, and in how many open tasks."""

    role: str
    name: Text
    count: int


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of case of one place: sums, and for how many open tasks each role is waited for.

    ``votes`` are papers not cast yet, of which a list shows the cases alone; ``timers`` and ``messages`` what else is waited for.
    ``until`` is the day of the soonest timer, where neither a person nor a vote is waited for.
    """

    jurisdiction: str
    place: Text
    award: str
    kind: str
    name: Text
    running: int
    waiting: int
    overdue: int
    incidents: int
    finished: int
    waits_for: tuple[WaitedFor, ...]
    votes: int
    timers: int
    messages: int
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DayLine:
    """How many open tasks have their last day on ``day``, and how many votes can be cast until then."""

    day: date
    due: int
    votes: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview of the places the reader oversees, or of one of them."""

    lines: tuple[KindLine, ...]
    days: tuple[DayLine, ...]
    jurisdictions: tuple[tuple[str, Text], ...]
    jurisdiction: str
    without_recused: bool
    at: datetime


@guarded("monitor.view")
def view_overview(desk: Desk, actor: Actor, jurisdiction: str = "") -> Overview:
    """Return the overview; raises NotFound for a place the actor does not oversee."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = places_of(actor, publications, jurisdiction)
        return Overview(
            lines=tuple(
                _add_awaited_day(desk, tx, publications, line)
                for line in _list_kind_lines(tx, publications, places, now)
            )
            if places
            else (),
            days=_list_day_lines(tx, [publications.calendar(desk, place) for place in places], places, now)
            if places
            else (),
            jurisdictions=overseen_places(actor, publications),
            jurisdiction=jurisdiction,
            without_recused=not actor.recused,
            at=now,
        )


def _say_waits(line: KindLine, say: Say) -> str:
    """Return whom the cases of a line wait for, and in how many tasks and votes."""
    waits = [(say(role.name), role.count) for role in line.waits_for]
    return "；".join(f"{name} {count}" for name, count in [*waits, (say(_VOTES), line.votes)] if count)


_VOTES = Text("未投票", "Votes not cast")
OVERVIEW: ListSpec[KindLine] = ListSpec(
    "/monitor/report",
    Text("报表", "Reports"),
    (
        ListColumn(Text("辖区", "Place"), lambda line, say: say(line.place)),
        ListColumn(Text("办件种类", "Kind of case"), lambda line, say: say(line.name)),
        ListColumn(Text("在办", "Running"), lambda line, _: line.running, kind=CellKind.NUMBER),
        ListColumn(Text("待办", "Tasks"), lambda line, _: line.waiting, kind=CellKind.NUMBER),
        ListColumn(Text("等待谁", "Waiting for"), _say_waits),
        ListColumn(Text("等到", "Until"), lambda line, _: line.until, kind=CellKind.DAY),
        ListColumn(Text("期限", "Timers"), lambda line, _: line.timers, kind=CellKind.NUMBER),
        ListColumn(Text("逾期", "Overdue"), lambda line, _: line.overdue, kind=CellKind.NUMBER),
        ListColumn(Text("异常", "Incidents"), lambda line, _: line.incidents, kind=CellKind.NUMBER),
        ListColumn(Text("已办结", "Finished"), lambda line, _: line.finished, kind=CellKind.NUMBER),
    ),
)


@guarded("monitor.view")
def export_overview(desk: Desk, actor: Actor, jurisdiction: str, say: Say) -> Table:
    """Return the lines of the overview as a table."""
    return OVERVIEW.make_table(view_overview(desk, actor, jurisdiction).lines, say)


def _list_kind_lines(
    tx: Transaction, publications: Published, places: Sequence[str], now: datetime
) -> tuple[KindLine, ...]:
    troubled = Counter(tx.incidents.open_by_kind(places))
    roles = defaultdict(list)
    votes: Counter[tuple[str, str, str]] = Counter()
    for place, award, kind, role, to_vote, count in tx.tallies.by_role(places):
        if to_vote:
            votes[place, award, kind] += count
        else:
            roles[place, award, kind].append((role, count))
    lines = []
    for sums in tx.tallies.by_kind(places, now):
        key = (sums.jurisdiction, sums.award, sums.sort)
        package = next((p for p in publications.of(sums.jurisdiction) if p.award.id == sums.award), None)
        lines.append(_build_kind_line(package, sums, troubled[key], votes[key], roles[key]))
    return tuple(lines)


def _build_kind_line(
    package: Package | None, sums: KindTotals, incidents: int, votes: int, roles: Iterable[tuple[str, int]]
) -> KindLine:
    info = package.award.processes.get(sums.sort) if package else None
    place = package.jurisdiction.text if package else Text(sums.jurisdiction, sums.jurisdiction)
    role_infos = package.jurisdiction.roles if package else {}
    waits = sorted(roles, key=lambda each: -each[1])
    return KindLine(
        sums.jurisdiction,
        place,
        sums.award,
        sums.sort,
        info.text if info else Text(sums.sort, sums.sort),
        sums.running,
        sums.tasks,
        sums.over,
        incidents,
        sums.ended,
        tuple(
            WaitedFor(role, role_infos[role].text if role in role_infos else Text(role, role), count)
            for role, count in waits
        ),
        votes,
        sums.timers,
        sums.messages,
    )


def _add_awaited_day(desk: Desk, tx: Transaction, publications: Published, line: KindLine) -> KindLine:
    """Return a line with the day that its cases wait for, where nobody is waited for."""
    if line.waits_for or line.votes or not line.timers:
        return line
    chosen = CaseFilter([line.jurisdiction], line.kind, live=True, award=line.award)
    row = tx.work.soonest_timer(chosen)
    if row is None:
        return line
    calendar = publications.calendar(desk, line.jurisdiction)
    return replace(line, until=time_limit(calendar, row.due_at, row.payload, desk.clock.now()).last_day)


def _list_day_lines(
    tx: Transaction, calendars: Sequence[WorkingCalendar], places: Sequence[str], now: datetime
) -> tuple[DayLine, ...]:
    """Return the working days ahead, and rest days on which something is due all the same."""
    ahead = working_days_ahead(calendars, local_date(now))
    due = tx.tallies.by_day(places, local_date(now), ahead[-1])
    days = sorted({*ahead, *(day for day, _ in due)})
    return tuple(DayLine(day, due.get((day, False), 0), due.get((day, True), 0)) for day in days)


def working_days_ahead(calendars: Sequence[WorkingCalendar], today: date) -> list[date]:
    """Return the days on which any place works, until the last of them has had its `WORKING_DAYS`, today included."""
    remaining = dict.fromkeys(range(len(calendars)), WORKING_DAYS)
    days: list[date] = []
    day = today
    while any(remaining.values()):
        working = [n for n, calendar in enumerate(calendars) if calendar.is_working(day)]
        days += [day] if working else []
        remaining |= {n: max(0, remaining[n] - 1) for n in working}
        day += timedelta(days=1)
    return days


PAGE = 100


@guarded("monitor.view")
def list_ending_notices(
    desk: Desk, actor: Actor, jurisdiction: str = "", after: tuple[date, int] | None = None
) -> Page[NoticeRow, tuple[date, int]]:
    """Return running notices whose last day lies between today and Sunday, soonest first; raises NotFound."""
    with desk.store.read() as tx:
        places = places_of(actor, published(desk, tx), jurisdiction)
        rows = tx.notices.select("last_day id", after, PAGE + 1, **ending_notices(places, desk.clock.now()))
    return cut_page(rows, lambda row: (row.last_day, row.id), PAGE)
