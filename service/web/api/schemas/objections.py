"""Schemas of the API's routes for objections without an account."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.cases import SentUploadIn, ValuesIn
from service.web.api.schemas.common import BothOut, FieldOut, Out

_ID = validate.Range(1, 2**53)


class TargetOut(Out):
    """A case that may be objected to."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class LodgingFormOut(Out):
    """What an objection takes: what may be objected to, and the form's fields; ``refusal`` when nothing may be now."""

    package = fields.String(required=True)
    process = fields.String(required=True)
    name = fields.Nested(BothOut)
    targets = fields.List(fields.Nested(TargetOut))
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields")
    refusal = fields.Nested(BothOut, allow_none=True)


class LodgeIn(ValuesIn):
    """An objection to case ``target``, about a notice where there is one."""

    package = fields.String(required=True, validate=validate.Length(1, 130))
    process = fields.String(required=True, validate=validate.Length(1, 60))
    target = fields.Integer(required=True, validate=_ID)
    notice = fields.Integer(load_default=None, allow_none=True, validate=_ID)


class LodgedOut(Out):
    """The receipt: with its ``code`` alone the objection is followed; it is told this once."""

    number = fields.String(required=True)
    code = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class ReceiptCodeIn(ValuesIn):
    """The code of a receipt, and the values of a form where something is done with it."""

    code = fields.String(required=True, validate=validate.Length(1, 100))


class PublicUploadIn(SentUploadIn):
    """A file for a field of a public form: of which kind of objection, about which notice or at which round."""

    package = fields.String(required=True, validate=validate.Length(1, 130))
    process = fields.String(required=True, validate=validate.Length(1, 60))
    notice = fields.Integer(load_default=None, allow_none=True, validate=_ID)
    place = fields.Integer(load_default=None, allow_none=True, validate=_ID)


class PublicActionOut(Out):
    """What the holder of a receipt may do now."""

    id = fields.String(required=True)
    name = fields.Nested(BothOut)
    consequence = fields.String()


class ReplyOut(Out):
    """An answer to the objector."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    number = fields.String(allow_none=True)
    paragraphs = fields.List(fields.String())
    issued_at = fields.AwareDateTime()
    ready = fields.Boolean()


class TrackedOut(Out):
    """Where an objection stands; nothing reveals who lodged it."""

    number = fields.String(required=True)
    kind = fields.Nested(BothOut)
    about = fields.String()
    notice = fields.String()
    received_at = fields.AwareDateTime()
    running = fields.Boolean()
    stage = fields.String()
    outcome = fields.String()
    replies = fields.List(fields.Nested(ReplyOut))
    actions = fields.List(fields.Nested(PublicActionOut))


class LodgingOptionOut(Out):
    """A kind of objection that is open to the public; ``href`` is its page, ``last_day`` that of the notice it is about."""

    name = fields.Nested(BothOut, required=True)
    place = fields.String()
    href = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    notice = fields.Integer(allow_none=True)
    last_day = fields.Date(allow_none=True)


class LodgingOptionsOut(Out):
    """What may be objected to."""

    options = fields.List(fields.Nested(LodgingOptionOut), required=True)
