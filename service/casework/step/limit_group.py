"""What belongs together in time: a task, the timers that cut it off, and what is counted by the same formula.

Limits that end at the same instant are one where one bounds the activity of the other, where both are drawn with the
same formula in the same diagram, or where both go by the same day on record (`case.deadline`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.fill import timer_label
from service.casework.step.instants import as_instant
from service.casework.step.moved_limits import Place
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, data_of, get_statutory_limit
from service.catalog import Element, Package
from service.catalog.feel import find_constant_value
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
    chosen = next((running_limit for running_limit in running if running_limit.ident == ident), None)
    if chosen is None:
        return None
    recorded = tuple(
        day for day in recorded_days(step.package) if as_instant(step.facts.get(f"{day.name}_at")) == chosen.at
    )
    joint_limits, grown = [chosen], True
    while grown:
        more = [
            running_limit
            for running_limit in running
            if running_limit not in joint_limits
            and running_limit.at == chosen.at
            and any(_is_joint_limit(running_limit, other, recorded) for other in joint_limits)
        ]
        joint_limits, grown = [*joint_limits, *more], bool(more)
    limits = tuple(running_limit for running_limit in running if running_limit in joint_limits)
    facts = dict.fromkeys(day.name for day in recorded if any(_goes_by(limit, day) for limit in limits))
    return LimitGroup(limits, recorded, tuple(facts), tuple(_iterate_elements_ahead(step, limits)))


def running_limits(step: Step) -> tuple[RunningLimit, ...]:
    """Return the limits that run in the case of a step: of tasks that have one, and of timers."""
    return tuple(_iterate_running_limits(step))


def recorded_days(package: Package) -> Sequence[RecordedDay]:
    """Return the days on record that a package fixes, each with the diagram that does."""
    return package.derived("days on record with what fixes them", lambda: tuple(_iterate_recorded_days(package)))


def _iterate_running_limits(step: Step) -> Iterator[RunningLimit]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        if row is not None and get_statutory_limit(row)[0] != NO_DUE_DATE:
            place = (task.process_id, task.call_path, step.element(task.process_id, task.element_id).due)
            yield RunningLimit(
                get_statutory_limit(row)[0], row.title, place, task.element_id, _collect_subprocesses(step, task.process_id, task.element_id),
                row=row, task=task,
            )  # fmt: skip
    for timer in step.instance.timers():
        drawn = get_timed_element(step.package, timer.process_id, timer.element_id)
        formula = drawn.timer.expression if drawn.timer else ""
        bounds = drawn.attached_to or timer.element_id
        yield RunningLimit(
            timer.due, timer_label(step.package, timer),
            (timer.process_id, timer.call_path, formula), bounds, _collect_subprocesses(step, timer.process_id, bounds), timer=timer,
        )  # fmt: skip


def _collect_subprocesses(step: Step, process: str, ident: str) -> frozenset[str]:
    """Return the subprocesses of a diagram in which an element lies."""
    elements, parents = step.package.processes[process].elements, set()
    while ident in elements and elements[ident].parent:
        ident = elements[ident].parent
        parents.add(ident)
    return frozenset(parents)


def _is_joint_limit(first: RunningLimit, other: RunningLimit, recorded: tuple[RecordedDay, ...]) -> bool:
    if any(_goes_by(first, day) and _goes_by(other, day) for day in recorded):
        return True
    if _is_around(first, other) or _is_around(other, first):
        return True
    same_diagram = first.place[0] == other.place[0] and tuple(first.place[1]) == tuple(other.place[1])
    return same_diagram and (
        first.bounds == other.bounds or (first.place[2] != "" and _is_same_formula(first.place[2], other.place[2]))
    )


def _is_same_formula(formula: str, other: str) -> bool:
    return formula.split() == other.split()


def _is_around(outer: RunningLimit, inner: RunningLimit) -> bool:
    """Return whether the activity that ``outer`` bounds holds that of ``inner``: a call, or a subprocess of its diagram."""
    if outer.timer is None or outer.timer.interrupting is None:
        return False
    outer_path, below = tuple(outer.place[1]), tuple(inner.place[1])
    if outer_path == below and outer.place[0] == inner.place[0]:
        return outer.bounds in inner.around
    return (
        len(below) > len(outer_path)
        and below[: len(outer_path)] == outer_path
        and below[len(outer_path)] == outer.bounds
    )


def _goes_by(limit: RunningLimit, day: RecordedDay) -> bool:
    """Return whether a limit goes by a day on record: it is counted from it, or stands in the diagram that fixes it."""
    return limit.place[0] == day.process or day.counts(limit)


def _iterate_recorded_days(package: Package) -> Iterator[RecordedDay]:
    for process, diagram in package.processes.items():
        for element in diagram.elements.values():
            if element.operation is not None and element.operation.operation == _FIXES:
                name = find_constant_value(element.operation.parameters.get("name", "null"))
                if isinstance(name, str):
                    parameters, result = element.operation.parameters, element.operation.result or ""
                    yield RecordedDay(
                        name, process, element.id, result, frozenset(_iterate_formulas(name, parameters, result))
                    )


def _iterate_formulas(name: str, parameters: Mapping[str, str], result: str) -> Iterator[str]:
    """Yield the formulas, without blanks, that come to a day on record."""
    yield from (f"day_end(date(case.{name}))", f"dateandtime(case.{name}_at)", f"case.{name}_at")
    for parameter, function in (("working_days", "workdays"), ("calendar_days", "caldays")):
        if result and parameters.get(parameter):
            yield "".join(f"{function}({parameters[parameter]},date({result}.start))".split())


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


def _iterate_elements_ahead(step: Step, limits: tuple[RunningLimit, ...]) -> Iterator[Element]:
    """Yield what is drawn with the formula of one of ``limits`` in its diagram, comes to the same day, and does not run yet."""
    running = {(limit.place[0], limit.element) for limit in limits}
    counted = {(limit.place[0], *limit.place[2].split()) for limit in limits if is_fixed(step, limit)}
    for process in dict.fromkeys(limit.place[0] for limit in limits):
        for element in step.package.processes[process].elements.values():
            formula = element.due or (element.timer.expression if element.timer else "")
            if (process, *formula.split()) in counted and (process, element.id) not in running:
                yield element
