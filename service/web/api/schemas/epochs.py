"""Schemas of the API's routes of a restore."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import Out, Strict


class LeavingOut(Out):
    """A message that would leave; ``before`` the backup was made: it may have left already."""

    key = fields.String(required=True)
    kind = fields.String(required=True)
    address = fields.String(required=True)
    subject = fields.String(required=True)
    case_id = fields.Integer(allow_none=True)
    queued_at = fields.DateTime(required=True)
    before = fields.Boolean(required=True)


class EpochOut(Out):
    """A restore: when the backup was made, when it was restored, what changed for it, what waits to leave."""

    id = fields.Integer(required=True)
    saved_at = fields.DateTime(required=True)
    begun_at = fields.DateTime(required=True)
    cause = fields.String(required=True)
    found = fields.Raw(required=True)
    leaving = fields.List(fields.Nested(LeavingOut), required=True)
    through = fields.Integer(required=True, metadata={"description": "Number of the last message shown"})
    next = fields.Integer(required=True, allow_none=True)


class EpochReleaseIn(Strict):
    """What was checked, and which messages are not sent."""

    reason = fields.String(required=True, validate=validate.Length(1, 300))
    drop = fields.List(fields.String(validate=validate.Length(1, 300)), load_default=[])
    through = fields.Integer(allow_none=True, load_default=None, metadata={"description": "The last message seen"})


class EpochDropIn(Strict):
    """Messages that are not sent."""

    drop = fields.List(
        fields.String(validate=validate.Length(1, 300)), required=True, validate=validate.Length(1, 1000)
    )


class EpochReleasedOut(Out):
    """How many were dropped."""

    dropped = fields.Integer(required=True)
