"""Telling people of tasks that are theirs as they arrive."""

from __future__ import annotations

from collections.abc import Iterable

from service.casework.step.limits.days import NO_DUE_DATE, last_day_of
from service.casework.step.post import add_page_link, list_responsible_people, list_role_holders, queue_to
from service.casework.step.step import Step
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text, join_sentences
from service.store.models import PersonRow, TaskRow


def announce_tasks(step: Step, tasks: Iterable[TaskRow]) -> None:
    """Tell people of tasks that are theirs by name, or their organisation's, and have just arrived.

    Whoever the step writes to anyway has the letter, and who took the step is led on by the page.
    """
    for task in tasks:
        role = step.package.jurisdiction.roles.get(task.role)
        if (task.personal and task.assignee_id is not None) or (role is not None and role.subject):
            people = list_responsible_people(step.tx, step.package, step.case, task, step.now)
            reached = _collect_reached_people(step) if people else set()
            if step.actor.person_id not in {p.id for p in people}:
                announce_task(step, task, [p for p in people if p.id not in reached])


def announce_task(step: Step, task: TaskRow, people: Iterable[PersonRow], why: Text | None = None) -> None:
    """Tell ``people`` of one task that has just arrived, and ``why`` where it does not explain itself."""
    last = None if task.due_at == NO_DUE_DATE else format_full_day(last_day_of(task.due_at, task.due_reason))
    subject = Text(
        f"请您办理：“{task.title}”（{task.subject}）{f'，最迟{last.zh}' if last else ''}。",
        f"For you to do: “{task.title}” ({task.subject}){f', by {last.en}' if last else ''}.",
    )
    page = f"/ballots/{(task.note or {})['ballot']}" if task.kind == "ballot" else f"/tasks/{task.id}"
    text = join_sentences([subject, why], "\n") if why else subject
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
