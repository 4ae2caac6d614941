"""Schemas that many routes share: what bodies are like, tasks, cases, notices and published packages in brief."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from service.web.api.schemas.clauses import ClauseOut


class TrueOrFalse(fields.Boolean):
    """true or false as JSON writes them; 0, 1, "yes" and "off" are neither."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:  # noqa: ARG002  marshmallow's
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Strict(Schema):
    """A body that programs send: unknown keys are errors, and so are 2.5 or "2" for a whole number."""

    class Meta:
        """Refuse what nobody reads."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002  marshmallow's names
        """Take whole numbers as they are, also those in lists."""
        _demand_whole(field_obj)


def _demand_whole(field: object) -> None:
    if isinstance(field, fields.Integer):
        field.strict = True
    elif isinstance(field, fields.List):
        _demand_whole(field.inner)
    elif isinstance(field, fields.Mapping):
        _demand_whole(field.value_field)


class Out(Schema):
    """A body that programs get."""

    class Meta:
        """Leave out what is not described."""

        unknown = EXCLUDE


class SignInIn(Strict):
    """Login name and password; ``code`` is a one-time or recovery code, for who signs in with one."""

    login = fields.String(required=True, validate=validate.Length(1, 80))
    password = fields.String(required=True, validate=validate.Length(1, 200))
    code = fields.String(validate=validate.Length(1, 40))


class TokenOut(Out):
    """A bearer token."""

    token = fields.String(required=True)
    token_type = fields.String(required=True)


class BothOut(Out):
    """A sentence in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class LimitOut(Out):
    """A time limit: ``remaining`` days left (negative when over), None without limit; ``law`` is the statutory last day."""

    remaining = fields.Integer(allow_none=True)
    last_day = fields.Date(allow_none=True)
    kind = fields.String()
    state = fields.String()
    reason = fields.Nested(BothOut, allow_none=True)
    useful = fields.Boolean()  # it ends with the last day that leaves enough time for what follows
    law = fields.Date(allow_none=True)


class TaskBriefOut(Out):
    """What every answer says of a task."""

    id = fields.Integer(required=True)
    version = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    subject = fields.String(required=True)
    clauses = fields.List(fields.Nested(ClauseOut))
    limit = fields.Nested(LimitOut)


class TaskOut(TaskBriefOut):
    """A task of the list."""

    step = fields.String(required=True)
    assignee = fields.String(allow_none=True)
    holds = fields.Boolean()


class TaskCountsOut(Out):
    """How many tasks each scope holds (counting stops at 1000)."""

    mine = fields.Integer()
    body = fields.Integer()
    visible = fields.Integer()
    unclaimed = fields.Integer()


class TaskPageOut(Out):
    """A page of tasks; pass ``next`` as ``after`` to go on."""

    tasks = fields.List(fields.Nested(TaskOut))
    counts = fields.Nested(TaskCountsOut)
    next = fields.String(allow_none=True)


class FieldOut(Out):
    """A field of a form; in lists the path has ``[]``."""

    path = fields.String(required=True)
    label = fields.Nested(BothOut)
    type = fields.String(allow_none=True)
    required = fields.Boolean()


class VersionIn(Strict):
    """The version of the task that the program saw; absent skips the comparison."""

    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**31))


class CompleteIn(VersionIn):
    """The values of the form."""

    values = fields.Dict(keys=fields.String(), load_default=dict)


class ReturnIn(VersionIn):
    """Why the task is sent back, and to which of its steps; to the one before when left out.

    Who goes back to a step of their own gives no reason.
    """

    reason = fields.String(load_default="", validate=validate.Length(0, 2000))
    to = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 36))
    note = fields.String(
        load_default="",
        validate=validate.Length(0, 2000),
        metadata={"description": "a note that only those who handle the case read"},
    )


class CompletedOut(Out):
    """What came of a completed task."""

    case_id = fields.Integer(required=True)
    next_task_id = fields.Integer(allow_none=True)
    kept = fields.Boolean(metadata={"description": "it waits for those who sign after"})


class CaseBriefOut(Out):
    """What every answer says of a case."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    number = fields.String(allow_none=True)
    jurisdiction = fields.String()
    process = fields.String()
    status = fields.String()
    outcome = fields.String(allow_none=True)
    started_at = fields.AwareDateTime()


class CaseOut(CaseBriefOut):
    """A case of the list."""

    process_name = fields.Nested(BothOut)
    changed_at = fields.AwareDateTime()
    parent_id = fields.Integer(allow_none=True)


class ListedCaseOut(CaseOut):
    """A case of the list, and the names of the steps at which it waits."""

    steps = fields.List(fields.Nested(BothOut))


class CasePageOut(Out):
    """A page of cases; pass ``next`` as ``after`` to go on."""

    cases = fields.List(fields.Nested(ListedCaseOut))
    next = fields.Integer(allow_none=True)


class StageOut(Out):
    """A stage: done, now, next or stopped."""

    id = fields.String()
    name = fields.String()
    state = fields.String()
    date = fields.AwareDateTime(allow_none=True)


class EventOut(Out):
    """A line of the history."""

    seq = fields.Integer()
    at = fields.AwareDateTime()
    who = fields.String()
    text = fields.String()


class CaseDetailOut(CaseBriefOut):
    """One case."""

    ended_at = fields.AwareDateTime(allow_none=True)
    stages = fields.List(fields.Nested(StageOut))
    events = fields.List(fields.Nested(EventOut))


class NoticeOut(Out):
    """A notice as posted."""

    id = fields.Integer(required=True)
    jurisdiction = fields.String()
    title = fields.String(required=True)
    text = fields.String()
    entries = fields.List(fields.Dict())
    first_day = fields.Date()
    last_day = fields.Date()
    state = fields.String()
    fingerprint = fields.String()
    posted_at = fields.AwareDateTime()


class NoticePageOut(Out):
    """The newest hundred running notices on the first page; past ones, and older ones that still run, page by page."""

    running = fields.List(fields.Nested(NoticeOut))
    past = fields.List(fields.Nested(NoticeOut))
    next = fields.String(allow_none=True)


class DefinitionOut(Out):
    """A published package."""

    key = fields.String(required=True)
    version = fields.String(required=True)
    jurisdiction = fields.Nested(BothOut)
    award = fields.Nested(BothOut)
    processes = fields.List(fields.String(), metadata={"description": "kinds of case, by which they begin"})
    diagrams = fields.List(
        fields.String(), metadata={"description": "diagrams, those that kinds of case call included"}
    )


class DefinitionsOut(Out):
    """Everything published."""

    definitions = fields.List(fields.Nested(DefinitionOut))


class ProblemOut(Out):
    """A refusal or failure (RFC 9457), with the sentence in both languages."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    detail_zh = fields.String()
    detail_en = fields.String()
    incident = fields.String()
    errors = fields.List(fields.Dict())
