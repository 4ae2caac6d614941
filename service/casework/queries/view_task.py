"""The page of a task: its form, what it causes, and the case in brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_not_recused, may_see_task, may_view_case, seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, time_limit
from service.casework.queries.redact_history import redact_history
from service.casework.reading.case_summary import Brief, brief_of
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.corrections import CorrectedForm, Correction, change_before, correction_of
from service.casework.reading.open_read_only import open_read_only, token_data
from service.casework.reading.submissions import Submission, readable_uploads, submissions_of
from service.casework.step.form_settings import form_settings
from service.casework.step.step import Step
from service.casework.tasks.prefill import first_values
from service.casework.tasks.send_back import returnable_to
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.forms import Form
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.rows import TaskRow

LAST_FORMS = 8
"""How many submitted forms stand beside a task; all of them stand on the page of the case."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do with the task; ``why_not`` says why it is shown read-only."""

    act: bool
    claim: bool
    release: bool
    send_back: bool
    delegates: tuple[tuple[int, str], ...]
    why_not: Text | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with everything its page shows; ``answer`` is the form with which it was done, where the reader may open it."""

    id: int
    version: int
    case_id: int
    kind: str
    title: str
    subject: str
    step: str
    role: Text
    state: str
    assignee: str | None
    limit: TimeLimit
    clauses: tuple[CitedArticle, ...]
    note: Mapping[str, Any] | None
    instructions: str
    consequence: str
    form: Form | None
    values: Mapping[str, Any]
    stored: Mapping[str, Any]
    draft_saved_at: datetime | None
    today: date
    rights: Rights
    brief: Brief
    done_at: datetime | None = None
    answer: int | None = None
    submissions: tuple[Submission, ...] = ()
    correction: Correction | None = None
    change: CorrectedForm | None = None


@guarded("task.view")
def view_task(desk: Desk, actor: Actor, task_id: int) -> TaskView:
    """Return task ``task_id``; raises NotFound, NotAllowed when it is neither the person's nor in a case they may see."""
    with desk.store.read() as tx:
        task, step = opened(desk, tx, actor, task_id)
        return _view(desk, tx, actor, task, step)


@guarded("task.view")
def note_opened(desk: Desk, actor: Actor, task_id: int) -> None:
    """Note that a holder of the role has opened the task: from now on the step before cannot be taken back."""
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
    if task.opened_at is not None or task.state != "open" or seat_for(actor, task) is None:
        return
    try:
        with desk.store.write() as tx:
            task = tx.tasks.get(task_id)
            if task.opened_at is None and task.state == "open":
                tx.tasks.update(task.id, task.version, opened_at=desk.clock.now())
    except Stale:
        return  # another person opened or changed it at the same moment: noted all the same


def opened(desk: Desk, tx: Transaction, actor: Actor, task_id: int) -> tuple[TaskRow, Step]:
    """Return a task the actor may look at, and a read-only step over its case; raises NotFound, NotAllowed."""
    task = tx.tasks.get(task_id)
    case = tx.cases.get(task.case_id)
    demand_not_recused(actor, case)
    if not may_see_task(actor, task) or (seat_for(actor, task) is None and not may_view_case(actor, case, tx)):
        raise NotAllowed(
            Text(
                "这项待办由其他单位办理，您目前的角色看不到它。",
                "This task is for another body; your present role may not look at it.",
            )
        )
    return task, open_read_only(desk, tx, case, actor)


def _view(desk: Desk, tx: Transaction, actor: Actor, task: TaskRow, step: Step) -> TaskView:
    element = step.element(task.process_id, task.element)
    role = step.package.jurisdiction.roles.get(task.role)
    people = tx.people.people_with(*_holders(task, role is not None and role.subject), step.now)
    names = {p.id: p.name for p in people} | tx.people.named({i for i in (task.assignee_id,) if i is not None})
    form = desk.packages.form(step.package, task.form) if task.form and task.state == "open" else None
    first = first_values(step, task) if form else {}
    earlier = _earlier_forms(desk, tx, actor, step)
    draft = tx.forms.draft(task.id, actor.person_id) if actor.person_id is not None else None
    data = token_data(step, task)
    calendar = desk.calendar(step.package.jurisdiction.calendar)
    state = "done" if task.state != "open" else "paused" if step.case.status == "suspended" else "running"
    return TaskView(
        id=task.id,
        version=task.version,
        case_id=task.case_id,
        kind=task.kind,
        title=task.title,
        subject=task.subject,
        step=element.name or task.title,
        role=role.text if role else Text(task.role, task.role),
        state=task.state,
        assignee=names.get(task.assignee_id) if task.assignee_id is not None else None,
        limit=time_limit(calendar, task.due_at, task.due_reason, step.now, state),
        clauses=cite(step.package, task.clauses),
        note=task.note or None,
        instructions=element.instructions,
        consequence=step.text(element.consequence, data) if element.consequence and task.state == "open" else "",
        form=form,
        values={**first, **draft.data} if draft else first,
        stored={**form_settings(step.package, step.case.parameters), **first} if form else first,
        draft_saved_at=draft.saved_at if draft else None,
        today=local_date(step.now),
        rights=_rights(step, actor, task, [(p.id, p.name) for p in people]),
        brief=redact_history(
            tx, brief_of(desk, tx, step.case), actor, readable_uploads(tx, actor, step.case, step.package)
        ),
        done_at=task.done_at,
        answer=next((s.id for s in earlier if s.task_id == task.id), None),
        submissions=earlier[:LAST_FORMS],
        correction=correction_of(step, task, first) if form else None,
        change=change_before(step, task) if may_view_case(actor, step.case, tx) else None,
    )


def _earlier_forms(desk: Desk, tx: Transaction, actor: Actor, step: Step) -> tuple[Submission, ...]:
    """Return the forms of the case that the reader may open, newest first: what a decision rests on."""
    if not may_view_case(actor, step.case, tx):
        return ()
    found = submissions_of(desk, tx, actor, step.case, step.package, names=False)
    own = step.case.subject_id in actor.body_ids and not actor.oversees(step.case.jurisdiction)
    return tuple(s for s in found if s.own or not own)


def _holders(task: TaskRow, subject: bool) -> tuple[str, str, int | None]:
    return ("*" if subject else task.jurisdiction, task.role, task.body_id)


def _rights(step: Step, actor: Actor, task: TaskRow, people: Sequence[tuple[int, str]]) -> Rights:
    why_not = _why_not(step, actor, task)
    holds = seat_for(actor, task) is not None and task.state == "open" and not task.personal
    act = why_not is None
    others = tuple(p for p in people if p[0] != actor.person_id) if holds else ()
    return Rights(
        act=act,
        claim=holds and task.assignee_id is None,
        release=holds and task.assignee_id == actor.person_id,
        send_back=act and task.kind == "form" and returnable_to(step, task) is not None,
        delegates=others,
        why_not=why_not,
    )


def _why_not(step: Step, actor: Actor, task: TaskRow) -> Text | None:
    if task.state == "done":
        return Text("此事项已经办结。", "This task is done.")
    if task.state != "open":
        return Text("此事项已不再需要办理。", "This task is no longer needed.")
    if seat_for(actor, task) is None:
        return Text(
            "此事项由其他单位或角色办理，您可以查看。", "This task is for another role or body; you may look at it."
        )
    if task.assignee_id not in (None, actor.person_id):
        return Text("此事项已由同事认领，您可以查看。", "A colleague has claimed this task; you may look at it.")
    if step.case.status == "suspended":
        return Text(
            "办件已由管理员暂停，恢复之前不能提交。",
            "The case is suspended by an administrator; nothing can be submitted.",
        )
    return None
