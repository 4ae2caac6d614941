"""Schemas of the API's list of what a person has done."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, Out


class DoneTaskOut(Out):
    """A task that the caller has done; ``late`` when that was after its time limit.

    ``answer`` is the number of the submission that it was done with, null where there is none any more.
    """

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    subject = fields.String(required=True)
    step = fields.String(required=True)
    clauses = fields.List(fields.Nested(ClauseOut), required=True)
    done_at = fields.DateTime(required=True)
    late = fields.Boolean(required=True)
    answer = fields.Integer(required=True, allow_none=True)


class DonePageOut(Out):
    """A page of what was done; pass ``next`` as ``after`` to go on."""

    tasks = fields.List(fields.Nested(DoneTaskOut), required=True)
    next = fields.String(required=True, allow_none=True)


class PassedOnOut(Out):
    """What the caller handed on, sent back, took back, urged or asked others to sign, and who has it now.

    ``stands`` says instead what became of it where that is the question: signatures, and an urged task that is done.
    """

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    task_id = fields.Integer(required=True)
    what = fields.Nested(BothOut, required=True)
    at = fields.DateTime(required=True)
    title = fields.String(required=True)
    subject = fields.String(required=True)
    step = fields.String(required=True)
    reason = fields.String(required=True)
    now_with = fields.List(fields.Nested(BothOut), required=True)
    stands = fields.Nested(BothOut, required=True, allow_none=True)


class PassedOnPageOut(Out):
    """A page of it; pass ``next`` as ``after`` to go on."""

    lines = fields.List(fields.Nested(PassedOnOut), required=True)
    next = fields.Integer(required=True, allow_none=True)
