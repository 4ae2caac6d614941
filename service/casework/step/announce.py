"""Telling people of tasks that are theirs as they arrive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.casework.access.case_access import seat_for
from service.casework.step.limits.days import NO_DUE_DATE, last_day_of
from service.casework.step.post import add_page_link, list_responsible_people, list_role_holders, queue_to
from service.casework.step.step import Step
from service.catalog.jurisdiction import BodyKind
from service.catalog.scoring.scoring import edition_of
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text, join_sentences
from service.store.models import PersonRow, TaskRow

_TOLD_KINDS = frozenset({BodyKind.AUTHORITY, BodyKind.DEPARTMENT, BodyKind.GOVERNMENT})
"""Kinds of bodies whose people do not look at their list every day."""


def announce_tasks(step: Step, tasks: Iterable[TaskRow]) -> None:
    """Tell people of tasks that have just arrived: theirs by name, their organisation's, another body's than the office, sent back.

    Whoever the step writes to anyway has the letter, but not why something is sent back; who took the step is led on
    by the page. Of a score sheet its reviewer has a message in any case, with its last day.
    """
    for task in tasks:
        returned = task.note if task.note and task.note.get("sent_back_by") else None
        is_sheet = edition_of(task.form or "") is not None
        if not returned and not _is_told(step, task):
            continue
        people = list_responsible_people(step.tx, step.package, step.case, task, step.now)
        reached = _collect_reached_people(step) if people and not returned and not is_sheet else set()
        if is_sheet or step.actor.person_id not in {p.id for p in people}:
            why = _format_return(returned) if returned else None
            announce_task(step, task, [p for p in people if p.id not in reached], why)


def announce_notices(step: Step) -> None:
    """Tell the organisation that a case is about that a public notice on it has begun, unless it has a letter of the step."""
    if step.case.subject_id is None or not any(event.action == "notice" for event in step.pending.events):
        return
    rows = [
        row
        for row in step.tx.notices.select(case_id=step.case.id, posted_at__ge=step.now)
        if row.audience == "public" and not row.content.get("announcement")
    ]
    people = step.tx.people.people_of(step.case.subject_id, step.now) if rows else []
    reached = _collect_reached_people(step) if people else set()
    for row in rows:
        last = format_full_day(row.last_day)
        subject = Text(f"“{row.title}”已经张贴，{last.zh}期满。", f"“{row.title}” is posted until {last.en}.")
        text = add_page_link(subject, f"/cases/{step.case.id}")
        queue_to(step, [p for p in people if p.id not in reached], f"posted:{row.id}", subject, text)


def announce_struck(step: Step, task: TaskRow, data: Mapping[str, Any]) -> None:
    """Tell the office whom a government struck from the list that it decided on in ``task``, and why."""
    jurisdiction = step.package.jurisdiction
    if not any(body.kind is BodyKind.GOVERNMENT for body in jurisdiction.bodies_with(task.role)):
        return
    rows = [row for rows in data.values() if isinstance(rows, list) for row in rows if isinstance(row, Mapping)]
    rows = [row for row in rows if row.get("approved") is False and row.get("name")]
    if not rows:
        return
    struck = "、".join(str(row["name"]) for row in rows)
    own = [(row["name"], str(row.get("reason") or "").rstrip("。")) for row in rows]
    whom = "、".join(f"{name}（{why}）" if why else str(name) for name, why in own)
    why = str(data.get("reason") or "").rstrip("。")
    subject = Text(f"“{task.title}”没有批准{struck}", f"“{task.title}”: not approved: {struck}")
    text = Text(
        f"{step.actor.name}在“{task.title}”中没有批准{whom}{f'。理由：{why}' if why else ''}。",
        f"{step.actor.name} did not approve {whom}{f': {why}' if why else ''}.",
    )
    offices = [
        role
        for role in jurisdiction.roles
        if any(body.kind is BodyKind.OFFICE for body in jurisdiction.bodies_with(role))
    ]
    people = [p for role in offices for p in list_role_holders(step.tx, step.package, step.case, role, step.now)]
    readers = {person.id: person for person in people if person.id != step.actor.person_id}
    queue_to(step, readers.values(), f"struck:{task.id}", subject, add_page_link(text, f"/cases/{step.case.id}"))


def _is_told(step: Step, task: TaskRow) -> bool:
    jurisdiction = step.package.jurisdiction
    role = jurisdiction.roles.get(task.role)
    if (task.personal and task.assignee_id is not None) or (role is not None and role.subject):
        return True
    if task.personal or seat_for(step.actor, task) is not None:
        return False
    return any(body.kind in _TOLD_KINDS for body in jurisdiction.bodies_with(task.role))


def _format_return(note: Mapping[str, Any]) -> Text:
    who, why = note["sent_back_by"], str(note.get("reason") or "").rstrip("。")
    where = f"在“{note['step']}”中" if note.get("step") else ""
    return Text(
        f"{who}{where}退回{f'：{why}' if why else ''}。{note.get('follows') or ''}",
        f"{who} sent it back{f': {why}' if why else ''}.",
    )


def announce_task(step: Step, task: TaskRow, people: Iterable[PersonRow], why: Text | None = None) -> None:
    """Tell ``people`` of one task that has just arrived, and ``why`` where it does not explain itself."""
    last = None if task.due_at == NO_DUE_DATE else format_full_day(last_day_of(task.due_at, task.due_reason))
    subject = Text(
        f"请您办理：“{task.title}”（{task.subject}）{f'，最迟{last.zh}' if last else ''}。",
        f"For you to do: “{task.title}” ({task.subject}){f', by {last.en}' if last else ''}.",
    )
    page = f"/ballots/{(task.note or {})['ballot']}" if task.kind == "ballot" else f"/tasks/{task.id}"
    text = join_sentences([why, subject], "\n") if why else subject
    queue_to(step, people, f"arrived:{task.engine_id}:{task.entry}", subject, add_page_link(text, page))


def _collect_reached_people(step: Step) -> set[int]:
    """Return who gets a message or a document of this step."""
    tx, case = step.tx, step.case
    rows = tx.mail.select(case_id=case.id, queued_at__ge=step.now)
    issued = any(event.action == "document" for event in step.pending.events)
    documents = tx.documents.select(case_id=case.id, issued_at__ge=step.now) if issued else []
    roles = {role for row in documents for role in row.recipients}
    people = [p for role in roles for p in list_role_holders(tx, step.package, case, role, step.now)]
    return {row.person_id for row in rows if row.person_id is not None} | {p.id for p in people}
