"""A task with its form: what programs read, and what a submission is checked against; its page shows more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    is_free,
    may_see_task,
    may_urge,
    may_view_case,
    named_for,
    require_may_handle,
    seat_for,
)
from service.casework.access.declarations import LATE_TIE_WAITS, late_declarations
from service.casework.access.guards import guarded
from service.casework.access.tie_guard import find_tie
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.case_loading import open_read_only, token_data
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.corrections import Correction, correction_of
from service.casework.reading.cut_off_tasks import describe_cut_off
from service.casework.reading.found_by_program import Conditions, conditions_beside
from service.casework.reading.signs import awaited_names, last_day_has_come, sent_reason
from service.casework.step.fill import form_settings
from service.casework.step.limits.paper_entry import describe_closed, find_closed_day
from service.casework.step.step import Step
from service.casework.tasks.prefill import (
    FirstValues,
    FormerAnswers,
    find_earlier_application,
    merge_values,
    opening_of,
)
from service.catalog import Element, Package
from service.catalog.called_processes import may_post_notice
from service.catalog.joined_steps import joined_steps
from service.catalog.jurisdiction import Role
from service.catalog.parameters.parameters import Basis, Unit
from service.catalog.scoring.scoring import edition_of
from service.catalog.settings.setting_reach import names_in
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.forms import Form, ReadableForm
from service.domain.forms.describe import FieldInfo
from service.domain.signatures import SENT
from service.domain.text import Text
from service.domain.values.bounds import TaskState
from service.domain.values.value_at import value_at
from service.domain.wording.article_words import english_article
from service.store import Surroundings, Transaction
from service.store.models import DraftRow, TaskRow

STILL_TYPING = timedelta(minutes=30)
"""How long after the last draft somebody counts as filling in a task."""


@dataclass(frozen=True, slots=True)
class FormerRound:
    """What ``who`` submitted at this step before, as form ``id``; ``blank`` are the paths of fields to be decided again."""

    id: int
    who: str
    at: datetime
    values: Mapping[str, Any]
    blank: frozenset[str]

    @property
    def blank_values(self) -> dict[str, Any]:
        """The former values of the fields that are blank again, by their paths."""
        return {path: value_at(self.values, path.split(".")) for path in self.blank}


@dataclass(frozen=True, slots=True)
class Typing:
    """Who else fills in the same task, and when they last typed."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskForm:
    """A task with what is filled in; ``why_not`` says why it is shown read-only, None for who may do it.

    ``former`` is what was submitted before, where the step is done anew and something must be decided again.
    ``filled_from`` is when what is filled in was sent with an earlier application of the same round.
    ``joined`` are the steps that its applicant does one after the other, this one at ``at_step`` of them, from 1.
    ``values`` are there for who may do it: programs get what is asked, as it may be sent, and as ``context`` what the
    program fills in and what conditions of fields read from elsewhere, which is not sent. Others have ``read``.
    ``form`` is there while the task waits, ``drawn`` also when it is over: what was on its way is read with it.
    ``colleagues`` are the names of the others who hold its role there, where the form asks for one.
    ``posts`` says that submitting it may post a notice; ``at`` is its step as "process/element".
    ``draft_page`` is the page that the draft was saved from.
    ``typing`` are those who fill in the same unclaimed task just now. ``conditions`` are those of the application that
    the program decides beside its form, for who may do it.
    """

    id: int
    version: int
    case_id: int
    kind: str
    title: str
    subject: str
    state: TaskState
    limit: TimeLimit
    clauses: tuple[CitedArticle, ...]
    consequence: str
    package: Package
    form: Form | None
    drawn: Form | None
    values: Mapping[str, Any]
    read: ReadableForm | None
    stored: Mapping[str, Any]
    draft_saved_at: datetime | None
    draft_page: str
    former: FormerRound | None
    filled_from: datetime | None
    joined: tuple[str, ...]
    at_step: int
    correction: Correction | None
    today: date
    why_not: Text | None
    colleagues: tuple[str, ...]
    typing: tuple[Typing, ...]
    posts: bool = False
    conditions: Conditions | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""

    @property
    def fields(self) -> tuple[FieldInfo, ...]:
        """The fields of the form; in lists their path has ``[]``."""
        return self.form.fields_of(self.stored, self.today) if self.form else ()

    @property
    def may_act(self) -> bool:
        """Whether the reader may do the task."""
        return self.why_not is None


@guarded("task.view")
def view_task_form(desk: Desk, actor: Actor, task_id: int, *, drafted: bool = True) -> TaskForm:
    """Return task ``task_id`` with its form, ``drafted`` with what the actor typed before; raises as `view_task`."""
    with desk.store.read() as tx:
        task, step, _ = opened(desk, tx, actor, task_id)
        return TaskForm(**form_parts(desk, tx, actor, task, step, drafted=drafted))


def opened(desk: Desk, tx: Transaction, actor: Actor, task_id: int) -> tuple[TaskRow, Step, Surroundings]:
    """Return a task the actor may look at, a read-only step over its case, and the names beside it.

    Raises NotFound, NotAllowed.
    """
    task, case, around = tx.cases.of_task(task_id)
    require_may_handle(tx, named_for(actor, task), case)
    if not may_see_task(actor, task) or (seat_for(actor, task) is None and not may_view_case(actor, case, tx)):
        raise NotAllowed(
            Text(
                "这项待办由其他单位办理，您目前的角色看不到它。",
                "This task is for another body; your present role may not look at it.",
            )
            if task.state == "open"
            else Text(
                "这项待办由其他单位办理，已经办完或者不再需要办理，不用您做什么。",
                "This task was for another body. It is done or no longer needed: there is nothing for you to do.",
            )
        )
    return task, open_read_only(desk, tx, case, actor), around


def works_on(actor: Actor, task: TaskRow) -> bool:
    """Return whether ``actor`` reads what stands in a task's form and why it came back: who may do it, and who oversees it."""
    return seat_for(actor, task) is not None or actor.oversees(task.jurisdiction)


def form_parts(
    desk: Desk, tx: Transaction, actor: Actor, task: TaskRow, step: Step, *, drafted: bool = True
) -> dict[str, Any]:
    """Return the fields of a `TaskForm`."""
    element = step.element(task.process_id, task.element)
    waits = task.state == "open"
    has_form = task.form and (
        waits or step.package.has_form(task.form)
    )  # the case may have gone on under another version
    drawn = desk.packages.form(step.package, task.form) if task.form and has_form else None
    form = drawn if waits else None
    opening = opening_of(step, task) if form and works_on(actor, task) else FirstValues({})
    first = opening.values
    drafts = tx.drafts.of_task(task.id) if form and drafted else []
    draft = next((draft_row for draft_row in drafts if draft_row.person_id == actor.person_id), None)
    colleagues = _list_colleagues(tx, actor, task, step) if form and drafted and form.asks_for_colleague else ()
    begun = form.with_names(first, named_for(actor, task).name, colleagues) if form and seat_for(actor, task) else first
    earlier = find_earlier_application(step, task) if form and not draft and seat_for(actor, task) else None
    values = {**first, **draft.data} if draft else merge_values(earlier.data, begun) if earlier else begun
    stored = {**form_settings(step.package, step.case.parameters), **first} if form else first
    why_not = _why_not(step, actor, task)
    calendar = desk.calendar(step.package.jurisdiction.calendar)
    state = "done" if not waits else state_in(step.case.status)
    return {
        "id": task.id,
        "version": task.version,
        "case_id": task.case_id,
        "kind": task.kind,
        "title": task.title,
        "subject": task.subject,
        "state": task.state,
        "limit": _with_basis(
            time_limit(calendar, task.due_at, task.due_reason, step.now, state), step.package, element, task
        ),
        "clauses": cite(step.package, task.clauses),
        "posts": waits and may_post_notice(step.package, task.process_id, task.element),
        "consequence": step.text(element.consequence, token_data(step, task)) if element.consequence and waits else "",
        "package": step.package,
        "form": form,
        "drawn": drawn,
        "values": values if why_not is None else {},
        "read": ReadableForm(form, values, local_date(step.now), stored) if form and why_not is not None else None,
        "stored": stored,
        "draft_saved_at": draft.saved_at if draft else None,
        "draft_page": draft.page if draft else "",
        "former": _build_former_round(tx, opening.former) if opening.former and seat_for(actor, task) else None,
        "filled_from": earlier.at if earlier else None,
        **_describe_joined_tasks(step, task),
        "correction": correction_of(step, task, first) if form else None,
        "today": local_date(step.now),
        "why_not": why_not,
        "colleagues": colleagues,
        "at": f"{task.process_id}/{task.element}",
        "typing": _list_typing(tx, actor, task, drafts, step.now),
        "conditions": conditions_beside(step, task.role, form) if form and drafted and why_not is None else None,
    }


def _with_basis(limit: TimeLimit, package: Package, element: Element, task: TaskRow) -> TimeLimit:
    """Return the limit with the article that gives its number of days in its reason; one of its own day has none."""
    if limit.reason is None or limit.useful or (task.due_reason or {}).get("fixed"):
        return limit
    names = names_in(element.properties.get("due", ""))
    read = [package.award.parameters.get(name) for name in sorted(names)]
    days = [p for p in read if p is not None and p.unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)]
    if not days:
        return limit
    articles = [c.article for p in days if p.source is Basis.STATED for c in cite(package, p.clauses)]
    basis = (
        Text(f"天数依据{'、'.join(articles)}", f"number of days: {', '.join(map(english_article, articles))}")
        if articles
        else Text("条文没有写明天数，由本地设定", "the text states no number of days, it is set here")
    )
    return replace(limit, reason=Text(f"{limit.reason.zh}；{basis.zh}", f"{limit.reason.en}; {basis.en}"))


def _list_typing(
    tx: Transaction, actor: Actor, task: TaskRow, drafts: Sequence[DraftRow], now: datetime
) -> tuple[Typing, ...]:
    """Return who else typed into an unclaimed task within the last minutes, for who may do it, too."""
    if task.assignee_id is not None or seat_for(actor, task) is None:
        return ()
    since = now - STILL_TYPING
    others = [
        draft_row for draft_row in drafts if draft_row.person_id != actor.person_id and draft_row.saved_at > since
    ]
    names = tx.people.named({draft_row.person_id for draft_row in others})
    return tuple(Typing(names.get(draft_row.person_id, ""), draft_row.saved_at) for draft_row in others)


def _describe_joined_tasks(step: Step, task: TaskRow) -> dict[str, Any]:
    joined = joined_steps(step.package, task.process_id, task.element)
    at = next((n for n, joined_task in enumerate(joined, 1) if joined_task.id == task.element), 0)
    return {"joined": tuple(joined_task.name or joined_task.id for joined_task in joined), "at_step": at}


def _build_former_round(tx: Transaction, former: FormerAnswers) -> FormerRound:
    row = former.row
    names = tx.people.named({row.person_id} if row.person_id is not None else ())
    return FormerRound(row.id, names.get(row.person_id or 0, ""), row.at, row.data, former.blank)


def _get_role_seat(task: TaskRow, role: Role | None) -> tuple[str, str, int | None]:
    """Return where, as what and at which body somebody holds the role of a task."""
    return ("*" if role is not None and role.subject else task.jurisdiction, task.role, task.body_id)


def _list_colleagues(tx: Transaction, actor: Actor, task: TaskRow, step: Step) -> tuple[str, ...]:
    role = step.package.jurisdiction.roles.get(task.role)
    people = tx.people.people_with(*_get_role_seat(task, role), step.now)
    return tuple(p.name for p in people if p.id != actor.person_id)


def _done_by(step: Step, actor: Actor, task: TaskRow) -> Text:
    """Return the body that does a task, for who oversees its place; for others, or where every body may, its role."""
    if task.body_id is not None and not task.personal and actor.oversees(task.jurisdiction):
        name = step.tx.bodies.get(task.body_id).name
        return Text(name, name)
    role = step.package.jurisdiction.roles.get(task.role)
    return role.text if role is not None else Text("其他单位或角色", "another role or body")


def _why_not(step: Step, actor: Actor, task: TaskRow) -> Text | None:
    if task.state == "done":
        return Text("此事项已经办结。", "This task is done.")
    if task.state != "open":
        return describe_cut_off(step.desk, step.tx, step.package, step.case, task) or Text(
            "此事项已不再需要办理。", "This task is no longer needed."
        )
    if seat_for(actor, task) is None:
        who = _done_by(step, actor, task)
        if step.case.status == "suspended" and may_urge(actor, task):
            return Text(
                f"此事项由{who.zh}办理，您可以查看。办件已暂停，恢复以后才能催办。",
                f"This task is for {who.en}; you may look at it. The case is suspended: nobody is urged until it goes on.",
            )
        return Text(f"此事项由{who.zh}办理，您可以查看。", f"This task is for {who.en}; you may look at it.")
    if not is_free(actor, task):
        return Text("此事项已由同事认领，您可以查看。", "A colleague has claimed this task; you may look at it.")
    if step.case.status == "suspended":
        return Text(
            "办件已由管理员暂停，恢复之前不能提交。",
            "The case is suspended by an administrator; nothing can be submitted.",
        )
    if edition_of(task.form or "") is not None and actor.person_id in late_declarations(step.tx, step.case):
        return LATE_TIE_WAITS
    closed = find_closed_day(step, task, step.today)
    if closed is not None:
        return describe_closed(closed)
    tie = find_tie(step.tx, actor, task, step.case, step.now)
    if tie is not None:
        return tie
    if task.signs_open == SENT and not last_day_has_come(task, step.now):
        ask = step.tx.sign_asks.find("-id", task_id=task.id, state="open")
        return sent_reason(awaited_names(step.tx, ask)) if ask is not None else None
    return None
