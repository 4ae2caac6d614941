"""First values of a task's form: what was sent back, the last submission, or what the diagram says; nothing decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.casework.desk.jsonable import to_json_value
from service.casework.reading.correction_items import draft_items
from service.casework.reading.corrections import asks_for, corrected_forms, materials_of
from service.casework.step.decide import grounds_decided_alone
from service.casework.step.step import Step
from service.catalog.bpmn.model import split_words
from service.catalog.form_fields.deciding_fields import is_decided_by
from service.catalog.scoring.scoring import edition_of
from service.catalog.wording.english import english_words
from service.domain.files.uploads import FILE_KEYS
from service.domain.forms import Form, InputType
from service.store.models import FormResultRow, TaskRow

_PRESENT, _ABSENT = "present", "absent"
"""Fields of the forms that record a sitting."""
_GROUNDS = "grounds"
_READER = "reader"


@dataclass(frozen=True, slots=True)
class FormerAnswers:
    """What was submitted at a step that is done anew; ``blank`` are the paths of the fields that must be decided again."""

    row: FormResultRow
    blank: frozenset[str]


@dataclass(frozen=True, slots=True)
class FirstValues:
    """What a task's form holds before anybody types; ``former`` is None where nothing has to be decided again."""

    values: dict[str, Any]
    former: FormerAnswers | None = None


def first_values(step: Step, task: TaskRow) -> dict[str, Any]:
    """Return the form's first values: what the diagram says, and the last submission of the same step.

    What was sent back comes as it was, but for what decides; a step the diagram enters again starts from what the
    diagram says now.
    """
    return opening_of(step, task).values


def opening_of(step: Step, task: TaskRow) -> FirstValues:
    """Return `first_values` with what was answered before in the fields that are blank again."""
    values, row = {**_list_supplied(step, task), **_from_diagram(step, task)}, _last_submission(step, task)
    before, former = dict(row.data) if row else {}, None
    if row is not None and task.form and _needs_new_decision(step, task):
        form, ident = step.desk.packages.form(step.package, task.form), task.form
        before, blank = form.undecided(row.data, lambda path: is_decided_by(step.package, ident, path))
        former = FormerAnswers(row, blank - values.keys()) if blank else None
    return FirstValues({**values, **before} if task.note else {**before, **values}, former)


def find_earlier_application(step: Step, task: TaskRow) -> FormResultRow | None:
    """Return what the subject submitted at this step of its last ended application in the same round, without files and ticks.

    None where the step was done in this case already. Files belong to the case they came with, and what is ticked is
    declared for it: both are given anew.
    """
    case = step.case
    if (
        case.parent_id is None
        or task.body_id is None
        or task.body_id != case.subject_id
        or task.entry != 1
        or task.note
    ):
        return None
    ended = step.tx.cases.select(
        "-id", parent_id=case.parent_id, process=case.process, subject_id=case.subject_id, status="ended"
    )
    rows = step.tx.forms.of_case(ended[0].id, task.form, taken_back=True) if ended and task.form else []
    row = next((row for row in reversed(rows) if row.element == task.element and row.body_id == task.body_id), None)
    return None if row is None else replace(row, data=_drop_files_and_ticks(row.data))


def merge_values(earlier: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``earlier`` with ``first`` laid over it, group by group."""
    return {
        **earlier,
        **{
            key: merge_values(earlier[key], value)
            if isinstance(value, Mapping) and isinstance(earlier.get(key), Mapping)
            else value
            for key, value in first.items()
        },
    }


def _drop_files_and_ticks(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {
            key: _drop_files_and_ticks(value)
            for key, value in data.items()
            if not _is_file(value) and value is not True
        }
    return [_drop_files_and_ticks(item) for item in data if not _is_file(item)] if isinstance(data, list) else data


def _is_file(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() >= FILE_KEYS


def _needs_new_decision(step: Step, task: TaskRow) -> bool:
    """Return whether findings and confirmations of the round before must be given again.

    Not what applicants state of themselves, nor a member's own score sheet, nor what its author has taken back.
    """
    role = step.package.jurisdiction.roles.get(task.role)
    is_authors = (task.note or {}).get("taken_back") or (role is not None and role.subject)
    return not is_authors and edition_of(task.form or "") is None and task.form not in corrected_forms(step.package)


def _list_supplied(step: Step, task: TaskRow) -> dict[str, Any]:
    """Return what the program supplies: the parts that a correction may name, the files that may be or were found wrong."""
    if not task.form:
        return {}
    form = step.desk.packages.form(step.package, task.form)
    offered = {**asks_for(step.desk, step.package, form), **materials_of(step.desk, step.package, task.form)}
    if _READER in _outside_names(step, task.form):
        offered[_READER] = step.actor.name
    return {**offered, **count_attendance(step, form), **draft_items(step, form), **grounds_of(step, task.form)}


def _outside_names(step: Step, form: str) -> tuple[str, ...]:
    return split_words(str(step.package.form_properties(form).get("variables") or ""))


def grounds_of(step: Step, form: str) -> dict[str, Any]:
    """Return the outside name ``grounds`` of a form that asks for it: the conditions that the program decides alone.

    They are options by their ids, so that an examiner can find one of them not met against what the applicant states.
    """
    if _GROUNDS not in _outside_names(step, form):
        return {}
    words = english_words()
    grounds = grounds_decided_alone(step).items()
    return {
        _GROUNDS: [
            {"value": g, "label": sentence, "label_en": words.get(sentence, sentence)} for g, sentence in grounds
        ]
    }


def count_attendance(step: Step, form: Form) -> dict[str, Any]:
    """Return how many came to the latest sitting of the case, and how many did not, for a form that asks for it."""
    number_paths = {f.path for f in form.fields() if f.path in (_PRESENT, _ABSENT) and f.type is InputType.NUMBER}
    if not number_paths:
        return {}
    sittings = step.tx.sittings.select(case_id=step.case.id) if _PRESENT in number_paths else []
    sitting = next((row for row in sittings if row.state != "cancelled" and row.starts_at <= step.now), None)
    members = step.tx.sitting_members.select(sitting_id=sitting.id) if sitting is not None else []
    came = sum(1 for member in members if member.state == "present")
    return {
        key: value for key, value in ((_PRESENT, came), (_ABSENT, len(members) - came)) if came and key in number_paths
    }


def _from_diagram(step: Step, task: TaskRow) -> dict[str, Any]:
    text = step.element(task.process_id, task.element).properties.get("prefill")
    if not text:
        return {}
    value = to_json_value(step.evaluate(text, _token_data(step, task)))
    return dict(value) if isinstance(value, Mapping) else {}


def _last_submission(step: Step, task: TaskRow) -> FormResultRow | None:
    """Return the last submission of this step by the same body; where one person is assigned, by that person.

    Several reviewers work at one step: none may be shown what another has scored or declared. A step that came back under
    another title, as the check of the next year, is another matter and starts afresh.
    """
    if task.entry == 1 and not task.note:
        return None
    mine = [
        row
        for row in step.tx.forms.of_case(step.case.id, task.form, taken_back=True)
        if row.element == task.element
        and (task.body_id is None or row.body_id == task.body_id)
        and (not task.personal or row.person_id == task.assignee_id)
    ]
    if not mine or task.note or mine[-1].task_id is None:
        return mine[-1] if mine else None
    return mine[-1] if step.tx.tasks.get(mine[-1].task_id).title == task.title else None


def _token_data(step: Step, task: TaskRow) -> dict[str, Any]:
    person_task = next((t for t in step.instance.person_tasks() if t.id == task.engine_id), None)
    return {} if person_task is None else {**person_task.data, "item": person_task.loop_item}
