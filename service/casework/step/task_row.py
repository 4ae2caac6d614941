"""The row of a user task: role, body, assignee, form and due date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.casework.access.case_access import seat_for
from service.casework.step.case_state import Returned
from service.casework.step.decide import is_deliberate_null
from service.casework.step.fill import fill
from service.casework.step.incident import Incident, open_incident
from service.casework.step.instants import as_instant, explain_window
from service.casework.step.limits.days import NO_DUE_DATE, Limit, data_of
from service.casework.step.limits.given_days import Place, moved_window
from service.casework.step.limits.useful_days import limit_of
from service.casework.step.step import Step
from service.catalog import Element
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number
from service.engine import PersonTask
from service.store.models import TaskRow

NO_LIMIT = "due"
"""Kind of the incident of a task whose time limit came to nothing."""
NO_ASSIGNEE, NO_BODY, NO_ROLE = "assignee", "body", "role"
"""Kinds of the incidents of a task for which nobody, no body, or no role came of the formula that names it."""
NO_REMINDER = "remind"
"""Kind of the incident of a task of which nobody would be reminded although its diagram says when."""


def new_task(
    step: Step, task: PersonTask, returned: Returned | None = None, note: Mapping[str, Any] | None = None
) -> TaskRow:
    """Return the row for a person task that has just begun to wait, ``returned`` where it opens again, else with ``note``.

    One that was taken back is nobody's where its role is another's by now; one person's own stays whose it is.
    """
    element = step.element(task.process_id, task.element_id)
    due, reason = _get_due(step, element.properties.get("due"), task)
    entry = step.projection.entries.get(_format_place(task), 0) + 1
    step.projection.entries[_format_place(task)] = entry
    personal = "assignee" in element.properties
    row = TaskRow(
        case_id=step.case.id,
        engine_id=task.id,
        entry=entry,
        process_id=task.process_id,
        element=task.element_id,
        call_path=list(task.call_path),
        subject=step.case.title,
        jurisdiction=step.case.jurisdiction,
        **{
            **build_task_changes(step, task),
            **({"assignee_id": returned.assignee} if returned and not personal else {}),
        },
        due_at=due,
        due_reason=reason,
        note=dict(returned.note) if returned else note and dict(note),
        created_at=step.now,
        personal=personal,
    )
    taken = returned is not None and returned.assignee is not None and not personal
    return replace(row, assignee_id=None) if taken and seat_for(step.actor, row) is None else row


def build_task_changes(step: Step, task: PersonTask) -> dict[str, Any]:
    """Return what the diagram says now of who does a waiting task, and with which form; its limit stands apart."""
    element = step.element(task.process_id, task.element_id)
    role = _get_role(step, element, task)
    return {
        "title": _fill_title(step, element.properties.get("title") or element.name, task),
        "role": role,
        "body_id": body_of(step, role, element.properties.get("body"), task),
        "assignee_id": _find_assignee(step, element.properties.get("assignee"), task),
        "form": _get_form_id(step, element.properties.get("form"), task),
        "clauses": list(step.clauses_of(element, task.call_path)),
    }


def _get_role(step: Step, element: Element, task: PersonTask) -> str:
    """Return the role: the one drawn, or the one a setting names (``role_from``) where the city has such a role."""
    drawn, expression = step.package.role_of(element), element.properties.get("role_from")
    if not expression:
        return drawn
    named = step.package.jurisdiction.bind(str(_evaluate_holder(step, task, NO_ROLE, expression)))
    return named if named in step.package.jurisdiction.roles else drawn


def body_of(step: Step, role: str, expression: str | None, task: PersonTask) -> int | None:
    """Return the body that must act: named by the element, the case's organisation, or the body bound to the role."""
    if expression:
        value = _evaluate_holder(step, task, NO_BODY, expression)
        return step.body_id(str(value)) if value is not None else None
    role_info = step.package.jurisdiction.roles.get(role)
    if role_info is not None and role_info.subject:
        return step.case.subject_id
    return step.projection.parties.get(role)


def _find_assignee(step: Step, expression: str | None, task: PersonTask) -> int | None:
    """Return the person assigned to the task: the one (row number) the element names."""
    if not expression:
        return None
    value = _evaluate_holder(step, task, NO_ASSIGNEE, expression)
    number = None if value is None else whole_number(str(value))
    if number is not None and step.tx.people.by_id([number]):
        return number
    if value is not None:
        _report_handler(step, task, NO_ASSIGNEE, expression, value)
    return None


def _evaluate_holder(step: Step, task: PersonTask, kind: str, expression: str) -> object:
    """Return who or what the formula names; where that is nobody and is not meant so, None with an incident of ``kind``."""
    data = data_of(task)
    is_open = bool(step.instance.undecided(expression, data))
    value = None if is_open else step.instance.evaluate(expression, data)[0]
    if is_open or (value is None and not is_deliberate_null(step, task.process_id, expression, data)):
        _report_handler(step, task, kind, expression, value)
    return value


def _get_due(step: Step, expression: str | None, task: PersonTask) -> Limit:
    """Return by when the task must be done: its own day, or the last useful one where that is earlier."""
    value, windows = step.instance.evaluate(expression, task.data) if expression else (None, ())
    due = as_instant(value)
    names = step.instance.undecided(expression, task.data) if expression else ()
    if names:  # an if was decided by what nobody filled: either limit may be meant
        due, value = None, None
    is_deliberate = value is None and expression and is_deliberate_null(step, task.process_id, expression, task.data)
    if expression and due is None and (names or not is_deliberate):
        _report_missing_limit(step, task, expression, value, names)
    due = due or NO_DUE_DATE
    moved = moved_window(step, Place(task.process_id, task.call_path, expression or ""), due)
    window = moved or (windows[-1] if windows else None)
    return limit_of(step, task, (moved.ends_at if moved else due, explain_window(window) or None), step.now)


def remind_on(step: Step, row: TaskRow) -> datetime | None:
    """Return when the diagram has somebody reminded of a task; an incident where that came to nothing."""
    element = step.element(row.process_id, row.element)
    text = element.properties.get("remind")
    if not text:
        return None
    at = step.instant(text)
    if at is None and not is_deliberate_null(step, row.process_id, text, {}):
        what = Text(
            f"“{element.name or element.id}”何时提醒没有算出：公式“{text}”得不出日期或时刻。",
            f"When to remind of “{element.name or element.id}” is not known: its formula “{text}” comes to no day or instant.",
        )
        consequence = Text(
            "任务可以办理，但是不会另行提醒。", "The task can be done, but nobody is reminded of it besides."
        )
        remedy = Text(
            "补上公式所读的数据，或者改正公式；本来就不提醒的，在公式中写明 null。自行掌握的，写明原因跳过。",
            "Supply what the formula reads or correct it; where nobody is to be reminded, let it say null. "
            "Skip this with a reason once it is kept in mind otherwise.",
        )
        open_incident(step, row.engine_id, row.element, Incident(NO_REMINDER, what, consequence, remedy, text))
    return at


def _report_handler(step: Step, task: PersonTask, kind: str, expression: str, value: object) -> None:
    """Open an incident: nobody knows who does a task although its diagram says."""
    name = step.element(task.process_id, task.element_id).name or task.element_id
    came_to = (
        Text("得空值", "came to nothing")
        if value is None
        else Text(f"得到“{value}”，没有这个人", f"gives “{value}”, which is nobody")
    )
    consequence = (
        Text("只由一人办理的任务，没有人能打开。", "The task is one person's alone: nobody can open it.")
        if kind == NO_ASSIGNEE
        else Text("由图上写的角色办理。", "The role that is drawn does the task.")
        if kind == NO_ROLE
        else Text("担任这个角色的各单位都能办理。", "Every body with the role can do the task.")
    )
    what = Text(
        f"“{name}”由谁办理没有算出：公式“{expression}”{came_to.zh}。",
        f"Who does “{name}” is not known: its formula “{expression}” {came_to.en}.",
    )
    remedy = Text(
        "补上或者更正公式所读的数据，或者改正公式，再重新开始这一步；本来就不指定的，在公式中写明 null。",
        "Supply what the formula reads or correct it, then restart the step; where nobody is meant, let it say null.",
    )
    open_incident(step, task.id, task.element_id, Incident(kind, what, consequence, remedy, expression))


def _report_missing_limit(step: Step, task: PersonTask, expression: str, value: object, names: Sequence[str]) -> None:
    """Open an incident: a task has no time limit although its diagram gives it one."""
    name = step.element(task.process_id, task.element_id).name or task.element_id
    if names:
        came_to = Text(f"所取决的“{'、'.join(names)}”没有值", f"hangs on “{', '.join(names)}”, which is not known")
    elif value is None:
        came_to = Text("得空值", "came to nothing")
    else:
        came_to = Text(f"得到“{value}”，不是日期或时刻", f"gives “{value}”, which is no day or instant")
    what = Text(
        f"“{name}”的期限没有算出：公式“{expression}”{came_to.zh}。",
        f"The time limit of “{name}” is not known: its formula “{expression}” {came_to.en}.",
    )
    incident = Incident(
        NO_LIMIT,
        what,
        Text(
            "任务可以办理，但是没有期限，不会催办。",
            "The task can be done, but has no time limit and nobody is reminded.",
        ),
        Text(
            "补上或者更正公式所读的数据，或者改正公式；确实没有期限的，在公式中写明 null。已经另行掌握期限的，写明原因跳过。",
            "Supply what the formula reads or correct it; where there is no limit, let it say null. "
            "Skip this with a reason once the limit is kept otherwise.",
        ),
        expression,
    )
    open_incident(step, task.id, task.element_id, incident)


def _get_form_id(step: Step, form: str | None, task: PersonTask) -> str | None:
    """Return the form's id; a score sheet's edition may stand in braces, as FEEL over the token's data."""
    return _fill_title(step, form, task) if form else None


def _fill_title(step: Step, template: str, task: PersonTask) -> str:
    if "{" not in template:
        return template
    scope = step.scope.with_extra(data_of(task))
    return fill(template, scope, step.desk.functions, step.environment)


def _format_place(task: PersonTask) -> str:
    return "/".join([*task.call_path, task.element_id])
