"""What belongs together in time: a task, the timers that cut it off, and what is counted by the same formula.

Limits that end at the same instant are one where one bounds the activity of the other, where both are drawn with the
same formula in the same diagram, or where both go by the same day on record (`case.deadline`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.step.behind_gateway import timed
from service.casework.step.fill import timer_label
from service.casework.step.instants import as_instant
from service.casework.step.moved_limits import Place
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, data_of, statutory
from service.catalog import Element, Package
from service.catalog.feel import constant
from service.engine import PersonTask, TimerWait
from service.store.models import TaskRow

_FIXES = "case.deadline"
"""Operation that puts a day on record from which limits are counted."""


_LATER = timedelta(days=40)
"""So much later a formula is counted again, to see whether it goes by the day on which it begins."""


@dataclass(frozen=True, slots=True)
class RunningLimit:
    """A limit that runs in a case, of a task or a timer; ``bounds`` is the activity whose time it is."""

    at: datetime
    name: str
    place: Place
    bounds: str
    around: frozenset[str]
    row: TaskRow | None = None
    task: PersonTask | None = None
    timer: TimerWait | None = None

    @property
    def ident(self) -> str:
        """Name of the limit in a case: "task:" and its number, or "timer:" and its id."""
        if self.row is not None:
            return f"task:{self.row.id}"
        return f"timer:{self.timer.id}" if self.timer else ""

    @property
    def element(self) -> str:
        """The element that is drawn with this limit."""
        return self.task.element_id if self.task else self.timer.element_id if self.timer else ""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day on record, fixed by ``element`` of diagram ``process`` with a result called ``result`` ("" for none).

    ``formulas`` are those of a limit that always ends with it.
    """

    name: str
    process: str
    element: str
    result: str = ""
    formulas: frozenset[str] = frozenset()

    def ends_with(self, limit: RunningLimit) -> bool:
        """Return whether a limit can only end on this day: it is that day, or drawn as that day is fixed."""
        if self.counts(limit):
            return "".join(limit.place[2].split()) in self.formulas
        return False

    def counts(self, limit: RunningLimit) -> bool:
        """Return whether a limit is counted from this day, or with it from the same beginning."""
        if re.search(rf"\bcase\.{re.escape(self.name)}\b", limit.place[2]):
            return True
        beside = limit.place[0] == self.process and self.result != ""
        return beside and re.search(rf"(?<![\w.]){re.escape(self.result)}\.", limit.place[2]) is not None


@dataclass(frozen=True, slots=True)
class LimitGroup:
    """Limits that end together, days on record that say the same, and elements ahead that are counted the same way.

    ``days`` are those that end at the same instant, ``facts`` the names of those that one of the limits goes by.
    """

    limits: tuple[RunningLimit, ...]
    days: tuple[RecordedDay, ...]
    facts: tuple[str, ...]
    ahead: tuple[Element, ...]


def group_of(step: Step, ident: str) -> LimitGroup | None:
    """Return what moves with limit ``ident`` ("task:" and its number, "timer:" and its id); None where it does not run."""
    running = running_limits(step)
    chosen = next((one for one in running if one.ident == ident), None)
    if chosen is None:
        return None
    recorded = tuple(
        day for day in recorded_days(step.package) if as_instant(step.facts.get(f"{day.name}_at")) == chosen.at
    )
    found, grown = [chosen], True
    while grown:
        more = [
            one
            for one in running
            if one not in found and one.at == chosen.at and any(_together(one, other, recorded) for other in found)
        ]
        found, grown = [*found, *more], bool(more)
    limits = tuple(one for one in running if one in found)
    facts = dict.fromkeys(day.name for day in recorded if any(_goes_by(one, day) for one in limits))
    return LimitGroup(limits, recorded, tuple(facts), tuple(_ahead(step, limits)))


def running_limits(step: Step) -> tuple[RunningLimit, ...]:
    """Return the limits that run in the case of a step: of tasks that have one, and of timers."""
    return tuple(_running(step))


def recorded_days(package: Package) -> Sequence[RecordedDay]:
    """Return the days on record that a package fixes, each with the diagram that does."""
    return package.derived("days on record with what fixes them", lambda: tuple(_recorded(package)))


def _running(step: Step) -> Iterator[RunningLimit]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        if row is not None and statutory(row)[0] != NO_DUE_DATE:
            place = (task.process_id, task.call_path, step.element(task.process_id, task.element_id).due)
            yield RunningLimit(
                statutory(row)[0], row.title, place, task.element_id, _parents(step, task.process_id, task.element_id),
                row=row, task=task,
            )  # fmt: skip
    for timer in step.instance.timers():
        drawn = timed(step.package, timer.process_id, timer.element_id)
        formula = drawn.timer.expression if drawn.timer else ""
        bounds = drawn.attached_to or timer.element_id
        yield RunningLimit(
            timer.due, timer_label(step.package, timer),
            (timer.process_id, timer.call_path, formula), bounds, _parents(step, timer.process_id, bounds), timer=timer,
        )  # fmt: skip


def _parents(step: Step, process: str, ident: str) -> frozenset[str]:
    """Return the subprocesses of a diagram in which an element lies."""
    elements, found = step.package.processes[process].elements, set()
    while ident in elements and elements[ident].parent:
        ident = elements[ident].parent
        found.add(ident)
    return frozenset(found)


def _together(one: RunningLimit, other: RunningLimit, recorded: tuple[RecordedDay, ...]) -> bool:
    if any(_goes_by(one, day) and _goes_by(other, day) for day in recorded):
        return True
    if _around(one, other) or _around(other, one):
        return True
    same_diagram = one.place[0] == other.place[0] and tuple(one.place[1]) == tuple(other.place[1])
    return same_diagram and (one.bounds == other.bounds or (one.place[2] != "" and _same(one.place[2], other.place[2])))


def _same(formula: str, other: str) -> bool:
    return formula.split() == other.split()


def _around(outer: RunningLimit, inner: RunningLimit) -> bool:
    """Return whether the activity that ``outer`` bounds holds that of ``inner``: a call, or a subprocess of its diagram."""
    if outer.timer is None or outer.timer.interrupting is None:
        return False
    here, below = tuple(outer.place[1]), tuple(inner.place[1])
    if here == below and outer.place[0] == inner.place[0]:
        return outer.bounds in inner.around
    return len(below) > len(here) and below[: len(here)] == here and below[len(here)] == outer.bounds


def _goes_by(limit: RunningLimit, day: RecordedDay) -> bool:
    """Return whether a limit goes by a day on record: it is counted from it, or stands in the diagram that fixes it."""
    return limit.place[0] == day.process or day.counts(limit)


def _recorded(package: Package) -> Iterator[RecordedDay]:
    for process, diagram in package.processes.items():
        for element in diagram.elements.values():
            if element.operation is not None and element.operation.operation == _FIXES:
                name = constant(element.operation.parameters.get("name", "null"))
                if isinstance(name, str):
                    given, result = element.operation.parameters, element.operation.result or ""
                    yield RecordedDay(name, process, element.id, result, frozenset(_formulas(name, given, result)))


def _formulas(name: str, given: Mapping[str, str], result: str) -> Iterator[str]:
    """Yield the formulas, without blanks, that come to a day on record."""
    yield from (f"day_end(date(case.{name}))", f"dateandtime(case.{name}_at)", f"case.{name}_at")
    for parameter, function in (("working_days", "workdays"), ("calendar_days", "caldays")):
        if result and given.get(parameter):
            yield "".join(f"{function}({given[parameter]},date({result}.start))".split())


def is_fixed(step: Step, limit: RunningLimit) -> bool:
    """Return whether the formula of a limit comes to the same day whenever it is counted: it goes by a day on record."""
    later = step.now + _LATER
    if limit.timer is not None:
        days = [step.instance.timer_as_of(limit.timer.id, at) for at in (step.now, later)]
        return days[0] is not None and days[1] is not None and days[0][0] == days[1][0]
    if limit.task is None or not limit.place[2]:
        return False
    seen = [step.instance.evaluate_as_of(limit.place[2], data_of(limit.task), at)[0] for at in (step.now, later)]
    return seen[0] == seen[1]


def _ahead(step: Step, limits: tuple[RunningLimit, ...]) -> Iterator[Element]:
    """Yield what is drawn with the formula of one of ``limits`` in its diagram, comes to the same day, and does not run yet."""
    running = {(one.place[0], one.element) for one in limits}
    counted = {(one.place[0], *one.place[2].split()) for one in limits if is_fixed(step, one)}
    for process in dict.fromkeys(one.place[0] for one in limits):
        for element in step.package.processes[process].elements.values():
            formula = element.due or (element.timer.expression if element.timer else "")
            if (process, *formula.split()) in counted and (process, element.id) not in running:
                yield element
