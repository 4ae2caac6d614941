"""Open ballots and the timers that end them: whoever moves a limit moves the closing of a ballot with it."""

from __future__ import annotations

from datetime import datetime

from service.casework.step.instants import explain_window
from service.casework.step.limits.running import RunningLimit, bounds_activity
from service.casework.step.step import Step
from service.catalog import Kind
from service.domain.calendar import Window
from service.engine import MessageWait, PersonTask, TimerWait
from service.store.models import BallotRow, TaskRow

KIND = "ballot"
"""Kind of the task by which a member is asked to vote."""
_PASSED = frozenset(
    {Kind.SERVICE_TASK, Kind.RULE_TASK, Kind.SCRIPT_TASK, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE}
)
"""Kinds of elements at which nothing waits."""


def ballots_closing(step: Step, timer: TimerWait) -> list[BallotRow]:
    """Return the open ballots that close when ``timer`` fires: one of its diagram, else any that closes at that instant."""
    closing = [ballot for ballot in _list_open_ballots(step) if ballot.closes_at == timer.due]
    near = {t.process_id for t in step.instance.timers() if t.due == timer.due} if closing else set()
    return [b for b in closing if b.process_id == timer.process_id or b.process_id not in near]


def ballots_cut_short(step: Step, limit: RunningLimit | None, due: datetime) -> list[BallotRow]:
    """Return the open ballots that would end sooner if a limit ended at ``due``: who has not voted yet has until then.

    Those that close with its timer, and those inside of an activity that this cuts off.
    """
    timer = limit.timer if limit else None
    if timer is None or due >= timer.due:
        return []
    closing = {ballot.id for ballot in ballots_closing(step, timer)}
    return [
        ballot
        for ballot in _list_open_ballots(step)
        if (ballot.closes_at is None or due < ballot.closes_at)
        and (ballot.id in closing or _ends_by(step, timer, ballot))
    ]


def _list_open_ballots(step: Step) -> list[BallotRow]:
    return step.tx.ballots.select(case_id=step.case.id, state="open")


def _ends_by(step: Step, timer: TimerWait, ballot: BallotRow) -> bool:
    """Return whether a ballot without a day of its own waits for a timer, or a timer cuts off the activity around it."""
    if ballot.closes_at is None and timer.id in {each.id for each in closing_timers(step, ballot)}:
        return True
    waits: tuple[TimerWait | MessageWait | PersonTask, ...]
    waits = (*step.instance.timers(), *step.instance.message_waits(), *step.instance.person_tasks())
    places = {(wait.process_id, tuple(wait.call_path)) for wait in waits if wait.process_id == ballot.process_id}
    return timer.interrupting is True and any(bounds_activity(step, timer, place, ballot.element) for place in places)


def closing_timers(step: Step, ballot: BallotRow) -> list[TimerWait]:
    """Return the running timers that come next after the element that opened a ballot, whenever they are due."""
    diagram = step.package.processes.get(ballot.process_id)
    if diagram is None or ballot.element not in diagram.elements:
        return []
    ahead, seen, places = [ballot.element], set[str](), set[str]()
    while ahead:
        ident = ahead.pop()
        for target in (flow.target for flow in diagram.flows.values() if flow.source == ident):
            if target in seen:
                continue
            seen.add(target)
            if diagram.elements[target].kind in _PASSED:
                ahead.append(target)
            else:
                places |= {target, *(e.id for e in diagram.elements.values() if e.attached_to == target)}
    return [t for t in step.instance.timers() if t.process_id == ballot.process_id and t.element_id in places]


def voting_tasks(step: Step, ballot: int) -> list[TaskRow]:
    """Return the tasks of the members who have not voted yet."""
    rows = step.tx.tasks.open_of_case(step.case.id)
    return [row for row in rows if row.kind == KIND and (row.note or {}).get("ballot") == ballot]


def move_closing(step: Step, ballot: BallotRow, due: datetime, window: Window | None) -> None:
    """Let a ballot close at ``due``, and the tasks of those who have not voted end with it."""
    step.tx.ballots.change(ballot.id, closes_at=due)
    for row in voting_tasks(step, ballot.id):
        step.tx.tasks.step(row.id, row.version, due_at=due, due_reason=explain_window(window) or None)
