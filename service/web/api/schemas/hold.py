"""Schemas of the API's routes of an installation on hold."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class DueCountOut(Out):
    """How much of a kind of work is due."""

    name = fields.Nested(BothOut, required=True)
    count = fields.Integer(required=True)


class DueLineOut(Out):
    """Work that is due; ``rests``: it is noted only, for its case is suspended or its day provisional."""

    name = fields.Nested(BothOut, required=True)
    due_at = fields.DateTime(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    case_title = fields.String(required=True)
    rests = fields.Boolean(required=True)


class SendLineOut(Out):
    """A message that would be sent; ``doubtful``: it may have been sent before the restore."""

    channel = fields.String(required=True)
    address = fields.String(required=True)
    subject = fields.String(required=True)
    case_id = fields.Integer(required=True, allow_none=True)
    queued_at = fields.DateTime(required=True)
    doubtful = fields.Boolean(required=True)


class HoldOut(Out):
    """Why due work is on hold (restored, clock), and what a resumption would bring about: counts, and the first lines."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True)
    since = fields.DateTime(required=True)
    seen = fields.Raw(required=True)
    why = fields.Nested(BothOut, required=True)
    now = fields.DateTime(required=True)
    due_counts = fields.List(fields.Nested(DueCountOut), required=True)
    due = fields.List(fields.Nested(DueLineOut), required=True)
    send_count = fields.Integer(required=True)
    doubtful_count = fields.Integer(required=True)
    sends = fields.List(fields.Nested(SendLineOut), required=True)


class ResumeIn(Strict):
    """The hold that was seen, what was checked, and whether what may have been sent already is dropped."""

    version = fields.Integer(required=True, strict=True)
    reason = fields.String(required=True, validate=validate.Length(1, 300))
    drop_doubtful = TrueOrFalse(load_default=False)


class ResumedOut(Out):
    """How many messages were dropped."""

    dropped = fields.Integer(required=True)
