"""Schemas of the API's routes for pages of files and what the reader notes at them."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict


class WritePageNoteIn(Strict):
    """What is noted at a page, and the passage it is about, if it is about one."""

    page = fields.Integer(required=True, validate=validate.Range(1, 100_000))
    words = fields.String(required=True, validate=validate.Length(1, 1000))
    quote = fields.String(load_default="", validate=validate.Length(max=500))


class PageNoteOut(Out):
    """One's own note; ``replaced``: it stands on a file that another has taken the place of."""

    id = fields.Integer(required=True)
    upload = fields.String(required=True)
    file = fields.String(required=True)
    page = fields.Integer(required=True)
    quote = fields.String(required=True)
    words = fields.String(required=True)
    at = fields.DateTime(required=True)
    replaced = fields.Boolean(required=True)


class PageNotesOut(Out):
    """The reader's notes in a case, file by file."""

    notes = fields.List(fields.Nested(PageNoteOut), required=True)


class PageOut(Out):
    """A page; ``drawn`` false where text and size are known once its picture was asked for."""

    page = fields.Integer(required=True)
    drawn = fields.Boolean(required=True)
    picture = fields.Boolean(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    text = fields.String(required=True)
    notes = fields.List(fields.Nested(PageNoteOut), required=True)


class FilePagesOut(Out):
    """A file: how many pages it has, up to fifty of them, or why none is shown."""

    upload = fields.String(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    why = fields.Nested(BothOut, allow_none=True, required=True)
    first = fields.Integer(required=True)
    sheets = fields.List(fields.Nested(PageOut), required=True)
    replaced = fields.Boolean(required=True)
    by = fields.String(allow_none=True, required=True)


class PageNotedOut(Out):
    """The number of what was noted."""

    id = fields.Integer(required=True)
