"""Heat: how many stand at the elements of a diagram and how long, how long it took, and what was late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.monitor import ChosenDiagram, Monitored, chosen_diagram
from service.domain.text import Text
from service.store import NEWEST, ElementCount, Place, Transaction

DAY = timedelta(days=1)
_COUNTED_BY_CASE = 5_000
"""Where more waits in one diagram, what waits is summed up instead of being counted by case."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations in days: the middle one, what 95 of 100 do not exceed, and the longest."""

    median: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One step: what stands there now and since when, what was done in the period and how long it took.

    ``here`` are the cases that stand there, for a person, a day or a message. ``tasks`` are open tasks, ``late`` those of
    them that are overdue. ``called``: it is a call activity, of which the cases are inside and none is late by itself.
    ``oldest``: days that the oldest stands.
    """

    element: str
    name: str
    here: int
    tasks: int
    late: int
    oldest: float | None
    done: int
    done_late: int
    took: Spread | None
    called: bool = False


def compute_spread(durations: Sequence[timedelta]) -> Spread | None:
    """Return the spread of durations; None where there are none."""
    took = sorted(in_days(each) for each in durations)
    return Spread(median(took), took[max(1, -int(-len(took) * 0.95 // 1)) - 1], took[-1]) if took else None


def in_days(duration: timedelta) -> float:
    """Return a duration in days, to the hundredth."""
    return round(duration / DAY, 2)


@dataclass(frozen=True, slots=True)
class HeatView:
    """The heat of one diagram; ``capped`` where only the newest of the period were looked at.

    ``summed``: so much waits that the steps say how much, not how many cases; one case may be in a figure several times.
    """

    chosen: Monitored
    lines: tuple[HeatLine, ...]
    days: int
    capped: bool
    summed: bool
    at: datetime


@guarded("monitor.view")
def view_heat(desk: Desk, actor: Actor, selection: ChosenDiagram, days: int = 90) -> HeatView:
    """Return the heat of a diagram over a period; raises NotFound for a place the actor does not oversee."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        chosen = chosen_diagram(desk, tx, actor, selection)
        place = Place(chosen.package.jurisdiction.id, chosen.process, chosen.version or None)
        steps, many, summed = _step_lines(tx, chosen, place, now, now - DAY * days)
        calls, more = _call_lines(tx, chosen, place, now, now - DAY * days)
    lines = sorted([*steps, *calls], key=lambda line: (-(line.oldest or 0), -line.here, -line.done, line.name))
    return HeatView(chosen, tuple(lines), days, many or more, summed, now)


def mark_elements(view: HeatView, language: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the heat for the picture: count, words and one of four grades by element."""
    longest = max((line.oldest for line in view.lines if line.oldest), default=0) or 1
    marks: dict[str, dict[str, Any]] = {}
    for line in view.lines:
        if not line.here:
            continue
        count_text, days = _get_count_words(line), line.oldest or 0
        words = Text(f"{count_text.zh}，最久 {days:.1f} 天", f"{count_text.en}, longest {days:.1f} d")
        place = f"/cases?live=1&jurisdiction={view.chosen.package.jurisdiction.id}"
        marks[line.element] = {
            "state": "active",
            "count": line.here,
            "text": words.pick(language),
            "heat": 4 if line.late else max(1, round(3 * days / longest)),
            "href": f"{place}&at={view.chosen.process}/{line.element}",
        }
    return marks


def _get_count_words(line: HeatLine) -> Text:
    if line.called:
        return Text("件在内", "inside")
    return Text("件", "here") if line.tasks else Text("件等待期限或者消息", "wait for a day or a message")


def _step_lines(
    tx: Transaction, chosen: Monitored, place: Place, now: datetime, since: datetime
) -> tuple[list[HeatLine], bool, bool]:
    """Return a line for each step; an event at the edge of an activity waits as long as that stands, and has none."""
    elements = chosen.package.diagram(chosen.process).elements
    tasks = {tally.element: tally for tally in tx.durations.standing(place, now)}
    waits: dict[str, dict[str, int]] = defaultdict(dict)
    oldest = {ident: tally.oldest for ident, tally in tasks.items()}
    for wait in tx.durations.awaited(place):
        if wait.element not in elements or not elements[wait.element].attached_to:
            waits[wait.element][wait.subject] = wait.waiting
            oldest[wait.element] = min(wait.oldest, oldest.get(wait.element, wait.oldest))
    counts = [
        ElementCount(
            place.jurisdiction, place.process_id, ident, tasks[ident].waiting if ident in tasks else 0, **waits[ident]
        )
        for ident in oldest
    ]
    summed = sum(each.tasks + each.messages + each.timers for each in counts) > _COUNTED_BY_CASE
    cases = {each.element: each.here for each in counts} if summed else tx.calls.cases_at(place, list(oldest))
    done = tx.durations.stood(place, since)
    past = defaultdict(list)
    for row in done:
        past[row.element].append(row)
    lines = [
        HeatLine(
            ident,
            _name(chosen, ident),
            cases.get(ident, 0),
            tasks[ident].waiting if ident in tasks else 0,
            tasks[ident].late if ident in tasks else 0,
            in_days(now - oldest[ident]) if ident in oldest else None,
            len(past[ident]),
            sum(row.done_at > row.due_at for row in past[ident]),
            compute_spread([row.done_at - row.created_at for row in past[ident]]),
        )
        for ident in {**oldest, **past}
    ]
    return lines, len(done) == NEWEST, summed


def _call_lines(
    tx: Transaction, chosen: Monitored, place: Place, now: datetime, since: datetime
) -> tuple[list[HeatLine], bool]:
    """Return a line for each call activity that cases stand in or left in the period; and whether only the newest count."""
    open_calls = {element: (count, first) for element, count, first in tx.calls.standing(place)}
    departures = tx.calls.left(place, since)
    took = defaultdict(list)
    for departure in departures:
        took[departure.element].append(departure.left_at - departure.since)
    lines = [
        HeatLine(
            ident,
            _name(chosen, ident),
            open_calls[ident][0] if ident in open_calls else 0,
            0,
            0,
            in_days(now - open_calls[ident][1]) if ident in open_calls else None,
            len(took[ident]),
            0,
            compute_spread(took[ident]),
            called=True,
        )
        for ident in {**open_calls, **took}
    ]
    return lines, len(departures) == NEWEST


def _name(chosen: Monitored, ident: str) -> str:
    elements = chosen.package.diagram(chosen.process).elements
    return (elements[ident].name if ident in elements else "") or ident
