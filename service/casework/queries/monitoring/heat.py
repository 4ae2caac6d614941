"""Heat: how long things stand at the elements of a diagram, how many, and which limits were missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median, median_low
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.monitor import ChosenDiagram, Monitored, chosen_diagram, standing_cases
from service.casework.step.time_limits import statutory
from service.domain.calendar import WorkingCalendar, local_date, working_days_between
from service.domain.text import Text
from service.store import (
    FEW,
    NEVER,
    NEWEST,
    Called,
    ElementCount,
    Place,
    StandingTasks,
    Stood,
    Transaction,
)
from service.store.models import TaskRow

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations in days: the middle one, what 95 of 100 do not exceed, and the longest."""

    median: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One step: what stands there now and how long, what was done in the period and how long it took.

    ``here`` are the cases that stand there; ``summed`` says that they were too many to be counted by case: it is what
    waits. ``count`` are open tasks; ``timers`` (with other background work) and
    ``messages`` are waited for there besides, by the step itself: an event at the edge of an activity waits as long as
    that stands, and is none. ``inside`` is of a call activity: the cases that are in it, of which is then all the rest;
    ``called`` says that it is one, of which none is late by itself.
    ``standing`` is of the open tasks, or of what is waited for where there are none. ``limit`` is the usual statutory
    period in working days (None: none), ``articles`` what gives it; ``late`` and ``done_late`` count what was over it.
    """

    element: str
    name: str
    count: int
    late: int
    standing: Spread | None
    done: int
    done_late: int
    took: Spread | None
    limit: int | None = None
    articles: tuple[str, ...] = ()
    timers: int = 0
    messages: int = 0
    here: int = 0
    inside: int = 0
    called: bool = False
    summed: bool = False


def spread(durations: Sequence[timedelta]) -> Spread | None:
    """Return the spread of durations; None where there are none."""
    took = sorted(in_days(each) for each in durations)
    return Spread(median(took), took[up_to(len(took) * 0.95) - 1], took[-1]) if took else None


def ranks(count: int) -> tuple[int, int, int]:
    """Return the places, among the oldest first, of the middle, of what 95 of 100 do not exceed, and of the oldest."""
    return count // 2, count - up_to(count * 0.95), 0


def up_to(number: float) -> int:
    """Return a number rounded up, one at least."""
    return max(1, -int(-number // 1))


def in_days(duration: timedelta) -> float:
    """Return a duration in days, to the hundredth."""
    return round(duration / DAY, 2)


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The usual statutory period of a step in working days, and the articles that give it."""

    days: int
    articles: tuple[str, ...]


def limits_of(
    desk: Desk,
    tx: Transaction,
    chosen: Monitored,
    place: Place,
    standing: Collection[str],
    past: Mapping[str, Sequence[Stood]],
    awaiting: Collection[str],
) -> Mapping[str, StepLimit]:
    """Return the limit of each element: of the newest open tasks or running timers, else of those done last.

    Tasks are open at the elements ``standing``, were done at those of ``past``; at ``awaiting`` timers may run.

    A task counts by its statutory day, whatever its last useful day is; a step without a limit is not there.
    """
    calendar = desk.calendar(chosen.package.jurisdiction.calendar)
    elements = chosen.package.diagram(chosen.process).elements
    running = tx.durations.newest_open(place, standing)
    limited = {row.element for row in running}
    before = [
        one.id
        for ident, each in past.items()
        if ident not in limited
        for one in [one for one in each if one.due_at < NEVER][:FEW]
    ]
    found: dict[str, list[int]] = defaultdict(list)
    articles: dict[str, dict[str, None]] = defaultdict(dict)
    for row in (*running, *tx.durations.tasks(before)):
        days = _task_days(calendar, row)
        if days is not None:
            found[row.element].append(days)
            articles[row.element].update(dict.fromkeys(map(str, row.clauses)))
    for ident, since, due in tx.durations.newest_timers(place, awaiting):
        if due < NEVER:
            found[ident].append(_days(calendar, since, due))
            clauses = chosen.package.clauses_of(elements[ident], (), chosen.process) if ident in elements else ()
            articles[ident].update(dict.fromkeys(clauses))
    law = chosen.package.law
    return {
        ident: StepLimit(median_low(days), tuple(dict.fromkeys(law.article(clause) for clause in articles[ident])))
        for ident, days in found.items()
    }


def _task_days(calendar: WorkingCalendar, row: TaskRow) -> int | None:
    due, _ = statutory(row)
    return _days(calendar, row.created_at, due) if due < NEVER else None


def _days(calendar: WorkingCalendar, since: datetime, due: datetime) -> int:
    return working_days_between(calendar, local_date(since), local_date(due - timedelta(seconds=1)))


def call_lines(desk: Desk, tx: Transaction, chosen: Monitored, place: Place, days: int) -> tuple[list[HeatLine], bool]:
    """Return a line for each call activity that cases stand in or left in the period; and whether only the newest count.

    None is late: a limit that ends on a named day is another for every case, and what lapses ends the call.
    """
    now = desk.clock.now()
    here = tx.calls.standing(place)
    since = tx.calls.since(place, {element: ranks(count) for element, count in here.items()})
    left = tx.calls.left(place, now - DAY * days)
    past: dict[str, list[Called]] = defaultdict(list)
    for one in left:
        past[one.element].append(one)
    limits = call_limits(desk, tx, chosen, place)
    elements, lines = chosen.package.diagram(chosen.process).elements, []
    for ident in {**here, **past}:
        limit, taken = limits.get(ident), [one.left_at - one.since for one in past[ident] if one.left_at]
        lines.append(
            HeatLine(
                ident,
                (elements[ident].name if ident in elements else "") or ident,
                0,
                0,
                Spread(*(in_days(now - at) for at in since[ident])) if ident in here else None,
                len(taken),
                0,
                spread(taken),
                limit.days if limit else None,
                limit.articles if limit else (),
                here=here.get(ident, 0),
                inside=here.get(ident, 0),
                called=True,
            )
        )
    return lines, len(left) == NEWEST


def call_limits(desk: Desk, tx: Transaction, chosen: Monitored, place: Place) -> Mapping[str, StepLimit]:
    """Return the limit of each call activity: the timer at its edge that rests on an article, as it runs now.

    Of several the shortest counts.
    """
    elements = chosen.package.diagram(chosen.process).elements.values()
    calls = {element.id for element in elements if element.called}
    edges = {e.id: e.attached_to for e in elements if e.attached_to in calls and e.timer is not None}
    found: dict[str, StepLimit] = {}
    for ident, limit in limits_of(desk, tx, chosen, place, (), {}, list(edges)).items():
        call = edges.get(ident)
        if call and limit.articles and (call not in found or limit.days < found[call].days):
            found[call] = limit
    return found


_DAY = timedelta(days=1)
AGES = (3, 7, 14, 30, 60)
"""Bounds of the columns of the chart of ages, in days."""


@dataclass(frozen=True, slots=True)
class AgeColumn:
    """How many open tasks stand for so many days: from ``first`` on and less than ``last`` (None: no end)."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class HeatView:
    """The heat of one diagram; ``capped`` where only the newest of the period were looked at."""

    chosen: Monitored
    lines: tuple[HeatLine, ...]
    ages: tuple[AgeColumn, ...]
    days: int
    capped: bool
    at: datetime


@guarded("monitor.view")
def view_heat(desk: Desk, actor: Actor, asked: ChosenDiagram, days: int = 90) -> HeatView:
    """Return the heat of a diagram over a period; raises NotFound for a place the actor does not oversee."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        chosen = chosen_diagram(desk, tx, actor, asked)
        place = Place(chosen.package.jurisdiction.id, chosen.process, chosen.version or None)
        lines, capped = _lines(desk, tx, chosen, place, days)
        bounds = [now - _DAY * age for age in (0, *AGES)]
        standing = [line.element for line in lines if line.count]
        counts = tx.durations.ages(place, standing, [bounds[0] + _DAY, *bounds[1:]])
    ages = tuple(AgeColumn(*each) for each in zip((0, *AGES), (*AGES, None), counts, strict=True))
    return HeatView(chosen, lines, ages, days, capped, now)


def mark_elements(view: HeatView, language: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the heat for the picture: count, words and one of four grades by element."""
    most = max((line.standing.median for line in view.lines if line.standing), default=0) or 1
    found: dict[str, dict[str, Any]] = {}
    for line in view.lines:
        if not line.here:
            continue
        here = _words(line)
        words, grade = here, 1
        if line.standing is not None:
            days_text = f"{line.standing.median:.1f}"
            words = Text(f"{here.zh}，中位 {days_text} 天", f"{here.en}, median {days_text} d")
            grade = 4 if line.late else max(1, round(3 * line.standing.median / most))
        place = f"/cases?live=1&jurisdiction={view.chosen.package.jurisdiction.id}"
        found[line.element] = {
            "state": "active",
            "count": line.here,
            "text": words.pick(language),
            "heat": grade,
            "href": f"{place}&at={view.chosen.process}/{line.element}",
        }
    return found


def _words(line: HeatLine) -> Text:
    if line.inside:
        return Text("件在内", "inside")
    if line.summed:
        return Text("项等待，为数很多，未按件合并", "waits, too many to be counted by case")
    return Text("件", "here") if line.count else Text("件等待期限或者消息", "wait for a day or a message")


def _lines(
    desk: Desk, tx: Transaction, chosen: Monitored, place: Place, days: int
) -> tuple[tuple[HeatLine, ...], bool]:
    now = desk.clock.now()
    here = {one.element: one for one in tx.durations.standing(place, now)}
    places = {element: ranks(one.waiting) for element, one in here.items()}
    since = tx.durations.since(place, places)
    past: dict[str, list[Stood]] = defaultdict(list)
    stood = tx.durations.stood(place, now - _DAY * days)
    for one in stood:
        past[one.element].append(one)
    elements = chosen.package.diagram(chosen.process).elements
    beside = {ident for ident, element in elements.items() if element.attached_to}
    awaited = {ident: counts for ident, counts in _awaited(tx, place).items() if ident not in beside}
    waits = tx.durations.waiting_since(place, {i: n for i, n in awaited.items() if i not in here}, ranks)
    limits = limits_of(desk, tx, chosen, place, here, past, [ident for ident in awaited if ident not in here])
    lines = []
    counts = []
    for ident in {**here, **awaited}:
        timers, messages = awaited.get(ident, (0, 0))
        tasks = here[ident].waiting if ident in here else 0
        counts.append(ElementCount(place.jurisdiction, place.process_id, ident, tasks, messages, timers))
    cases = standing_cases(tx, chosen.package, place, counts)
    for ident in {**here, **past, **awaited}:
        times = [since[ident, rank] for rank in places[ident]] if ident in here else waits.get(ident)
        line = _line(ident, elements[ident].name if ident in elements else ident, here.get(ident), past[ident])
        timers, messages = awaited.get(ident, (0, 0))
        limit = limits.get(ident)
        lines.append(
            replace(
                line,
                standing=Spread(*(in_days(now - at) for at in times)) if times else None,
                timers=timers,
                messages=messages,
                here=cases.count.get(ident, 0),
                summed=ident in cases.summed,
                limit=limit.days if limit else None,
                articles=limit.articles if limit else (),
            )
        )
    called, many = call_lines(desk, tx, chosen, place, days)
    order = sorted(
        [*lines, *called],
        key=lambda line: (-(line.standing.p95 if line.standing else 0), -line.here, -line.done, line.name),
    )
    return tuple(order), many or len(stood) == NEWEST


def _awaited(tx: Transaction, place: Place) -> Mapping[str, tuple[int, int]]:
    """Return how many timers and messages each element waits for; from sums that are kept, where every version counts."""
    if place.version is not None:
        return tx.durations.awaited(place)
    counts = tx.tallies.by_element([place.jurisdiction])
    return {
        one.element: (one.timers, one.messages)
        for one in counts
        if one.process_id == place.process_id and one.timers + one.messages
    }


def _line(ident: str, name: str, here: StandingTasks | None, past: Sequence[Stood]) -> HeatLine:
    return HeatLine(
        ident,
        name or ident,
        here.waiting if here else 0,
        here.late if here else 0,
        None,
        len(past),
        sum(one.done_at > one.due_at for one in past),
        spread([one.done_at - one.created_at for one in past]),
    )
