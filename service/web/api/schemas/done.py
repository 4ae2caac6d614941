"""Schemas of the API's list of what a person has done."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import Out


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
