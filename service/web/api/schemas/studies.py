"""Schemas of the API's routes that tell what is known of the parts of a draft: forms, documents, shared pieces, parameters."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.pieces import PieceUserOut, SharedPieceOut


class ListedPieceOut(Out):
    """A form or document of a draft with the places that use it."""

    path = fields.String(required=True)
    ident = fields.String(required=True)
    title = fields.String(required=True)
    shared = fields.Boolean(required=True)
    changed = fields.Boolean(required=True)
    users = fields.List(fields.Nested(PieceUserOut), required=True)


class ListedPiecesOut(Out):
    """The forms, or the documents, of a draft."""

    pieces = fields.List(fields.Nested(ListedPieceOut), required=True)


class FieldReaderOut(PieceUserOut):
    """A formula that reads a field of a form: ``field`` is its path."""

    field = fields.String(required=True)


class FormStudyOut(Out):
    """A form with everything that uses it, the formulas that read its fields, and what patterns make of it."""

    form = fields.Nested(ListedPieceOut, required=True)
    users = fields.List(fields.Nested(PieceUserOut), required=True)
    readers = fields.List(fields.Nested(FieldReaderOut), required=True)
    patterns = fields.List(fields.String(), required=True)
    made = fields.Dict(required=True)


class DocumentStudyOut(Out):
    """A document: what it says, who uses it, and the layouts that it may name."""

    ident = fields.String(required=True)
    said = fields.Dict(required=True)
    users = fields.List(fields.Nested(PieceUserOut), required=True)
    layouts = fields.List(fields.String(), required=True)


class NewTableIn(Strict):
    """A decision table to be added."""

    ident = fields.String(required=True, validate=validate.Length(1, 60))
    name = fields.String(required=True, validate=validate.Length(1, 200))


class OtherCopyOut(Out):
    """Another package's published copy of a shared piece; ``same`` as the draft's, ``differs`` names what is not."""

    key = fields.String(required=True)
    city = fields.Nested(BothOut, required=True)
    same = fields.Boolean(required=True)
    differs = fields.List(fields.Nested(BothOut), required=True)


class SharedStudyOut(Out):
    """A shared piece as the draft holds it, and the copies of the others."""

    piece = fields.Nested(SharedPieceOut, required=True)
    content = fields.String(required=True)
    copies = fields.List(fields.Nested(OtherCopyOut), required=True)
    drafts = fields.List(fields.Integer(), required=True)


class DatedValueOut(Out):
    """A value in words and the day from which it holds."""

    since = fields.Date(required=True)
    value = fields.Nested(BothOut, required=True)


class DraftParameterOut(Out):
    """A parameter with its chapter, bounds, articles and where it is read; ``by_program``: the program itself reads it, too.

    ``readers`` are the names of the places in ``read_at``.
    """

    id = fields.String(required=True)
    name = fields.String(required=True)
    chapter = fields.String(required=True)
    unit = fields.String(required=True)
    values = fields.List(fields.Nested(DatedValueOut), required=True)
    bounds = fields.Nested(BothOut, allow_none=True)
    clauses = fields.List(fields.String(), required=True)
    readers = fields.List(fields.String(), required=True)
    read_at = fields.List(fields.Nested(PieceUserOut), required=True)
    by_program = fields.Boolean(required=True)


class DraftParametersOut(Out):
    """The parameters of a draft, by chapter."""

    parameters = fields.List(fields.Nested(DraftParameterOut), required=True)
