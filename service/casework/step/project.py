"""Project the instance to the tables: tasks, timers, waits and status; only differences are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.casework.step.calls import project_calls
from service.casework.step.case_state import Cause
from service.casework.step.end_signs import end_signs_beside
from service.casework.step.end_what_hangs import end_what_hangs
from service.casework.step.instants import explain_window
from service.casework.step.limits.given_days import move_fresh_timers
from service.casework.step.limits.notices import window_of
from service.casework.step.limits.reminders import first_reminder
from service.casework.step.messages import BESIDE, barrier_of, kinds_waiting_for
from service.casework.step.step import Step
from service.casework.step.task_row import new_task, remind_on
from service.catalog import Element
from service.domain.calendar import Window
from service.engine import MessageWait, TimerWait
from service.store import NewWork
from service.store.models import SubscriptionRow, TaskRow, VisitRow


def project_instance(step: Step, cause: Cause) -> list[TaskRow]:
    """Bring tasks, timers, waits, passed elements and the case's status in line with the instance; return the new tasks.

    What hangs on a case that ends, or on a part of it that was cancelled, ends with it.
    """
    _project_ends(step)
    move_fresh_timers(step)
    fresh = _project_tasks(step, cause)
    _project_timers(step, cause)
    _project_waits(step)
    _project_visits(step)
    project_calls(step)
    end_what_hangs(step)
    return fresh


def _project_ends(step: Step) -> None:
    if not step.instance.completed or step.case.status == "ended":
        return
    outcome = _get_outcome(step)
    step.change(status="ended", outcome=outcome, ended_at=step.now)
    element = _find_ending(step, outcome)
    name = element.outcome_name if element else outcome
    reason = step.text(element.outcome_reason) if element else ""
    step.audit("ended", f"办件结束：{name}", None, {"outcome": outcome, **({"reason": reason} if reason else {})})
    queue_parent_barriers(step)


def _get_outcome(step: Step) -> str:
    main = step.package.award.processes[step.case.process].process
    words = [
        step.element(main, end).properties.get("outcome", "")
        for end in step.instance.ends()
        if end in step.package.diagram(main).elements
    ]
    return next((w for w in reversed(words) if w), step.facts.get("outcome") or "completed")


def _find_ending(step: Step, outcome: str) -> Element | None:
    main = step.package.award.processes[step.case.process].process
    return next((e for e in step.package.diagram(main).elements.values() if e.outcome == outcome), None)


def _project_tasks(step: Step, cause: Cause) -> list[TaskRow]:
    projected_tasks = step.projection.tasks
    present = {t.id: t for t in step.instance.person_tasks()}
    gone = [task_id for engine_id, task_id in projected_tasks.items() if engine_id not in present]
    fresh = [t for engine_id, t in present.items() if engine_id not in projected_tasks]
    cancelled = [task_id for task_id in gone if task_id != cause.done_task]
    if cancelled:
        step.tx.tasks.cancel(cancelled, step.now)
        end_signs_beside(step, cancelled)
    back = cause.returned
    rows = [new_task(step, task, back if back and back.engine_id == task.id else None, cause.note) for task in fresh]
    ids = step.tx.tasks.insert_many(rows) if rows else []
    step.projection.tasks = {e: i for e, i in projected_tasks.items() if e in present} | {
        t.id: i for t, i in zip(fresh, ids, strict=True)
    }
    new_tasks = [replace(row, id=ident) for ident, row in zip(ids, rows, strict=True)]
    for row in new_tasks:
        if row.personal and row.assignee_id is not None:
            step.tx.drafts.move(step.case.id, row.element, row.assignee_id, row.id)
        _queue_reminder(step, row)
        reminder = first_reminder(step, row)
        if reminder is not None:
            step.pending.work.append(reminder)
    return new_tasks


def _queue_reminder(step: Step, row: TaskRow) -> None:
    due = None if step.instance.completed else remind_on(step, row)
    if due is not None:
        step.queue("reminder", f"reminder:{step.case.id}:{row.engine_id}:{row.entry}", {"task": row.id}, due)


def _project_timers(step: Step, cause: Cause) -> None:
    projected_timers = step.projection.timers
    present = {t.id: t for t in step.instance.timers()}
    gone = [
        key for engine_id, (key, _) in projected_timers.items() if engine_id not in present and key != cause.fired_timer
    ]
    if gone:
        step.tx.work.cancel(gone, step.now)
        _end_questions(
            step, [ident for ident, (key, due) in projected_timers.items() if key in gone and _is_over(step, due)]
        )
    new_timers: dict[str, list[str]] = {}
    for engine_id, timer in present.items():
        new_timers[engine_id] = _project_timer(step, timer, projected_timers.get(engine_id))
    step.projection.timers = new_timers


def _is_over(step: Step, due: str) -> bool:
    return datetime.fromisoformat(due) <= step.now


def _end_questions(step: Step, timers: Sequence[str]) -> None:
    """Cancel the tasks by which the office was asked to confirm the day of a provisional timer that runs no more.

    It is asked when the day is over, so that there is none for any other timer.
    """
    question_ids = (
        [row.id for row in step.tx.tasks.open_of_case(step.case.id) if row.engine_id in timers] if timers else []
    )
    if question_ids:
        step.tx.tasks.cancel(question_ids, step.now)


def _project_timer(step: Step, timer: TimerWait, timer_entry: list[str] | None) -> list[str]:
    due = timer.due.astimezone(UTC).isoformat()
    if timer_entry and timer_entry[1] == due:
        return timer_entry
    key = f"timer:{step.case.id}:{timer.id}:{due}"
    since = step.now
    if timer_entry:
        key = _find_unused_key(step, key)
        since = _running_since(step, timer_entry[0])
        step.tx.work.cancel([timer_entry[0]], step.now)
    window = window_of(step, timer)
    provisional = window is not None and window.provisional
    payload = _timer_payload(step, timer, window)
    step.pending.work.append(NewWork("timer", step.case.id, key, payload, timer.due, provisional, since))
    return [key, due]


def _find_unused_key(step: Step, key: str) -> str:
    """Return a key for a timer that was moved: a day that it had before, and lost, is no longer its effect."""
    candidate, again = key, 1
    while step.tx.work.find(effect_key=candidate) is not None:
        again += 1
        candidate = f"{key}:{again}"
    return candidate


def _running_since(step: Step, key: str) -> datetime:
    """Return since when the timer of work item ``key`` runs: one that is moved goes on counting from there."""
    former = next((item for item in step.tx.work.of_case(step.case.id) if item.effect_key == key), None)
    return former.created_at if former else step.now


def _timer_payload(step: Step, timer: TimerWait, window: Window | None) -> dict[str, Any]:
    """Return the payload of a timer's work item: its element and the explanation of its due date."""
    return {
        "engine_id": timer.id,
        "jurisdiction": step.case.jurisdiction,
        "process_id": timer.process_id,
        "element": timer.element_id,
        **explain_window(window),
    }


def _project_waits(step: Step) -> None:
    projected_waits = step.projection.waits
    present = {w.id: w for w in step.instance.message_waits()}
    gone = [e for e in projected_waits if e not in present]
    fresh = [w for e, w in present.items() if e not in projected_waits]
    if gone or fresh:
        step.tx.cases.replace_subscriptions(step.case.id, [build_subscription(step, w) for w in fresh], gone)
    step.projection.waits = {e: w.name for e, w in present.items()}


def build_subscription(step: Step, wait: MessageWait) -> SubscriptionRow:
    """Return the row that says what a case waits for."""
    return SubscriptionRow(
        case_id=step.case.id,
        engine_id=wait.id,
        jurisdiction=step.case.jurisdiction,
        process_id=wait.process_id,
        element=wait.element_id,
        message=wait.name,
        barrier=barrier_of(step.package, wait) or None,
        created_at=step.now,
    )


def _project_visits(step: Step) -> None:
    passed: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    for (process_id, element_id), count in step.instance.visited().items():
        name = f"{process_id}/{element_id}"
        counts[name] = count
        passed += [(process_id, element_id)] * (count - step.projection.visits.get(name, 0))
    if passed:
        step.tx.visits.add(*(VisitRow(case_id=step.case.id, process_id=p, element=e, at=step.now) for p, e in passed))
    step.projection.visits = counts


def queue_parent_barriers(step: Step) -> None:
    """Queue a look at the barriers that may count this case: of its parent, of cases beside, and below one that ended."""
    if step.case.parent_id is not None and not step.told_parent:
        step.told_parent = True
        _queue_look(step, step.case.parent_id)
        _queue_grandparent_barriers(step)
        _queue_barriers_beside(step, step.case.parent_id)
    if step.case.status == "ended":
        _queue_looks_below(step, step.case.id, step.case.process, step.case.process)


def _queue_grandparent_barriers(step: Step) -> None:
    """Queue the same for the grandparent: a round may wait for an objection, two levels below."""
    if step.case.parent_id is None or not step.package.award.processes[step.case.process].holding:
        return
    above = step.tx.cases.get(step.case.parent_id).parent_id
    if above is not None:
        _queue_look(step, above)


def _queue_barriers_beside(step: Step, parent_id: int) -> None:
    """Queue the same for cases beside this one, where their kind may wait for such: for another proceeding to end."""
    parent = step.package.award.processes[step.case.process].parent
    if parent is not None:
        _queue_looks_below(step, parent_id, parent, BESIDE)


def _queue_looks_below(step: Step, case_id: int, process: str, names: str) -> None:
    for kind in kinds_waiting_for(step.package, process, names):
        for row in step.tx.cases.select(parent_id=case_id, process=kind):
            if row.id != step.case.id and row.status != "ended":
                _queue_look(step, row.id)


def _queue_look(step: Step, case_id: int) -> None:
    """Queue a look at the barriers of a case.

    In memory, where no other step runs meanwhile, only if it waits at one: a case that comes to a barrier looks itself.
    """
    if step.desk.store.in_memory and not any(wait.barrier for wait in step.tx.subscriptions.select(case_id=case_id)):
        return
    key = f"barrier:{case_id}:{step.case.id}:{step.case.version}"
    step.queue("barrier", key, {"because": step.case.id}, case_id=case_id)
