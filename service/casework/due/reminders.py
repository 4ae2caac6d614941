"""Reminders (催办): of a time limit, of a task that has waited long, of a bad rating without answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.cases.rate import office_people
from service.casework.desk.channels import names_page
from service.casework.desk.desk import Desk
from service.casework.reading.cut_off_tasks import describe_cut_off
from service.casework.reading.english import in_language
from service.casework.step.history import append_case_event
from service.casework.step.limits.days import last_day_of
from service.casework.step.limits.reminders import next_reminder, planned_reminders
from service.casework.step.post import add_page_link, digest_work, letter_rows, list_responsible_people, put
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.calendar.reminder_schedule import offset_on, useful_words, words
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import CaseRow, MailRow, PersonRow, TaskRow, WorkItemRow

HEAD = "head"
"""Role of the head of a body: notified when one of its time limits has passed."""


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
            chosen = next((reminder for day, reminder in planned if (day, reminder.offset) == (last_day, offset)), None)
            element = package.element(task.process_id, task.element)
            over = local_date(now) > last_day and bool(
                element.properties.get("paper_entry")
            )  # nobody can do it any more
            if chosen is not None and case.status == "running":
                offset = offset_on(calendar, last_day, chosen, local_date(now))
                if not over:
                    _queue_reminder(desk, tx, package, case, task, last_day, offset, item.effect_key)
            following = next_reminder(case.id, task.id, planned, task.due_reason, now)
            if following:
                tx.work.enqueue_many([following], now)
        elif task.state != "done":
            _tell_cut_off(desk, tx, task, item.effect_key)
        tx.work.finish(item, now)


def _tell_cut_off(desk: Desk, tx: Transaction, task: TaskRow, key: str) -> None:
    """Tell those who did not do a task in time that it is theirs no more, and what became of it."""
    case, now = tx.cases.get(task.case_id), desk.clock.now()
    package = desk.packages.get(case.definition, tx)
    role = package.jurisdiction.roles.get(task.role)
    state = describe_cut_off(desk, tx, package, case, task)
    if state is None or (role is not None and role.subject):  # what lapsed for who applies is told by a letter
        return
    subject = Text(
        f"没有按期办理“{task.title}”（{task.subject}）", f"Not done in time: “{task.title}” ({task.subject})"
    )
    people = list_responsible_people(tx, package, case, task, now)
    rows = letter_rows(people, case.id, key, subject, add_page_link(state, f"/tasks/{task.id}"), now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def send_digest(desk: Desk, item: WorkItemRow) -> None:
    """Put the reminders that one person gets in a day into one mail."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        rows = tx.mail.unsent_of(int(item.payload["person"]), ("escalate:",))
        if rows:
            reader = tx.people.get(int(item.payload["person"]))
            text = "\n".join(
                _format_digest_line(n, _translate_mail(desk, tx, row, reader)) for n, row in enumerate(rows, 1)
            )
            digest = MailRow(
                case_id=rows[0].case_id,
                address=rows[0].address,
                subject=_format_subject(len(rows)).pick(reader.language),
                text=text,
                effect_key=f"{item.effect_key}:mail",
                queued_at=now,
            )
            tx.work.enqueue_many(put(desk, tx, [digest], now), now)
            for row in rows:
                tx.mail.change(row.id, sent_at=now)
        tx.work.finish(item, now)


def _format_subject(count: int) -> Text:
    """Return the subject of a day's mail: so many tasks whose limit comes or has passed."""
    return Text(f"今日有{count}项待办需要关注", f"Tasks that need attention today: {count}")


def _queue_reminder(
    desk: Desk, tx: Transaction, package: Package, case: CaseRow, task: TaskRow, last_day: date, offset: int, key: str
) -> None:
    now = desk.clock.now()
    people = list_responsible_people(tx, package, case, task, now)
    heads = _list_body_heads(tx, package, task, now) if offset > 0 else []
    wording = _format_reminder(task, last_day, offset)
    if wording is None:
        return
    rows = letter_rows(people, case.id, key, wording, add_page_link(wording, f"/tasks/{task.id}"), now)
    rows += letter_rows([h for h in heads if h not in people], case.id, key, wording, wording, now)
    sent = put(desk, tx, rows, now)
    if (case.parameters or {}).get("reminders_daily_digest") is True:
        sent = _in_digests(rows, sent, now)
    tx.work.enqueue_many(sent, now)
    if rows:
        copied = f"，并告知负责人{len(heads)}人" if heads else ""
        body = tx.bodies.get(task.body_id).name if task.body_id is not None else ""
        entry_text = f"催办{body}{len(people)}人{copied}：{wording.zh}"
        append_case_event(desk, tx, case.id, SYSTEM, "reminded", entry_text, task.element)


def _in_digests(rows: Sequence[MailRow], sent: Sequence[NewWork], now: datetime) -> list[NewWork]:
    """Return the work of sending with one mail a day for each person."""
    by_key = {row.effect_key: row for row in rows}
    return [
        digest_work(row.case_id, row.person_id, now)
        if work.kind == "mail" and (row := by_key.get(str(work.payload["message"]))) and row.person_id
        else work
        for work in sent
    ]


def _format_reminder(task: TaskRow, last_day: date, offset: int) -> Text | None:
    """Return what a reminder says, None for a last useful day that is over: what follows from it is told by itself."""
    reason: Mapping[str, Any] = task.due_reason or {}
    if reason.get("useful") and last_day == last_day_of(task.due_at, reason):
        if offset > 0:
            return None
        return useful_words(task.title, task.subject, last_day, offset, Text(str(reason["zh"]), str(reason["en"])))
    return words(task.title, task.subject, last_day, offset)


def _translate_mail(desk: Desk, tx: Transaction, row: MailRow, reader: PersonRow) -> MailRow:
    """Return a message in the language of its reader: the mail of a day names nobody any more who would say which."""
    subject, text = (in_language(desk, tx, words, reader.language) for words in (row.subject, row.text))
    return replace(row, subject=subject, text=text)


def _format_digest_line(number: int, row: MailRow) -> str:
    """Return a reminder as a line of a digest, the page that it leads to beneath it."""
    pages = (line for line in row.text.split("\n") if names_page(line))
    return "\n".join([f"{number}. {row.subject}", *pages])


def _list_body_heads(tx: Transaction, package: Package, task: TaskRow, now: datetime) -> list[PersonRow]:
    """Return the heads of the bodies that must act; empty where none is appointed."""
    if task.body_id is not None:
        bodies = [task.body_id]
    else:
        rows = [
            tx.bodies.find(jurisdiction=task.jurisdiction, key=b.id)
            for b in package.jurisdiction.bodies_with(task.role)
        ]
        bodies = [row.id for row in rows if row is not None]
    return [person for body in bodies for person in tx.deputies.reached(task.jurisdiction, HEAD, body, now)]


def remind_task_holders(desk: Desk, item: WorkItemRow) -> None:
    """Remind those who hold the task that it still waits; does nothing when it is done."""
    with desk.store.write() as tx:
        task = tx.tasks.get(int(item.payload["task"]))
        if task.state == "open":
            people = tx.deputies.reached(task.jurisdiction, task.role, task.body_id, desk.clock.now())
            message = Text(
                f"“{task.title}”（{task.subject}）等待办理。", f"“{task.title}” ({task.subject}) is waiting."
            )
            text = add_page_link(message, f"/tasks/{task.id}")
            rows = letter_rows(people, task.case_id, item.effect_key, message, text, desk.clock.now())
            tx.mail.queue_many(rows)
            if people:
                body = tx.bodies.get(task.body_id).name if task.body_id is not None else ""
                entry_text = f"已提醒{body}{len(people)}人办理“{task.title}”（{task.subject}）"
                append_case_event(desk, tx, task.case_id, SYSTEM, "reminded", entry_text, task.element)
        tx.work.finish(item, desk.clock.now())


def remind_of_rating(desk: Desk, item: WorkItemRow) -> None:
    """Tell the people of the office before the last day, or once it is over; does nothing when it was answered."""
    now, case_id = desk.clock.now(), int(item.payload["case"])
    late = item.payload.get("name") == "late"
    with desk.store.write() as tx:
        row = tx.ratings.find(case_id=case_id)
        if row is not None and row.answered_at is None and row.reply_by is not None:
            title = tx.cases.get(case_id).title
            day = f"{row.reply_by.year}年{row.reply_by.month}月{row.reply_by.day}日"
            state = f"答复期限{day}已过" if late else f"请于{day}前答复"
            deadline_text = (
                "the last day to answer is over" if late else f"answer it by {format_full_day(row.reply_by).en}"
            )
            subject = Text(f"差评待答复：{title}", f"A bad rating waits for an answer: {title}")
            text = Text(f"“{title}”的差评还没有答复，{state}。", f"A bad rating of “{title}” waits: {deadline_text}.")
            people = office_people(tx, row, now)
            rows = letter_rows(
                people, case_id, item.effect_key, subject, add_page_link(text, f"/cases/{case_id}/rating"), now
            )
            tx.work.enqueue_many(put(desk, tx, rows, now), now)
            append_case_event(desk, tx, case_id, SYSTEM, "reminded", f"已提醒办公室{len(people)}人答复评价")
        tx.work.finish(item, now)
