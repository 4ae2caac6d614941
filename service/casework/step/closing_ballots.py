"""Ballots that close with a running timer: the day on which voting ends is the timer's, and that of the members' tasks."""

from __future__ import annotations

from datetime import datetime

from service.casework.step.explain import explained
from service.casework.step.step import Step
from service.catalog import Kind
from service.domain.calendar import Window
from service.engine import TimerWait
from service.store.rows import BallotRow, TaskRow

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
