"""The running time limits of a case, and what belongs together among them: a task, the timers that cut it off, days on record.

A limit runs where a task is open or a timer waits: their rows (`task`, `work_item`) are the one record of it, read here alike.
Limits that end at the same instant are one where one bounds the activity of the other, where both are drawn with the
same formula in the same diagram, or where both go by the same day on record (`case.deadline`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.fill import compiled, timer_label
from service.casework.step.instants import as_instant
from service.casework.step.limits.days import NO_DUE_DATE, data_of, get_statutory_limit, last_day_before
from service.casework.step.limits.given_days import Place
from service.casework.step.step import Step
from service.catalog import Element, Package
from service.catalog.feel import FUNCTIONS, find_constant_value
from service.domain.calendar import Window
from service.engine import PersonTask, TimerWait
from service.store.models import TaskRow

_FIXES = "case.deadline"
"""Operation that puts a day on record from which limits are counted."""

_LATER = timedelta(days=40)
"""So much later a formula is counted again, to see whether it goes by the day on which it begins."""

Counted = tuple[datetime, Window | None]
"""When a limit ends that was counted anew, and why."""


@dataclass(frozen=True, slots=True)
class RunningLimit:
    """A limit that runs in a case, of a task or a timer.

    ``place`` draws it, it is counted ``since`` then, and ``bounds`` is the activity whose time it is.
    """

    at: datetime
    name: str
    place: Place
    bounds: str
    since: datetime
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
    def paths(self) -> frozenset[tuple[str, ...]]:
        """What its formula reads, such as ("case", "deadline")."""
        return compiled(self.place.formula, FUNCTIONS).paths if self.place.formula else frozenset()

    @property
    def element(self) -> str:
        """The element that is drawn with this limit."""
        return self.task.element_id if self.task else self.timer.element_id if self.timer else ""


def running_limits(step: Step) -> tuple[RunningLimit, ...]:
    """Return the limits that run in the case of a step: of tasks that have one, and of timers."""
    return tuple(_iterate_running_limits(step))


def _iterate_running_limits(step: Step) -> Iterator[RunningLimit]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        if row is not None and get_statutory_limit(row)[0] != NO_DUE_DATE:
            place = Place(task.process_id, task.call_path, step.element(task.process_id, task.element_id).due)
            at = get_statutory_limit(row)[0]
            yield RunningLimit(at, row.title, place, task.element_id, row.created_at, row=row, task=task)
    items = {item.effect_key: item for item in step.tx.work.of_case(step.case.id) if item.kind == "timer"}
    for timer in step.instance.timers():
        drawn = get_timed_element(step.package, timer.process_id, timer.element_id)
        place = Place(timer.process_id, timer.call_path, drawn.timer.expression if drawn.timer else "")
        item = items.get(step.projection.timers.get(timer.id, [""])[0])
        yield RunningLimit(
            timer.due, timer_label(step.package, timer), place, drawn.attached_to or timer.element_id,
            item.created_at if item else step.now, timer=timer,
        )  # fmt: skip


def count_limit(step: Step, limit: RunningLimit, since: datetime | None = None) -> Counted | None:
    """Count a limit anew by the calendar, values and facts of ``step``, from when it runs (or ``since`` then).

    None for one that is not counted, and where its formula comes to no instant.
    """
    if limit.timer is not None:
        return step.instance.timer_as_of(limit.timer.id, since or limit.since)
    if limit.task is None or not limit.place.formula:
        return None
    value, windows = step.instance.evaluate_as_of(limit.place.formula, data_of(limit.task), since or limit.since)
    due = as_instant(value)
    return None if due is None else (due, windows[-1] if windows else None)


def is_fixed(step: Step, limit: RunningLimit) -> bool:
    """Return whether the formula of a limit comes to the same day whenever it is counted: it goes by a day on record."""
    now, later = (count_limit(step, limit, at) for at in (step.now, step.now + _LATER))
    return now is not None and later is not None and now[0] == later[0]


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A day on record, fixed by ``element`` of diagram ``process`` with a result called ``result`` ("" for none).

    ``label`` is what that step is called; ``formulas`` are those of a limit that always ends with it.
    """

    name: str
    process: str
    element: str
    label: str
    result: str = ""
    formulas: frozenset[str] = frozenset()

    def ends_with(self, limit: RunningLimit) -> bool:
        """Return whether a limit can only end on this day: it is that day, or drawn as that day is fixed."""
        return self.counts(limit) and "".join(limit.place.formula.split()) in self.formulas

    def counts(self, limit: RunningLimit) -> bool:
        """Return whether a limit is counted from this day, or with it from the same beginning."""
        days = {("case", self.name), ("case", f"{self.name}_at")}
        beside = limit.place.process == self.process
        return any(path[:2] in days or (beside and len(path) > 1 and path[0] == self.result) for path in limit.paths)

    def governs(self, limit: RunningLimit) -> bool:
        """Return whether a limit goes by this day: it is counted from it, or stands in the diagram that fixes it."""
        return limit.place.process == self.process or self.counts(limit)


def recorded_days(package: Package) -> tuple[RecordedDay, ...]:
    """Return the days on record that a package fixes, each with the diagram that does."""
    return package.derived("days on record with what fixes them", lambda: tuple(_iterate_recorded_days(package)))


def names_of_days(package: Package) -> Mapping[str, str]:
    """Return the names of the steps that fix days on record, by fact: facts have no name of their own."""
    return {day.name: day.label for day in recorded_days(package) if day.label}


def _iterate_recorded_days(package: Package) -> Iterator[RecordedDay]:
    for process, diagram in package.processes.items():
        for element in diagram.elements.values():
            if element.operation is not None and element.operation.operation == _FIXES:
                name = find_constant_value(element.operation.parameters.get("name", "null"))
                if isinstance(name, str):
                    parameters, result = element.operation.parameters, element.operation.result or ""
                    formulas = frozenset(_iterate_formulas(name, parameters, result))
                    yield RecordedDay(name, process, element.id, element.name, result, formulas)


def _iterate_formulas(name: str, parameters: Mapping[str, str], result: str) -> Iterator[str]:
    """Yield the formulas, without blanks, that come to a day on record."""
    yield from (f"day_end(date(case.{name}))", f"dateandtime(case.{name}_at)", f"case.{name}_at")
    for parameter, function in (("working_days", "workdays"), ("calendar_days", "caldays")):
        if result and parameters.get(parameter):
            yield "".join(f"{function}({parameters[parameter]},date({result}.start))".split())


@dataclass(frozen=True, slots=True)
class LimitGroup:
    """Limits that end together, days on record that say the same, and elements ahead that are counted the same way.

    ``days`` are those that end at the same instant, ``facts`` the names of those that one of the limits goes by.
    """

    limits: tuple[RunningLimit, ...]
    days: tuple[RecordedDay, ...]
    facts: tuple[str, ...]
    ahead: tuple[Element, ...]

    @property
    def last_day(self) -> date:
        """The last day of all of them."""
        return last_day_before(self.limits[0].at)

    @property
    def timers(self) -> tuple[RunningLimit, ...]:
        """Those that are timers, which end by themselves."""
        return tuple(limit for limit in self.limits if limit.timer is not None)


def group_of(step: Step, ident: str) -> LimitGroup | None:
    """Return what moves with limit ``ident`` ("task:" and its number, "timer:" and its id); None where it does not run."""
    running = running_limits(step)
    chosen = next((limit for limit in running if limit.ident == ident), None)
    if chosen is None:
        return None
    recorded = tuple(
        day for day in recorded_days(step.package) if as_instant(step.facts.get(f"{day.name}_at")) == chosen.at
    )
    remaining = [limit for limit in running if limit.at == chosen.at and limit is not chosen]
    joint, grown = [chosen], [chosen]
    while grown:
        grown = [limit for limit in remaining if any(_is_joint(step, limit, other, recorded) for other in joint)]
        remaining = [limit for limit in remaining if limit not in grown]
        joint += grown
    limits = tuple(limit for limit in running if limit in joint)
    facts = dict.fromkeys(day.name for day in recorded if any(day.governs(limit) for limit in limits))
    return LimitGroup(limits, recorded, tuple(facts), tuple(_iterate_elements_ahead(step, limits)))


def _is_joint(step: Step, first: RunningLimit, other: RunningLimit, recorded: tuple[RecordedDay, ...]) -> bool:
    if any(day.governs(first) and day.governs(other) for day in recorded):
        return True
    if _holds(step, first, other) or _holds(step, other, first):
        return True
    same_diagram = first.place[:2] == other.place[:2]
    formula = first.place.formula.split()
    return same_diagram and (first.bounds == other.bounds or (formula != [] and formula == other.place.formula.split()))


def _holds(step: Step, outer: RunningLimit, inner: RunningLimit) -> bool:
    return outer.timer is not None and bounds_activity(step, outer.timer, inner.place[:2], inner.bounds)


def bounds_activity(step: Step, timer: TimerWait, place: tuple[str, tuple[str, ...]], ident: str) -> bool:
    """Return whether a timer is attached to an activity that is or holds ``ident``: a call, or a subprocess of its diagram.

    ``place`` is the diagram of ``ident`` and the calls by which it runs.
    """
    bounds = step.element(timer.process_id, timer.element_id).attached_to
    (process, path), outer = place, tuple(timer.call_path)
    if not bounds:
        return False
    if outer != path or timer.process_id != process:
        return path[: len(outer)] == outer and len(path) > len(outer) and path[len(outer)] == bounds
    elements = step.package.processes[process].elements
    while ident in elements and ident != bounds:
        ident = elements[ident].parent or ""
    return ident == bounds


def _iterate_elements_ahead(step: Step, limits: tuple[RunningLimit, ...]) -> Iterator[Element]:
    """Yield what is drawn with the formula of one of ``limits`` in its diagram, comes to the same day, and does not run yet."""
    running = {(limit.place.process, limit.element) for limit in limits}
    counted = {(limit.place.process, *limit.place.formula.split()) for limit in limits if is_fixed(step, limit)}
    for process in dict.fromkeys(limit.place.process for limit in limits):
        for element in step.package.processes[process].elements.values():
            formula = element.due or (element.timer.expression if element.timer else "")
            if (process, *formula.split()) in counted and (process, element.id) not in running:
                yield element
