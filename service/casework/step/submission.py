"""Submission of a form: checked, recorded, and reduced to the keys by which the diagram routes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from service.casework.access.secrets import STATE, TRADE, secret_files
from service.casework.desk.jsonable import to_json_value
from service.casework.step.step import Step
from service.casework.step.stopped_files import is_stopping, stop_files_of_subject
from service.domain.errors import Invalid
from service.domain.files.uploads import FILE_KEYS, uploads_in
from service.domain.forms import FieldError, Form
from service.domain.forms.model import NO_TEXT, format_dotted_path
from service.domain.forms.state import State
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.domain.wording.numbers import counted
from service.store import Transaction
from service.store.models import FormResultRow

_WORKING_DAYS = "coming_working_days"
"""The name by which a form declares that its rules read the working days after today."""
_AHEAD = 800

UNKNOWN = Text("表单中没有这一项，请去掉。", "The form has no such field: leave it out.")
UNASKED = Text(
    "按其他各项的填法，这一项没有要您填写（隐藏，或者由系统填写），请去掉。",
    "With the other values as they are this is not asked (it is hidden, or filled in by the program): leave it out.",
)
NO_FILE = Text("没有这个附件，请重新上传。", "There is no such file: upload it again.")
MOST_ERRORS, _LONGEST_PATH = 100, 200


class FormInvalid(Invalid):
    """A form breaks a rule; ``errors`` say which fields and why. ``values`` are as typed."""

    code = "form_invalid"

    def __init__(self, errors: Sequence[FieldError], values: Mapping[str, Any]) -> None:
        super().__init__(
            Text(
                f"有{len(errors)}处需要改正，请按提示修改后重新提交，已填写的内容都在。",
                f"{counted(len(errors), 'entry needs', 'entries need')} correction; what you typed is kept.",
            )
        )
        self.to_programs = Text(
            f"有{len(errors)}处需要改正，见 errors。",
            f"{counted(len(errors), 'entry needs', 'entries need')} correction: see errors.",
        )
        self.errors, self.values = tuple(errors), dict(values)
        self.members = {"errors": [{"path": each.path, "code": each.code, **each.text.as_json()} for each in errors]}


class CheckedForm(NamedTuple):
    """What is kept of a submission: its values as JSON, and the words of what was chosen among computed options."""

    values: dict[str, Any]
    choices: dict[str, Any]


def checked(
    step: Step,
    form: Form,
    submission: Mapping[str, Any],
    stored: Mapping[str, Any],
    shut: Collection[str] = (),
) -> CheckedForm:
    """Return what is kept of ``submission``, the ``shut`` fields as they are; raises FormInvalid."""
    submission = fill_file_sizes(step.tx, submission, submission)
    outside = {"param": step.case.parameters, **_list_coming_working_days(step, form)}
    outside |= stored
    result = form.check(submission, today=step.today, stored=outside, withheld=shut)
    refused = list_refused(result.state) if step.by_program else []
    errors = [*refused, *result.errors]
    if errors:
        raise FormInvalid(errors[:MOST_ERRORS] if refused else errors, submission)
    return CheckedForm(to_json_value(result.typed), form.list_chosen_words(result.state))


def require_blank(step: Step, submission: Mapping[str, Any]) -> None:
    """Refuse the values that a program sends where there is no form; raises FormInvalid."""
    if step.by_program and submission:
        raise FormInvalid([refuse_field(name, UNKNOWN) for name in submission][:MOST_ERRORS], submission)


def list_refused(state: State) -> list[FieldError]:
    """Return what is refused of programs besides: values that nobody asks for, texts for boxes and numbers."""
    faults = [*((path, UNASKED) for path in state.unasked), *state.mistyped.items()]
    return [refuse_field(format_dotted_path(path), why) for path, why in faults]


def refuse_field(path: str, why: Text) -> FieldError:
    """Return the refusal of a value that nobody asks for."""
    return FieldError(path[:_LONGEST_PATH], NO_TEXT, why, refused=True)


def _list_coming_working_days(step: Step, form: Form) -> Mapping[str, list[date]]:
    if _WORKING_DAYS not in str(step.package.form_properties(form.id).get("variables") or "").split():
        return {}
    calendar = step.desk.calendar(step.package.jurisdiction.calendar)
    ahead = (step.today + timedelta(days=number) for number in range(1, _AHEAD))
    return {_WORKING_DAYS: [day for day in ahead if calendar.is_working(day)]}


def record(
    step: Step, form: str, element: str, submitted: CheckedForm, *, task_id: int | None, body_id: int | None
) -> int:
    """Keep what was ``submitted`` as a record of the case and bind its uploads to it; returns its number."""
    data = submitted.values
    ident = step.tx.forms.insert(
        FormResultRow(
            case_id=step.case.id,
            task_id=task_id,
            element=element,
            form=form,
            data=data,
            choices=submitted.choices,
            body_id=body_id,
            person_id=step.actor.person_id,
            at=step.now,
        )
    )
    files = uploads_in(data)
    if files:
        _claim_uploads(step, files, task_id)
        step.tx.uploads.mark_secret(secret_files(step.desk.packages.form(step.package, form), data), TRADE)
    if is_stopping(step.desk.packages.form(step.package, form), data):
        stop_files_of_subject(step)
    step.forget_records()
    return ident


def _claim_uploads(step: Step, files: list[str], task_id: int | None) -> None:
    if step.tx.uploads.claim(files, step.case.id, task_id, step.actor.person_id) != len(set(files)):
        raise Invalid(
            Text(
                "表单中有附件不是由您上传的，或已被移除，请重新上传后再提交。",
                "A file in the form was not uploaded by you or was removed: upload it again and submit.",
            )
        )


def fill_file_sizes(tx: Transaction, data: Any, whole: Mapping[str, Any], path: str = "") -> Any:
    """Return form values with the name and the size of every file as they were stored, not as the browser sent them.

    Raises:
        FormInvalid: a file was never uploaded; ``path`` says where in the ``whole`` it stands.
        Invalid: one is out of circulation.
    """
    if isinstance(data, Mapping):
        if data.keys() >= FILE_KEYS:
            row = tx.uploads.find(id=str(data["id"]))
            if row is None:
                raise FormInvalid([refuse_field(path.rpartition(".")[0] or path, NO_FILE)], whole)
            if row.secret == STATE:
                raise Invalid(
                    Text(
                        f"附件“{row.name}”涉及国家秘密，已停止流转，请移除后换上不涉密的材料再提交。",
                        f"“{row.name}” is out of circulation for state secrets: remove it and send another file.",
                    )
                )
            return {**data, "name": row.name, "size": row.size}
        return {key: fill_file_sizes(tx, value, whole, f"{path}.{key}".strip(".")) for key, value in data.items()}
    return (
        [fill_file_sizes(tx, value, whole, f"{path}.{row}") for row, value in enumerate(data)]
        if isinstance(data, list)
        else data
    )


def select_routed_values(keys: Iterable[str], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``keys`` that an element routes with their values in ``data``; a dotted key gives its last part."""
    return {name.rsplit(".", 1)[-1]: value_at(data, name.split(".")) for name in keys}
