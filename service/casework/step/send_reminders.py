"""Reminders of time limits (催办): to those who must act, later to the head of the body too, by inbox and mail.

Only the next reminder of a task waits as a work item; carrying it out puts the one after it in its
place, so that a task done in time leaves nothing behind. A due date that was moved meanwhile moves
what is left of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.casework.step.post import letter_rows, put, responsible
from service.casework.step.step import Step
from service.casework.step.task_row import NO_DUE_DATE
from service.catalog import Package
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.reminder_schedule import AFTER, BEFORE, Reminder, reminders, useful_words, words
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.rows import CaseRow, MailRow, PersonRow, TaskRow, WorkItemRow

HEAD = "head"
"""Role of the head of a body: notified when one of its time limits has passed."""

_DIGEST_AFTER = timedelta(minutes=30)


def first_reminder(step: Step, row: TaskRow) -> NewWork | None:
    """Return the first reminder of a task that has just begun to wait, None when it has no time limit."""
    if row.due_at == NO_DUE_DATE or step.instance.completed:
        return None
    calendar = step.desk.calendar(step.package.jurisdiction.calendar)
    planned = _planned(calendar, step.case, row.due_at, row.due_reason)
    first = _following(step.case.id, row.id, planned, step.now)
    return first._replace(provisional=_provisional(row.due_reason)) if first else None


def send_reminder(desk: Desk, item: WorkItemRow) -> None:
    """Send the reminder of one task, unless it is done, and schedule the next."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        task = tx.tasks.get(int(item.payload["task"]))
        if task.state == "open":
            case = tx.cases.get(task.case_id)
            package = desk.packages.get(case.definition, tx)
            last_day, offset = date.fromisoformat(str(item.payload["last_day"])), int(item.payload["offset"])
            calendar = desk.calendar(package.jurisdiction.calendar)
            planned = _planned(calendar, case, task.due_at, task.due_reason)
            if any((day, one.offset) == (last_day, offset) for day, one in planned) and case.status == "running":
                _queue_reminder(desk, tx, package, case, task, last_day, offset, item.effect_key)
            following = _following(case.id, task.id, planned, now)
            if following:
                tx.work.enqueue_many([following._replace(provisional=_provisional(task.due_reason))], now)
        tx.work.finish(item, now)


def send_digest(desk: Desk, item: WorkItemRow) -> None:
    """Put the reminders of one person and day into one mail."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        rows = tx.mail.unsent_of(int(item.payload["person"]), "escalate:")
        if rows:
            text = "\n".join(f"{n}. {row.subject}" for n, row in enumerate(rows, 1))
            title = f"今日有{len(rows)}项待办需要关注"
            digest = MailRow(
                case_id=rows[0].case_id,
                address=rows[0].address,
                subject=title,
                text=text,
                effect_key=f"{item.effect_key}:mail",
                queued_at=now,
            )
            tx.work.enqueue_many(put(tx, [digest], now), now)
            for row in rows:
                tx.mail.mark_sent(row.id, now)
        tx.work.finish(item, now)


def _offsets(case: CaseRow) -> tuple[Sequence[int], Sequence[int]]:
    chosen: Mapping[str, Any] = case.parameters or {}
    before = chosen.get("reminders_before_working_days", BEFORE)
    after = chosen.get("reminders_after_working_days", AFTER)
    return _numbers(before), _numbers(after)


def _planned(
    calendar: WorkingCalendar, case: CaseRow, due_at: datetime, reason: Mapping[str, Any] | None
) -> list[tuple[date, Reminder]]:
    """Return every reminder of a task with the last day it speaks of, earliest first.

    A last useful day is reminded of until it comes; after it only the statutory day, where there is one, is.
    """
    before, after = _offsets(case)
    last_day = last_day_of(due_at, reason)
    if not (reason or {}).get("useful"):
        return [(last_day, one) for one in reminders(calendar, last_day, before, after)]
    found = [(last_day, one) for one in reminders(calendar, last_day, before, ())]
    law = (reason or {}).get("law")
    if law:
        end = last_day_of(datetime.fromisoformat(str(law["due_at"])), law)
        found += [(end, one) for one in reminders(calendar, end, before, after)]
    return sorted(found, key=lambda pair: pair[1].at)


def _following(case_id: int, task_id: int, planned: Sequence[tuple[date, Reminder]], now: datetime) -> NewWork | None:
    """Return the next reminder."""
    day, chosen = next(((day, one) for day, one in planned if one.at > now), (None, None))
    return _work(case_id, task_id, day, chosen) if day is not None else None


def _numbers(value: object) -> list[int]:
    return [int(n) for n in value if isinstance(n, int | float)] if isinstance(value, list | tuple) else []


def last_day_of(due_at: datetime, reason: Mapping[str, Any] | None) -> date:
    """Return the last day of a time limit, which ends at 24:00 of it."""
    known = (reason or {}).get("last_day")
    return date.fromisoformat(str(known)) if known else local_date(due_at - timedelta(seconds=1))


def _provisional(reason: Mapping[str, Any] | None) -> bool:
    """Mark a reminder of a provisional date, to be found when the calendar is published."""
    return bool((reason or {}).get("provisional"))


def _work(case_id: int, task_id: int, last_day: date, chosen: Reminder | None) -> NewWork | None:
    if chosen is None:
        return None
    payload = {"task": task_id, "offset": chosen.offset, "last_day": last_day.isoformat()}
    key = f"escalate:{task_id}:{last_day}:{chosen.offset}"
    return NewWork("escalation", case_id, key, payload, chosen.at.astimezone(UTC))


def _queue_reminder(
    desk: Desk, tx: Transaction, package: Package, case: CaseRow, task: TaskRow, last_day: date, offset: int, key: str
) -> None:
    now = desk.clock.now()
    people = responsible(tx, package, case, task, now)
    heads = _heads(tx, package, task, now) if offset > 0 else []
    said = _wording(task, last_day, offset)
    rows = letter_rows([*people, *heads], case.id, key, said.zh, f"{said.zh}\n{said.en}", now)
    sent = put(tx, rows, now)
    if (case.parameters or {}).get("reminders_daily_digest") is True:
        waiting = {work.effect_key for work in sent}
        sent = [_digest(case.id, row.person_id, now) for row in rows if row.effect_key in waiting and row.person_id]
    tx.work.enqueue_many(sent, now)
    if rows:
        copied = f"，并告知负责人{len(heads)}人" if heads else ""
        note(desk, tx, case.id, SYSTEM, "reminded", f"催办{len(people)}人{copied}：{said.zh}", task.element)


def _wording(task: TaskRow, last_day: date, offset: int) -> Text:
    reason: Mapping[str, Any] = task.due_reason or {}
    if reason.get("useful") and last_day == last_day_of(task.due_at, reason):
        return useful_words(task.title, task.subject, last_day, offset, Text(str(reason["zh"]), str(reason["en"])))
    return words(task.title, task.subject, last_day, offset)


def _heads(tx: Transaction, package: Package, task: TaskRow, now: datetime) -> list[PersonRow]:
    """Return the heads of the bodies that must act; empty where none is appointed."""
    if task.body_id is not None:
        bodies = [task.body_id]
    else:
        rows = [tx.people.body_by_key(task.jurisdiction, b.id) for b in package.jurisdiction.bodies_with(task.role)]
        bodies = [row.id for row in rows if row is not None]
    return [person for body in bodies for person in tx.people.people_with(task.jurisdiction, HEAD, body, now)]


def _digest(case_id: int, person_id: int, now: datetime) -> NewWork:
    key = f"digest:{person_id}:{local_date(now)}"
    return NewWork("digest", case_id, key, {"person": person_id}, now + _DIGEST_AFTER)
