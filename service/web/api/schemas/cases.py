"""Schemas of the API's routes on which cases begin and are acted upon, and of what is filled in for them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from service.domain.forms import Form
from service.web.api.schema_fields import Day
from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, FieldOut, LimitOut, Out, Strict
from service.web.api.schemas.files import SentFileIn

REASON = validate.Length(1, 2000)


class ValuesIn(Strict):
    """The values of a form."""

    values = fields.Dict(keys=fields.String(), load_default=dict)


class StartIn(ValuesIn):
    """A case to begin: kind of case, the case above it, and the organisation (body id) when it is brought on paper."""

    package = fields.String(required=True, validate=validate.Length(1, 130))
    process = fields.String(required=True, validate=validate.Length(1, 60))
    parent_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))
    on_behalf_of = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))


class StartedOut(Out):
    """The case that began."""

    case_id = fields.Integer(required=True)


class StartOptionOut(Out):
    """A kind of case that may begin, below ``parent_id`` where it has one."""

    package = fields.String(required=True)
    process = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    parent_id = fields.Integer(allow_none=True)
    parent_title = fields.String()
    clauses = fields.List(fields.Nested(ClauseOut))


class StartOptionsOut(Out):
    """Everything the person may begin."""

    options = fields.List(fields.Nested(StartOptionOut), required=True)


class OrganisationOut(Out):
    """An organisation that an application may be registered for."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class EarlierAnswersOut(Out):
    """What the organisation submitted in this form, in an application of the round that has ended (``outcome``: how).

    ``values`` are without the statements that must be confirmed anew; ``files`` are the ids of the files in them.
    """

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    outcome = fields.String(required=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    at = fields.AwareDateTime(required=True)
    values = fields.Dict(required=True)
    files = fields.List(fields.String(), required=True)


class StartFormOut(Out):
    """What beginning takes: the form's fields; ``refusal`` says why it is not possible now.

    ``earlier`` is what the person's organisation began an ended case of this kind in the round with.
    """

    option = fields.Nested(StartOptionOut, required=True)
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields")
    on_behalf = fields.Boolean()
    organisations = fields.List(fields.Nested(OrganisationOut))
    refusal = fields.Nested(BothOut, allow_none=True)
    live_case = fields.Integer(allow_none=True)
    earlier = fields.Nested(EarlierAnswersOut, allow_none=True)


class CaseTaskOut(Out):
    """A task that waits in a case; ``mine`` when the person may do it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    role = fields.Nested(BothOut)
    body = fields.String()
    assignee = fields.String()
    mine = fields.Boolean()
    limit = fields.Nested(LimitOut)
    clauses = fields.List(fields.Nested(ClauseOut))


class CaseTasksOut(Out):
    """The tasks that wait in a case."""

    tasks = fields.List(fields.Nested(CaseTaskOut), required=True)


class ActionOut(Out):
    """What the person may do to a case outside tasks."""

    id = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    has_form = fields.Boolean()
    clauses = fields.List(fields.Nested(ClauseOut))


class ActionsOut(Out):
    """What the person may do to a case outside tasks."""

    actions = fields.List(fields.Nested(ActionOut), required=True)


class ActionFormOut(Out):
    """An action with the fields of its form; ``refusal`` says why it is not possible now."""

    id = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    consequence = fields.String()
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields")
    refusal = fields.Nested(BothOut, allow_none=True)


class DelegateIn(Strict):
    """To whom a task goes, and why."""

    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**31))
    person_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    reason = fields.String(required=True, validate=REASON)


class SavedDraftOut(Out):
    """When a draft was kept."""

    at = fields.AwareDateTime(required=True)


class TakenBackOut(Out):
    """The task in which what was submitted lies again."""

    task_id = fields.Integer(required=True)


class CompleteManyIn(ValuesIn):
    """Tasks that are done with one form."""

    task_ids = fields.List(
        fields.Integer(validate=validate.Range(1, 2**53)), required=True, validate=validate.Length(1, 500)
    )


class RefusedTaskOut(Out):
    """A task that was not completed, and why."""

    task_id = fields.Integer(required=True)
    reason = fields.Nested(BothOut, required=True)


class CompletedManyOut(Out):
    """What came of several tasks."""

    done = fields.Integer(required=True)
    refused = fields.List(fields.Nested(RefusedTaskOut), required=True)


class ConfirmDateIn(Strict):
    """The last day of a limit that no calendar gives yet, and why."""

    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**31))
    last_day = Day(required=True)
    reason = fields.String(required=True, validate=REASON)


class SentUploadIn(SentFileIn):
    """A file for a field of a form (``papers.0.scan``), its bytes in base64."""

    field = fields.String(required=True, validate=validate.Length(1, 200))
    name = fields.String(required=True, validate=validate.Length(1, 255))


class KeptUploadOut(Out):
    """A file that was kept; its id, name and size stand in the form's values for it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)


def fields_of(form: Form | None) -> list[dict[str, Any]]:
    """Return the fields of a form as `FieldOut` takes them."""
    return [
        {"path": f.path, "label": f.label, "type": f.type.value if f.type else None, "required": f.required}
        for f in (form.fields() if form else ())
    ]
