"""First values of a task's form: what was sent back, the last submission, or what the diagram says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.desk.jsonable import jsonable
from service.casework.reading.corrections import asks_for
from service.casework.step.step import Step
from service.domain.forms import Form, InputType
from service.store.rows import TaskRow

_PRESENT, _ABSENT = "present", "absent"
"""Fields of the forms that record a sitting."""


def first_values(step: Step, task: TaskRow) -> dict[str, Any]:
    """Return the form's first values: what the diagram says, and the last submission of the same step.

    What was sent back comes as it was; a step the diagram enters again starts from what the diagram says now.
    """
    values, before = {**_offered(step, task), **_from_diagram(step, task)}, _last_submission(step, task)
    return {**values, **before} if task.note else {**before, **values}


def _offered(step: Step, task: TaskRow) -> dict[str, Any]:
    """Return the names supplied by the program: the parts that a request for correction may name."""
    if not task.form:
        return {}
    form = step.desk.packages.form(step.package, task.form)
    return {**asks_for(step.desk, step.package, form), **attendance(step, form)}


def attendance(step: Step, form: Form) -> dict[str, Any]:
    """Return how many came to the latest sitting of the case, and how many did not, for a form that asks for it."""
    asked = {f.path for f in form.fields() if f.path in (_PRESENT, _ABSENT) and f.type is InputType.NUMBER}
    sittings = step.tx.sittings.of_case(step.case.id) if _PRESENT in asked else []
    held = next((row for row in sittings if row.state != "cancelled" and row.starts_at <= step.now), None)
    members = step.tx.sittings.members(held.id) if held is not None else []
    came = sum(1 for one in members if one.state == "present")
    return {key: value for key, value in ((_PRESENT, came), (_ABSENT, len(members) - came)) if came and key in asked}


def _from_diagram(step: Step, task: TaskRow) -> dict[str, Any]:
    text = step.element(task.process_id, task.element).properties.get("prefill")
    if not text:
        return {}
    value = jsonable(step.evaluate(text, _token_data(step, task)))
    return dict(value) if isinstance(value, Mapping) else {}


def _last_submission(step: Step, task: TaskRow) -> dict[str, Any]:
    """Return the last submission of this step by the same body; where one person is assigned, by that person.

    Several reviewers work at one step: none may be shown what another has scored or declared.
    """
    if task.entry == 1 and not task.note:
        return {}
    mine = [
        row
        for row in step.tx.forms.of_case(step.case.id, task.form, taken_back=True)
        if row.element == task.element
        and (task.body_id is None or row.body_id == task.body_id)
        and (not task.personal or row.person_id == task.assignee_id)
    ]
    return dict(mine[-1].data) if mine else {}


def _token_data(step: Step, task: TaskRow) -> dict[str, Any]:
    found = next((t for t in step.instance.person_tasks() if t.id == task.engine_id), None)
    return {} if found is None else {**found.data, "item": found.loop_item}
