"""Schemas of the API's routes on which a draft is shared, undone, reviewed and published."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import Out, Strict


class DraftPresenceIn(Strict):
    """Which file somebody has open, "" for none."""

    path = fields.String(load_default="", validate=validate.Length(0, 300))


class PresentPersonOut(Out):
    """Somebody else who has a draft open, and which file."""

    name = fields.String(required=True)
    path = fields.String(required=True)
    title = fields.String(required=True)
    at = fields.DateTime(required=True)


class NewerVersionOut(Out):
    """A version that was published since a draft was opened; ``withdrawn``: that of the draft was, and the one before is in force."""

    version = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)
    published_by = fields.String(required=True)
    withdrawn = fields.Boolean(required=True)


class DraftPresenceOut(Out):
    """The others of the last two minutes, latest first; and the version to be taken in, null where the draft has the current one."""

    others = fields.List(fields.Nested(PresentPersonOut), required=True)
    newer = fields.Nested(NewerVersionOut, required=True, allow_none=True)


class DraftRevisionOut(Out):
    """One change of a draft; ``hash`` is empty where the file was removed."""

    revision = fields.Integer(required=True)
    path = fields.String(required=True)
    hash = fields.String(required=True)
    author = fields.String(required=True)
    at = fields.DateTime(required=True)
    note = fields.String(required=True)


class DraftStateOut(Out):
    """How far a draft has come: open, review, approved, published, discarded."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    shared = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
