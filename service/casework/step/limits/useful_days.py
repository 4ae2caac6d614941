"""The last useful day of a task: its statutory day, or an earlier one where what follows ends before, with its explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from service.casework.desk.calendars import former_calendars, list_differing_states
from service.casework.step.fill import compiled, in_words
from service.casework.step.instants import as_instant
from service.casework.step.limits.days import (
    NO_DUE_DATE,
    Limit,
    data_of,
    find_limit_day,
    get_display_limit,
    get_statutory_limit,
    last_day_before,
)
from service.casework.step.limits.given_days import forecast_limit_end
from service.casework.step.step import Step
from service.catalog.feel import FUNCTIONS
from service.catalog.last_useful_day import ChainLink, LastUsefulDay, last_useful_day, may_end_after, may_wait_until
from service.catalog.law.fixed_ends import FixedEnd
from service.domain.calendar import end_of_day, local_date
from service.domain.calendar.clock import format_end, format_full_day
from service.domain.text import Text
from service.domain.wording.article_words import english_article
from service.engine import PersonTask, TimerWait
from service.store.models import TaskRow

KEPT = "calendar_kept"
"""Action of the audit entry by which somebody decided that a limit keeps its day."""


def limit_of(step: Step, task: PersonTask, statutory: Limit, opened: datetime) -> Limit:
    """Return the limit of a task with a ``statutory`` one (`NO_DUE_DATE`: none), which came to wait when it was ``opened``."""
    due, reason = statutory
    places, processes = _places(step, task), step.package.processes
    if due != NO_DUE_DATE and may_wait_until(processes, places, _Foresight(step, task), last_day_before(due)):
        return due, reason
    ask = _Foresight(step, task)
    found = last_useful_day(processes, places, ask, step.today, local_date(opened))
    if found is None or found.day >= last_day_before(due):
        return due, reason
    if ask.provisional:  # some day of the search was counted by a year not known yet: those that decide may not be
        ask = _Foresight(step, task)
        for day in (found.day, found.day + timedelta(days=1)):
            may_wait_until(processes, places, ask, day)
    at = min(end_of_day(found.day), found.end.at) if local_date(found.end.at) == found.day else end_of_day(found.day)
    explanation = _reason(step, found, ask.lengths)
    law = {"due_at": due.isoformat(), **(reason or {})} if due != NO_DUE_DATE else None
    return at, {
        "last_day": found.day.isoformat(),
        "zh": explanation.zh,
        "en": explanation.en,
        "provisional": ask.provisional,
        "useful": True,
        "chain": found.missed.wait is not None,
        "law": law,
    }


def build_decision_predicate(step: Step) -> Callable[[str, date], bool]:
    """Return what tells of which limit (by key and new day) somebody decided that it keeps its day of before.

    The history is read once, and only where something is asked.
    """

    @cache
    def read_decisions() -> set[tuple[str, str]]:
        decisions = [e.data for e in step.tx.history.select(case_id=step.case.id) if e.action == KEPT]
        decisions += [e.data for e in step.pending.events if e.action == KEPT]
        return {(str(data.get("key")), str(data.get("day"))) for data in decisions}

    return lambda key, day: (key, day.isoformat()) in read_decisions()


def count_task_limits(
    step: Step, moved: Mapping[int, Limit] = MappingProxyType({})
) -> Iterator[tuple[TaskRow, PersonTask, Limit]]:
    """Yield each open task with its limit counted anew from its statutory one, or that which ``moved`` has by its number."""
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        if row is not None:
            statutory = moved.get(row.id) or get_statutory_limit(row)
            yield row, task, limit_of(step, task, statutory, row.created_at)


def renew_limits(step: Step, moved: Mapping[int, Limit] = MappingProxyType({})) -> None:
    """Count the limits of the open tasks again after something around them moved, or their statutory one (``moved``).

    A last useful day that somebody decided to keep stays, unless the task's own day moved.
    """
    is_kept = build_decision_predicate(step)
    for row, _, limit in count_task_limits(step, moved):
        day = None if row.id in moved else find_limit_day(limit)
        if limit != get_display_limit(row) and not (day and is_kept(f"useful:{row.id}", day)):
            step.tx.tasks.step(row.id, row.version, due_at=limit[0], due_reason=limit[1])


def former_steps(step: Step) -> tuple[Step, ...]:
    """Return the case as each other state of its calendar before today's saw it, newest first; in memory alone."""
    past_steps = []
    states = former_calendars(step.desk, step.tx)
    for calendars in list_differing_states(states, step.desk, step.package.jurisdiction.calendar):
        before = Step(replace(step.desk, calendars=calendars), step.tx, step.case, step.actor)
        before.instance = before.desk.engine.restore(step.case.definition, before.engine_state, before.environment)
        past_steps.append(before)
    return tuple(past_steps)


def counted_before(former: Iterable[Step], task: PersonTask, row: TaskRow) -> bool:
    """Return whether the day that a task shows is the one that some ``former`` state of the calendars gave.

    Where none did, it is otherwise for another reason: a fact that it is counted from, say.
    """
    shown, statutory = find_limit_day(get_display_limit(row)), get_statutory_limit(row)
    return any(find_limit_day(limit_of(before, task, statutory, row.created_at)) == shown for before in former)


def may_be_too_late(step: Step, task: PersonTask) -> bool:
    """Return whether a task may have a last useful day: something after it, or around it, ends by itself."""
    return may_end_after(step.package.processes, _places(step, task))


def _places(step: Step, task: PersonTask) -> list[ChainLink]:
    """Return the chain from the task (or timer) outwards, as far as a timer runs that would cancel it."""
    timers = [t for t in step.instance.timers() if t.interrupting]
    found: list[ChainLink] = []
    diagram, path, ident = step.package.diagram(task.process_id), task.call_path, task.element_id
    outer = _outer(step, task.call_path)
    while True:
        element = diagram.elements[ident]
        found.append(ChainLink(diagram, ident, tuple(_running(step, timers, path, element.process_id, ident))))
        if element.parent:
            ident = element.parent
        elif path and outer:
            ident, path, diagram = path[-1], path[:-1], outer.pop()
        else:
            break
    furthest = max((n for n, place in enumerate(found) if place.ends), default=0)
    return found[: furthest + 1]


def _outer(step: Step, path: tuple[str, ...]) -> list[Any]:
    """Return the diagrams in which the calls of ``path`` stand, from the outermost."""
    here = step.package.diagram(step.package.award.processes[step.case.process].process)
    found = []
    for ident in path:
        found.append(here)
        here = step.package.diagram(here.elements[ident].called)
    return found


def _running(step: Step, timers: list[TimerWait], path: tuple[str, ...], process_id: str, ident: str) -> list[FixedEnd]:
    found = []
    for timer in timers:
        if timer.call_path == path and timer.process_id == process_id:
            drawn = step.element(timer.process_id, timer.element_id)
            if drawn.attached_to == ident:
                clauses = step.clauses_of(drawn, timer.call_path)
                found.append(FixedEnd(timer.due, drawn.name or drawn.id, clauses))
    return sorted(found, key=lambda end: end.at)[:1]


def _reason(step: Step, found: LastUsefulDay, lengths: Mapping[datetime, Text]) -> Text:
    """Return until when something is to be sent and why; ``lengths`` say how long the waits last, by their ends."""
    end, wait = found.missed.end, found.missed.wait
    closes, basis = format_end(end.at), _basis(step, *(one for one in (wait, end) if one is not None))
    if wait is None:
        return Text(
            f"“{end.name}”的期限在{closes.zh}届满，此后不能再提交。{basis.zh}",
            f"“{end.name}” falls on {closes.en}; nothing can be sent after it.{basis.en}",
        )
    until, length = last_day_before(wait.at), lengths.get(wait.at)
    why = (
        Text(f"{wait.name.removesuffix('期满')}须满{length.zh}", f"“{wait.name}” takes {length.en}")
        if length is not None
        else Text(
            f"“{wait.name}”最早要到{in_words(until)}24时",
            f"“{wait.name}” comes on {format_full_day(until).en} at the earliest",
        )
    )
    return Text(
        f"请在{in_words(found.day)}前提交（含当日）；晚了就赶不上{closes.zh}截止的“{end.name}”（{why.zh}）。{basis.zh}",
        f"Send it by {format_full_day(found.day).en}: later you miss “{end.name}” ({closes.en}), since {why.en}.{basis.en}",
    )


_OF_TIME = frozenset({"time_limit", "notice", "procedure"})
"""The kinds of clauses that say when something is to be done; a step carries out duties besides."""


def _basis(step: Step, *ends: FixedEnd) -> Text:
    """Return the articles behind what a day is counted from, as a sentence; nothing where none is cited."""
    law = step.package.law
    known = [law.clauses[one] for end in ends for one in end.clauses if one in law.clauses]
    cited = dict.fromkeys(clause.article for clause in known if clause.kind in _OF_TIME)
    if not cited:
        return Text("", "")
    return Text(f"依据：{'、'.join(cited)}。", f" Basis: {', '.join(english_article(one) for one in cited)}.")


class _Foresight:
    """Evaluates for the chain on the task's data, with later results unknown.

    It does not use the desk's functions, which may report unknown values: here these are no mistake of the diagram.
    A day that comes out otherwise by what is known now and a later step may write anew is not known yet.
    """

    def __init__(self, step: Step, task: PersonTask) -> None:
        self._step, self._data = step, data_of(task)
        self._seen: dict[frozenset[str], dict[str, object]] = {}
        self.provisional = False
        self.lengths: dict[datetime, Text] = {}

    def instant(self, expression: str, at: datetime, unknown: frozenset[str]) -> datetime | None:
        formula = compiled(expression, FUNCTIONS)
        value, windows = self._step.instance.foresee(formula, self._known(unknown), at)
        rewritten = formula.names & unknown & self._data.keys()
        if rewritten and self._step.instance.foresee(formula, self._data, at)[0] != value:
            return None
        self.provisional = self.provisional or any(w.provisional for w in windows)
        self.lengths |= {w.ends_at: w.length for w in windows if w.length is not None}
        if isinstance(value, timedelta):
            return at + value
        due = as_instant(value) if isinstance(value, date | datetime) else None
        return forecast_limit_end(self._step, expression, due) if due is not None else None

    def holds(self, condition: str, unknown: frozenset[str]) -> bool | None:
        expression = compiled(condition, FUNCTIONS)
        if expression.names & unknown:
            return None
        return self._step.instance.evaluate(expression, self._data)[0] is True

    def _known(self, unknown: frozenset[str]) -> dict[str, object]:
        if unknown not in self._seen:
            self._seen[unknown] = {name: value for name, value in self._data.items() if name not in unknown}
        return self._seen[unknown]
