"""The last useful day of a task: the chain of time limits that the steps after it must still keep.

A task may lie inside an activity that a timer interrupts at a fixed instant, or before another task with a day of its
own; between the two the diagram waits, for the period of a notice perhaps. Played forward through the diagram from a
day on which the task is done, the waits add up and the ends are met or missed; the last day on which none is missed is
the *last useful day*. What people do takes no time here and messages arrive at once, so a day that is called too late
is too late however quickly people act.

Nothing is evaluated here: the caller says what an expression comes to at an instant, with the names that steps in
between are still to write left unknown (`Foresight`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol

from service.catalog.bpmn.ahead import (
    DEPTH,
    Processes,
    list_interrupting_timers,
    may_end,
    writes_after,
)
from service.catalog.bpmn.mainpath import WayStop, stops_from
from service.catalog.bpmn.model import Diagram, Element, Flow, Kind
from service.catalog.law.fixed_ends import Arrival, FixedEnd, Missed
from service.domain.calendar import CHINA, local_date

LOOK_BACK = timedelta(days=400)
"""How far before the day on which a task was opened its last useful day is looked for, where today is too late already."""
_NOON = time(12)


class Foresight(Protocol):
    """What expressions come to when the diagram gets there."""

    def instant(self, expression: str, at: datetime, unknown: frozenset[str]) -> datetime | None:
        """Return the instant an expression of time means at ``at``; None when it cannot be told yet."""

    def holds(self, condition: str, unknown: frozenset[str]) -> bool | None:
        """Say whether a condition is true; None when it reads what is not known yet."""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """An element on the way out of the diagrams a task lies in, with the ends of its timers that already run."""

    diagram: Diagram
    element: str
    ends: tuple[FixedEnd, ...] = ()


@dataclass(frozen=True, slots=True)
class LastUsefulDay:
    """The last ``day``, the ``ends`` that are met until then, what is ``missed`` by the day after it."""

    day: date
    end: FixedEnd
    missed: Missed


def last_useful_day(
    processes: Mapping[str, Diagram], places: Sequence[ChainLink], ask: Foresight, today: date, opened: date
) -> LastUsefulDay | None:
    """Return the last useful day of the task at ``places[0]``, None when nothing after it ends at a fixed instant.

    ``places`` lead from the task outwards through the activities that hold it, as far as timers run. The day is the same
    one however long after it is asked for: it is looked for from before the task was ``opened``.
    """
    if not may_end_after(processes, places):
        return None
    way = _ChainWalk(processes, tuple(places), ask)
    first = way.missed_by(today)
    if not way.ends:
        return None
    latest = max(local_date(end.at) for end in way.ends) + timedelta(days=1)
    late = way.missed_by(latest)
    if late is None:  # no end is fixed: each of them moves along with the day
        return None
    early = today if first is None else min(today, opened) - LOOK_BACK
    if first is not None and way.missed_by(early) is not None:
        return None
    day, missed = _find_last_good_day(way, early, latest if first is None else today, late if first is None else first)
    return LastUsefulDay(day, missed.end, missed)


def may_wait_until(processes: Mapping[str, Diagram], places: Sequence[ChainLink], ask: Foresight, day: date) -> bool:
    """Return whether the task at ``places[0]`` may be done as late as ``day``: then its last useful day is no earlier."""
    if not may_end_after(processes, places):
        return True
    return _ChainWalk(processes, tuple(places), ask).missed_by(day) is None


def may_end_after(processes: Mapping[str, Diagram], places: Sequence[ChainLink]) -> bool:
    """Return whether anything after the task at ``places[0]`` may end at an instant; nothing is evaluated."""
    process_index = Processes(processes)
    return any(
        place.ends
        or may_end(place.diagram, place.diagram.elements[place.element].parent, place.element, process_index, 0)
        for place in places
    )


def _find_last_good_day(way: _ChainWalk, good: date, bad: date, missed: Missed) -> tuple[date, Missed]:
    """Return the last good day and what the day after it misses.

    The waits that follow ``bad`` last about as long from any other day: that is where the answer is looked for first.
    """
    lasts = missed.wait.at - datetime.combine(bad, _NOON, CHINA) if missed.wait else timedelta()
    guess = local_date(missed.end.at - lasts - timedelta(seconds=1))
    near = [guess + timedelta(days=days) for days in (0, 1, -1, 4, -4)]
    while (bad - good).days > 1:
        near = [day for day in near if good < day < bad]
        middle = near.pop(0) if near else good + (bad - good) // 2
        middle_miss = way.missed_by(middle)
        if middle_miss is None:
            good = middle
        else:
            bad, missed = middle, middle_miss
    return good, missed


@dataclass(slots=True)
class _ChainWalk:
    """The way from a task outwards, to be walked from any day."""

    processes: Mapping[str, Diagram]
    places: tuple[ChainLink, ...]
    ask: Foresight
    ends: list[FixedEnd] = field(default_factory=list)
    unknown: frozenset[str] = frozenset()
    known: Processes = field(init=False)
    _arrived: dict[tuple[int, str, str, Arrival, int], Arrival | None] = field(default_factory=dict)
    _instants: dict[tuple[str, datetime], datetime | None] = field(default_factory=dict)
    _open: dict[tuple[int, str], Sequence[Flow]] = field(default_factory=dict)
    """What was found once: many days lead to the same waits, and no day opens or closes a flow."""

    def __post_init__(self) -> None:
        """Gather the names that the steps ahead are still to write."""
        self.known = Processes(self.processes)
        self.unknown = frozenset(
            name for place in self.places for name in writes_after(place.diagram, place.element, self.processes)
        )

    def missed_by(self, day: date) -> Missed | None:
        """Return the end that is missed when the task is done on ``day``; None when all can be met."""
        arrival: Arrival | None = Arrival(datetime.combine(day, _NOON, CHINA))
        for place in self.places:
            assert arrival is not None
            for end in place.ends:
                self.ends.append(end)
                arrival = arrival.by(end)
            element = place.diagram.elements[place.element]
            if element.kind is Kind.CALL:
                arrival = arrival.bound_by(element)
            if arrival.missed or element.event_subprocess:
                break
            arrival = self._find_scope_end(place.diagram, element.parent, element.id, arrival, 0)
            if arrival is None or arrival.missed:
                break
        return arrival.missed if arrival is not None else None

    def _find_scope_end(
        self, diagram: Diagram, parent: str, start: str, arrival: Arrival, depth: int
    ) -> Arrival | None:
        """Return when an end of the scope is reached from ``start``; None when none can be."""
        key = id(diagram), parent, start, arrival, depth
        if key not in self._arrived:
            self._arrived[key] = self._walk_scope(diagram, parent, start, arrival, depth)
        return self._arrived[key]

    def _walk_scope(self, diagram: Diagram, parent: str, start: str, arrival: Arrival, depth: int) -> Arrival | None:
        reached: dict[str, list[Arrival]] = {start: [arrival]}
        ends: list[tuple[bool, Arrival]] = []
        for stop in stops_from(diagram, parent, start, self.known):
            arrivals = reached.get(stop.element.id)
            if arrivals is None:
                continue
            element = stop.element
            come = arrivals[0] if len(arrivals) == 1 else _join_arrivals(element, arrivals)
            departure: Arrival | None = come
            if not stop.plain:
                for exit_, out in self._iterate_exits(diagram, element, come):
                    reached.setdefault(exit_, []).append(out)
                departure = self._pass_element(diagram, element, come, depth)
            if departure is None:
                continue
            if element.kind is Kind.END:
                ends.append((stop.setback, departure))
            targets = stop.targets if stop.choices is None else self._chosen_of(diagram, stop)
            for target in targets:
                reached.setdefault(target, []).append(departure)
        good = [end_arrival for setback, end_arrival in ends if not setback] or [end_arrival for _, end_arrival in ends]
        return min(good, key=lambda end_arrival: end_arrival.order, default=None)

    def _pass_element(self, diagram: Diagram, element: Element, arrival: Arrival, depth: int) -> Arrival | None:
        """Return when the way goes on after ``element``."""
        if element.kind is Kind.CATCH and element.timer is not None:
            until = self._find_instant(element.timer.expression, arrival.at)
            if until is not None and until > arrival.at:
                return replace(arrival, at=until, wait=FixedEnd(until, element.name, element.clauses))
        elif element.kind is Kind.USER_TASK and element.due:
            arrival = self._limit_arrival(element.due, element, arrival)
        called = self._find_inner_scope(diagram, element)
        if called is not None and depth < DEPTH:
            inner, parent = called
            start = next((e.id for e in inner.of(Kind.START) if e.parent == parent), None)
            through = self._find_scope_end(inner, parent, start, arrival, depth + 1) if start else arrival
            if through is None:
                return None
            arrival = through.bound_by(element, arrival) if element.kind is Kind.CALL else through
        for boundary in list_interrupting_timers(diagram, element.id):
            assert boundary.timer is not None
            arrival = self._limit_arrival(boundary.timer.expression, boundary, arrival)
        return arrival

    def _iterate_exits(self, diagram: Diagram, element: Element, arrival: Arrival) -> Iterator[tuple[str, Arrival]]:
        """Yield the ways out of an activity by its own timers."""
        for boundary in list_interrupting_timers(diagram, element.id):
            assert boundary.timer is not None
            until = self._find_instant(boundary.timer.expression, arrival.at)
            at = arrival.at if until is None else max(arrival.at, until)
            yield boundary.id, replace(arrival, at=at, wait=FixedEnd(at, boundary.name, boundary.clauses))

    def _find_instant(self, expression: str, at: datetime) -> datetime | None:
        key = expression, at
        if key not in self._instants:
            self._instants[key] = self.ask.instant(expression, at, self.unknown)
        return self._instants[key]

    def _limit_arrival(self, expression: str, drawn: Element, arrival: Arrival) -> Arrival:
        at = self._find_instant(expression, arrival.at)
        if at is None:
            return arrival
        end = FixedEnd(at, drawn.name, drawn.clauses)
        self.ends.append(end)
        return arrival.by(end)

    def _find_inner_scope(self, diagram: Diagram, element: Element) -> tuple[Diagram, str] | None:
        if element.kind is Kind.CALL and element.called in self.processes:
            return self.processes[element.called], ""
        return (diagram, element.id) if element.kind.is_scope else None

    def _chosen_of(self, diagram: Diagram, stop: WayStop) -> Sequence[str]:
        """Return the targets of the flows that may be taken: those known to be closed are left out."""
        key = id(diagram), stop.element.id
        if key not in self._open:
            self._open[key] = self._choose_flows(stop.element, stop.choices or ())
        return [flow.target for flow in self._open[key] if flow.target in stop.targets]

    def _choose_flows(self, element: Element, flows: Sequence[Flow]) -> Sequence[Flow]:
        results_by_flow = {
            f.id: self.ask.holds(f.condition, self.unknown)
            for f in flows
            if f.condition and f.id != element.default_flow
        }
        taken = [f for f in flows if results_by_flow.get(f.id)]
        if taken and element.kind is Kind.EXCLUSIVE and None not in results_by_flow.values():
            return taken[:1]
        open_ = [f for f in flows if f.id in results_by_flow and results_by_flow[f.id] is not False]
        return open_ + [f for f in flows if f.id not in results_by_flow and not taken]


def _join_arrivals(element: Element, arrivals: Sequence[Arrival]) -> Arrival:
    """Return when an element goes on: at the first arrival, a parallel gateway at the last."""
    if len(arrivals) == 1:
        return arrivals[0]
    return (max if element.kind is Kind.PARALLEL else min)(arrivals, key=lambda arrival: arrival.order)
