"""Ballots that close with a running timer: the day on which voting ends is the timer's, and that of the members' tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from service.casework.step.explain import explained
from service.casework.step.step import Step
from service.catalog import Kind
from service.domain.calendar import Window
from service.engine import MessageWait, PersonTask, TimerWait
from service.store.models import BallotRow, TaskRow

KIND = "ballot"
"""Kind of the task by which a member is asked to vote."""
_OPEN = "open"
_PASSED = frozenset(
    {Kind.SERVICE_TASK, Kind.RULE_TASK, Kind.SCRIPT_TASK, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE}
)
"""Kinds of elements at which nothing waits."""


def ballots_closing(step: Step, timer: TimerWait) -> list[BallotRow]:
    """Return the open ballots that close when ``timer`` fires: one of its diagram, else any that closes at that instant."""
    closing = [b for b in step.tx.ballots.of_case(step.case.id) if b.state == _OPEN and b.closes_at == timer.due]
    if not closing:
        return []
    near = {t.process_id for t in step.instance.timers() if t.due == timer.due}
    return [b for b in closing if b.process_id == timer.process_id or b.process_id not in near]


def ballots_cut_short(step: Step, timer: TimerWait, due: datetime) -> list[BallotRow]:
    """Return the open ballots that would end sooner if ``timer`` fired at ``due`` instead of when it is due.

    Those that close with it, and those inside of an activity that it cuts off: who has not voted yet has until then.
    """
    if due >= timer.due:
        return []
    closing = {ballot.id for ballot in ballots_closing(step, timer)}
    return [
        ballot
        for ballot in step.tx.ballots.of_case(step.case.id)
        if ballot.state == _OPEN
        and (ballot.closes_at is None or due < ballot.closes_at)
        and (ballot.id in closing or _ends_by(step, timer, ballot))
    ]


def _ends_by(step: Step, timer: TimerWait, ballot: BallotRow) -> bool:
    """Return whether a ballot without a day of its own waits for a timer, or a timer cuts off the activity around it."""
    if ballot.closes_at is None and timer.id in {each.id for each in closing_timers(step, ballot)}:
        return True
    return timer.interrupting is True and any(_cuts_off(step, timer, path, ballot) for path in _paths(step, ballot))


def _paths(step: Step, ballot: BallotRow) -> Iterator[tuple[str, ...]]:
    """Yield the calls by which the diagram of a ballot runs, as what waits in it or below it says."""
    instance = step.instance
    waits: tuple[TimerWait | MessageWait | PersonTask, ...]
    waits = (*instance.timers(), *instance.message_waits(), *instance.person_tasks())
    yield from {tuple(wait.call_path) for wait in waits if wait.process_id == ballot.process_id}


def _cuts_off(step: Step, timer: TimerWait, path: Sequence[str], ballot: BallotRow) -> bool:
    """Return whether the activity that ``timer`` bounds holds a ballot whose diagram was called by ``path``."""
    bounds, here = step.element(timer.process_id, timer.element_id).attached_to, tuple(timer.call_path)
    if here == tuple(path) and timer.process_id == ballot.process_id:
        elements, ident = step.package.processes[ballot.process_id].elements, ballot.element
        while ident in elements:
            if ident == bounds:
                return True
            ident = elements[ident].parent or ""
        return False
    return len(path) > len(here) and tuple(path[: len(here)]) == here and path[len(here)] == bounds


def closing_timers(step: Step, ballot: BallotRow) -> list[TimerWait]:
    """Return the running timers that come next after the element that opened a ballot, whenever they are due."""
    diagram = step.package.processes.get(ballot.process_id)
    if diagram is None or ballot.element not in diagram.elements:
        return []
    ahead, seen, places = [ballot.element], set[str](), set[str]()
    while ahead:
        ident = ahead.pop()
        for target in (flow.target for flow in diagram.flows.values() if flow.source == ident):
            if target not in seen:
                seen.add(target)
                passed = diagram.elements[target].kind in _PASSED
                ahead += [target] if passed else []
                places |= (
                    set() if passed else {target, *(e.id for e in diagram.elements.values() if e.attached_to == target)}
                )
    return [t for t in step.instance.timers() if t.process_id == ballot.process_id and t.element_id in places]


def voting_tasks(step: Step, ballot: int) -> list[TaskRow]:
    """Return the tasks of the members who have not voted yet."""
    rows = step.tx.tasks.open_of_case(step.case.id)
    return [row for row in rows if row.kind == KIND and (row.note or {}).get("ballot") == ballot]


def move_closing(step: Step, ballot: BallotRow, due: datetime, window: Window | None) -> None:
    """Let a ballot close at ``due``, and the tasks of those who have not voted end with it."""
    step.tx.ballots.update(ballot.id, closes_at=due)
    for row in voting_tasks(step, ballot.id):
        step.tx.tasks.update(row.id, row.version, due_at=due, due_reason=explained(window) or None)
