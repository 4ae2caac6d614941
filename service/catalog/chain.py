"""The chain of time limits: by when a step must be done so that the steps after it can still keep theirs.

A task may lie inside an activity that a timer interrupts at a fixed instant, or before another task with a day of its
own; between the two the diagram waits, for the period of a notice perhaps. Played forward through the diagram from a
day on which the task is done, the waits add up and the ends are met or missed; the last day on which none is missed is
the *last useful day*. What people do takes no time here and messages arrive at once, so a day that is called too late
is too late however quick everybody is.

Nothing is evaluated here: the caller says what an expression comes to at an instant, with the names that steps in
between are still to write left unknown (`Foresight`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol

from service.catalog.bpmn.mainpath import is_setback
from service.catalog.bpmn.model import Diagram, Element, Flow, Kind, Trigger
from service.domain.calendar import CHINA, local_date

LOOK_BACK = timedelta(days=400)
"""How far before today a last useful day is looked for, where today is too late already."""
_NOON = time(12)
_INNER = frozenset({Kind.SUBPROCESS, Kind.TRANSACTION, Kind.AD_HOC})
_CHOICE = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE})
_DEPTH = 12


class Foresight(Protocol):
    """What expressions come to when the diagram gets there."""

    def instant(self, expression: str, at: datetime, unknown: frozenset[str]) -> datetime | None:
        """Return the instant an expression of time means at ``at``; None when it cannot be told yet."""

    def holds(self, condition: str, unknown: frozenset[str]) -> bool | None:
        """Say whether a condition is true; None when it reads what is not known yet."""


@dataclass(frozen=True, slots=True)
class FixedEnd:
    """An instant that does not wait: the element that names it, and when."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """An element on the way out of the diagrams a task lies in, with the ends of its timers that already run."""

    diagram: Diagram
    element: str
    ends: tuple[FixedEnd, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """Which end is missed, and the wait that lasts until after it (None when no wait lies between)."""

    end: FixedEnd
    wait: FixedEnd | None


@dataclass(frozen=True, slots=True)
class LastUsefulDay:
    """The last ``day``, the ``ends`` that are met until then, what is ``missed`` by the day after it."""

    day: date
    end: FixedEnd
    missed: Missed


@dataclass(frozen=True, slots=True)
class _Arrival:
    """When the way reaches a point, the last wait before it, and the first end that it missed."""

    at: datetime
    wait: FixedEnd | None = None
    missed: Missed | None = None

    @property
    def order(self) -> tuple[bool, datetime]:
        return self.missed is not None, self.at

    def by(self, end: FixedEnd) -> _Arrival:
        """Return the same, having to be there before ``end``."""
        return self if self.missed or self.at < end.at else replace(self, missed=Missed(end, self.wait))


def last_useful_day(
    processes: Mapping[str, Diagram], places: Sequence[Place], ask: Foresight, today: date
) -> LastUsefulDay | None:
    """Return the last useful day of the task at ``places[0]``, None when nothing after it ends at a fixed instant.

    ``places`` lead from the task outwards through the activities that hold it, as far as timers run.
    """
    known = _Processes(processes)
    if not any(
        place.ends or _may_end(place.diagram, place.diagram.elements[place.element].parent, place.element, known, 0)
        for place in places
    ):
        return None
    way = _Way(processes, tuple(places), ask)
    first = way.missed_by(today)
    if not way.ends:
        return None
    latest = max(local_date(end.at) for end in way.ends) + timedelta(days=1)
    late = way.missed_by(latest)
    if late is None:  # no end is fixed: each of them moves along with the day
        return None
    early = today if first is None else today - LOOK_BACK
    if first is not None and way.missed_by(early) is not None:
        return None
    day, missed = _between(way, early, latest if first is None else today, late if first is None else first)
    return LastUsefulDay(day, missed.end, missed)


def _between(way: _Way, good: date, bad: date, missed: Missed) -> tuple[date, Missed]:
    """Return the last good day and what the day after it misses."""
    while (bad - good).days > 1:
        middle = good + (bad - good) // 2
        found = way.missed_by(middle)
        if found is None:
            good = middle
        else:
            bad, missed = middle, found
    return good, missed


@dataclass(slots=True)
class _Way:
    """The way from a task outwards, to be walked from any day."""

    processes: Mapping[str, Diagram]
    places: tuple[Place, ...]
    ask: Foresight
    ends: list[FixedEnd] = field(default_factory=list)
    unknown: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Gather the names that the steps ahead are still to write."""
        self.unknown = frozenset(
            name for place in self.places for name in _writes_after(place.diagram, place.element, self.processes)
        )

    def missed_by(self, day: date) -> Missed | None:
        """Return the end that is missed when the task is done on ``day``; None when all can be met."""
        arrival: _Arrival | None = _Arrival(datetime.combine(day, _NOON, CHINA))
        for place in self.places:
            assert arrival is not None
            for end in place.ends:
                self.ends.append(end)
                arrival = arrival.by(end)
            element = place.diagram.elements[place.element]
            if arrival.missed or element.event_subprocess:
                break
            arrival = self._through(place.diagram, element.parent, element.id, arrival, 0)
            if arrival is None or arrival.missed:
                break
        return arrival.missed if arrival is not None else None

    def _through(self, diagram: Diagram, parent: str, start: str, arrival: _Arrival, depth: int) -> _Arrival | None:
        """Return when an end of the scope is reached from ``start``; None when none can be."""
        order = _order(diagram, parent, start)
        reached: dict[str, list[_Arrival]] = {start: [arrival]}
        ends: list[tuple[bool, _Arrival]] = []
        for ident in order.sequence:
            if ident not in reached:
                continue
            element = diagram.elements[ident]
            together = max if element.kind is Kind.PARALLEL else min
            here: _Arrival | None = together(reached[ident], key=lambda one: one.order)
            assert here is not None
            if ident != start:
                for exit_, out in self._exits(diagram, element, here):
                    reached.setdefault(exit_, []).append(out)
                here = self._pass(diagram, element, here, depth)
            if here is None:
                continue
            if element.kind is Kind.END:
                ends.append((is_setback(element.name) or element.trigger is Trigger.ERROR, here))
            for flow in self._followed(diagram, element):
                if (ident, flow.target) not in order.back:
                    reached.setdefault(flow.target, []).append(here)
        good = [one for setback, one in ends if not setback] or [one for _, one in ends]
        return min(good, key=lambda one: one.order, default=None)

    def _pass(self, diagram: Diagram, element: Element, here: _Arrival, depth: int) -> _Arrival | None:
        """Return when the way goes on after ``element``."""
        if element.kind is Kind.CATCH and element.timer is not None:
            until = self.ask.instant(element.timer.expression, here.at, self.unknown)
            if until is not None and until > here.at:
                return replace(here, at=until, wait=FixedEnd(until, element.name))
        elif element.kind is Kind.USER_TASK and element.due:
            here = self._before(element.due, element.name, here)
        called = self._inside(diagram, element)
        if called is not None and depth < _DEPTH:
            inner, parent = called
            start = next((e.id for e in inner.of(Kind.START) if e.parent == parent), None)
            through = self._through(inner, parent, start, here, depth + 1) if start else here
            if through is None:
                return None
            here = through
        for boundary in _timeouts(diagram, element.id):
            assert boundary.timer is not None
            here = self._before(boundary.timer.expression, boundary.name, here)
        return here

    def _exits(self, diagram: Diagram, element: Element, here: _Arrival) -> Iterator[tuple[str, _Arrival]]:
        """Yield the ways out of an activity by its own timers."""
        for boundary in _timeouts(diagram, element.id):
            assert boundary.timer is not None
            until = self.ask.instant(boundary.timer.expression, here.at, self.unknown)
            at = here.at if until is None else max(here.at, until)
            yield boundary.id, replace(here, at=at, wait=FixedEnd(at, boundary.name))

    def _before(self, expression: str, name: str, here: _Arrival) -> _Arrival:
        at = self.ask.instant(expression, here.at, self.unknown)
        if at is None:
            return here
        end = FixedEnd(at, name)
        self.ends.append(end)
        return here.by(end)

    def _inside(self, diagram: Diagram, element: Element) -> tuple[Diagram, str] | None:
        if element.kind is Kind.CALL and element.called in self.processes:
            return self.processes[element.called], ""
        return (diagram, element.id) if element.kind in _INNER else None

    def _followed(self, diagram: Diagram, element: Element) -> list[Flow]:
        """Return the flows that may be taken: those known to be closed are left out."""
        flows = _outgoing(diagram, element.id)
        if element.kind not in _CHOICE or len(flows) < 2:
            return list(flows)
        known = {
            f.id: self.ask.holds(f.condition, self.unknown)
            for f in flows
            if f.condition and f.id != element.default_flow
        }
        taken = [f for f in flows if known.get(f.id)]
        if taken and element.kind is Kind.EXCLUSIVE and None not in known.values():
            return taken[:1]
        open_ = [f for f in flows if f.id in known and known[f.id] is not False]
        return open_ + [f for f in flows if f.id not in known and not taken]


@dataclass(frozen=True, slots=True)
class _Order:
    """The elements ahead of one, each behind all that lead to it, and the flows that lead back."""

    sequence: tuple[str, ...]
    back: frozenset[tuple[str, str]]


@lru_cache(maxsize=4096)
def _order(diagram: Diagram, parent: str, start: str) -> _Order:
    back: set[tuple[str, str]] = set()
    open_: set[str] = {start}
    done: list[str] = []
    seen = {start}
    stack = [(start, iter(_ahead(diagram, parent, start)))]
    while stack:
        ident, followers = stack[-1]
        follower = next(followers, None)
        if follower is None:
            stack.pop()
            open_.discard(ident)
            done.append(ident)
        elif follower in open_:
            back.add((ident, follower))
        elif follower not in seen and follower in diagram.elements:
            seen.add(follower)
            open_.add(follower)
            stack.append((follower, iter(_ahead(diagram, parent, follower))))
    return _Order(tuple(reversed(done)), frozenset(back))


def _ahead(diagram: Diagram, parent: str, ident: str) -> list[str]:
    flows = [flow.target for flow in _outgoing(diagram, ident) if flow.parent == parent]
    return flows + [boundary.id for boundary in _timeouts(diagram, ident)]


@lru_cache(maxsize=8192)
def _outgoing(diagram: Diagram, ident: str) -> tuple[Flow, ...]:
    return diagram.outgoing(ident)


@lru_cache(maxsize=8192)
def _timeouts(diagram: Diagram, ident: str) -> tuple[Element, ...]:
    """Return the interrupting timers attached to an element."""
    return tuple(
        e for e in diagram.of(Kind.BOUNDARY) if e.attached_to == ident and e.timer is not None and e.interrupting
    )


def _writes_after(diagram: Diagram, ident: str, processes: Mapping[str, Diagram]) -> frozenset[str]:
    """Return the names that are written by ``ident`` and whatever lies ahead of it."""
    return _written(diagram, diagram.elements[ident].parent, ident, _Processes(processes), 0)


class _Processes:
    """The diagrams of a package, to be a key of a cache by identity."""

    __slots__ = ("of",)

    def __init__(self, of: Mapping[str, Diagram]) -> None:
        self.of = of

    def __hash__(self) -> int:
        return id(self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Processes) and other.of is self.of


@lru_cache(maxsize=4096)
def _may_end(diagram: Diagram, parent: str, start: str, processes: _Processes, depth: int) -> bool:
    """Say whether anything ahead of ``start`` has a day of its own or a timer that interrupts it."""
    for ident in _order(diagram, parent, start).sequence:
        element = diagram.elements[ident]
        if ident != start and (_timeouts(diagram, ident) or (element.kind is Kind.USER_TASK and element.due)):
            return True
        inner = diagram if element.kind in _INNER else processes.of.get(element.called)
        if ident == start or inner is None or depth >= _DEPTH:
            continue
        scope = element.id if element.kind in _INNER else ""
        begin = next((e.id for e in inner.of(Kind.START) if e.parent == scope), None)
        if begin is not None and _may_end(inner, scope, begin, processes, depth + 1):
            return True
    return False


@lru_cache(maxsize=4096)
def _written(diagram: Diagram, parent: str, start: str, processes: _Processes, depth: int) -> frozenset[str]:
    found: set[str] = set()
    for ident in _order(diagram, parent, start).sequence:
        element = diagram.elements[ident]
        found.update(name.rsplit(".", 1)[-1] for name in element.routes)
        found.update(name for name in (element.message_variable,) if name)
        if element.operation is not None:
            found.update(name for name in (element.operation.result,) if name)
            found.add("case")  # an operation may record facts of the case
        if element.multi is not None:
            found.update(name for name in (element.multi.outputs, element.multi.output) if name)
        inner = processes.of.get(element.called) if element.kind is Kind.CALL else None
        if inner is not None and depth < _DEPTH:
            begin = next((e.id for e in inner.of(Kind.START) if not e.parent), None)
            found.update(_written(inner, "", begin, processes, depth + 1) if begin else ())
            found.update(inner.outputs)
        if element.kind in _INNER:
            begin = next((e.id for e in diagram.of(Kind.START) if e.parent == element.id), None)
            found.update(_written(diagram, element.id, begin, processes, depth + 1) if begin else ())
    return frozenset(found)
