"""Schemas of the API's routes of marks of rows."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.soundness.marks import Asking
from service.domain.proof.row_mark import MarkMatter
from service.web.api.schemas.common import Out


class MarkOut(Out):
    """A mark that does not hold: in a table and row, or a chain of records and its entry."""

    table = fields.String(required=True)
    row = fields.String(required=True)
    matter = fields.String(required=True, validate=validate.OneOf([each.name.lower() for each in MarkMatter]))
    since = fields.DateTime(required=True, metadata={"description": "when a look first found it so"})
    said = fields.Dict(required=True)
    remedy = fields.Dict(required=True, metadata={"description": "who mends it, and how"})


class MarksOut(Out):
    """What the newest look found: ``at`` none before the first; ``count`` may be more than ``rows``."""

    asking = fields.String(
        required=True,
        validate=validate.OneOf([each.name.lower() for each in Asking]),
        metadata={"description": "agreed: every row must bear a mark; beside: within a day after an upgrade"},
    )
    at = fields.DateTime(required=True, allow_none=True)
    asked_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "a look asked for that is not over"}
    )
    count = fields.Integer(required=True)
    rows = fields.List(fields.Nested(MarkOut), required=True)
