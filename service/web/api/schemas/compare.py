"""Schemas of the API's routes that put two sides of a procedure beside each other, and settle where they meet."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.draft_life import DraftRevisionOut

_WORD = validate.Length(1, 300)


class FieldDifferenceOut(Out):
    """One thing that a record says on both sides; null where it says nothing of it."""

    name = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    left = fields.String(allow_none=True)
    right = fields.String(allow_none=True)


class RecordDifferenceOut(Out):
    """A record that differs: ``change`` is added, removed, changed or moved."""

    element = fields.String(required=True)
    subject = fields.Nested(BothOut, required=True)
    change = fields.String(required=True)
    fields_ = fields.List(fields.Nested(FieldDifferenceOut), data_key="fields", attribute="fields", required=True)


class FileDifferenceOut(Out):
    """A file that differs; ``drawn`` are elements that only moved, ``readable`` false where no more can be said."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    change = fields.String(required=True)
    records = fields.List(fields.Nested(RecordDifferenceOut), required=True)
    drawn = fields.List(fields.String(), required=True)
    readable = fields.Boolean(required=True)


class SettleIn(Strict):
    """The side of every conflict, by its id."""

    chosen = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(("ours", "theirs"))), required=True
    )


class RevisionDifferenceOut(Out):
    """One change of a draft in words; ``difference`` null where it left the file as it was."""

    revision = fields.Integer(required=True)
    path = fields.String(required=True)
    author = fields.String(required=True)
    at = fields.DateTime(required=True)
    note = fields.String(required=True)
    difference = fields.Nested(FileDifferenceOut, allow_none=True)


class LastSaveOut(Out):
    """The last save of a file, without what it changed; null where there is none that can be undone."""

    last = fields.Nested(DraftRevisionOut, allow_none=True, required=True)


class LastSaveIn(Strict):
    """The file, and the number of its last save as it was told: another is not undone."""

    path = fields.String(required=True, validate=_WORD)
    revision = fields.Integer(required=True, validate=validate.Range(1, 10_000_000))
