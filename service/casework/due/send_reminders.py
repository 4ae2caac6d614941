"""Send a reminder of a time limit (催办): to those who must act, later to the head of the body too, by inbox and mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.casework.step.post import letter_rows, put, responsible
from service.casework.step.reminders import last_day_of, next_reminder, planned_reminders
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.reminder_schedule import useful_words, words
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.rows import CaseRow, MailRow, PersonRow, TaskRow, WorkItemRow

HEAD = "head"
"""Role of the head of a body: notified when one of its time limits has passed."""

_DIGEST_AFTER = timedelta(minutes=30)


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
            planned = planned_reminders(calendar, case, task.due_at, task.due_reason)
            if any((day, one.offset) == (last_day, offset) for day, one in planned) and case.status == "running":
                _queue_reminder(desk, tx, package, case, task, last_day, offset, item.effect_key)
            following = next_reminder(case.id, task.id, planned, task.due_reason, now)
            if following:
                tx.work.enqueue_many([following], now)
        tx.work.finish(item, now)


def send_digest(desk: Desk, item: WorkItemRow) -> None:
    """Put the reminders of one person and day into one mail."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        rows = tx.mail.unsent_of(int(item.payload["person"]), "escalate:")
        if rows:
            text = "\n".join(_line(n, row) for n, row in enumerate(rows, 1))
            title = f"今日有{len(rows)}项待办需要关注"
            digest = MailRow(
                case_id=rows[0].case_id,
                address=rows[0].address,
                subject=title,
                text=text,
                effect_key=f"{item.effect_key}:mail",
                queued_at=now,
            )
            tx.work.enqueue_many(put(desk, tx, [digest], now), now)
            for row in rows:
                tx.mail.mark_sent(row.id, now)
        tx.work.finish(item, now)


def _queue_reminder(
    desk: Desk, tx: Transaction, package: Package, case: CaseRow, task: TaskRow, last_day: date, offset: int, key: str
) -> None:
    now = desk.clock.now()
    people = responsible(tx, package, case, task, now)
    heads = _heads(tx, package, task, now) if offset > 0 else []
    wording = _wording(task, last_day, offset)
    said = f"{wording.zh}\n{wording.en}"
    rows = letter_rows(people, case.id, key, wording.zh, f"{said}\n/tasks/{task.id}", now)
    rows += letter_rows([h for h in heads if h not in people], case.id, key, wording.zh, said, now)
    sent = put(desk, tx, rows, now)
    if (case.parameters or {}).get("reminders_daily_digest") is True:
        mails = {work.payload["message"] for work in sent if work.kind == "mail"}
        digests = [_digest(case.id, row.person_id, now) for row in rows if row.effect_key in mails and row.person_id]
        sent = [*digests, *(work for work in sent if work.kind != "mail")]
    tx.work.enqueue_many(sent, now)
    if rows:
        copied = f"，并告知负责人{len(heads)}人" if heads else ""
        note(desk, tx, case.id, SYSTEM, "reminded", f"催办{len(people)}人{copied}：{wording.zh}", task.element)


def _wording(task: TaskRow, last_day: date, offset: int) -> Text:
    reason: Mapping[str, Any] = task.due_reason or {}
    if reason.get("useful") and last_day == last_day_of(task.due_at, reason):
        return useful_words(task.title, task.subject, last_day, offset, Text(str(reason["zh"]), str(reason["en"])))
    return words(task.title, task.subject, last_day, offset)


def _line(number: int, row: MailRow) -> str:
    """Return a reminder as a line of a digest, and the page of its task beneath it."""
    pages = [line for line in row.text.split("\n") if line.startswith("/tasks/")]
    return "\n".join([f"{number}. {row.subject}", *pages])


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
