"""Heat: how many stand where on a diagram and how long, against the time limit; and how long it took before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.heat_calls import call_lines
from service.casework.queries.monitoring.heat_limits import limits_of
from service.casework.queries.monitoring.heat_line import HeatLine, Spread, in_days, ranks, spread
from service.casework.queries.monitoring.monitored import ChosenDiagram, Monitored, chosen_diagram
from service.casework.queries.monitoring.standing_cases import standing_cases
from service.domain.text import Text
from service.store import NEWEST, ElementCount, Place, StandingTasks, Stood, Transaction

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


@guarded("monitor.view")
def heat_state(
    desk: Desk, actor: Actor, asked: ChosenDiagram, days: int, language: str
) -> Mapping[str, Mapping[str, Any]]:
    """Return the heat for the picture: count, words and one of four grades by element."""
    view = view_heat(desk, actor, asked, days)
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
