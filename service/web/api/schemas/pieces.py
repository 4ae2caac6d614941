"""Schemas of the API's routes of forms, documents and shared pieces of a draft."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict


class PieceUserOut(Out):
    """A place that uses a piece, what it does with it, and the formula that reads it."""

    file = fields.String(required=True)
    place = fields.String(required=True)
    name = fields.String(required=True)
    what = fields.Nested(BothOut, required=True)
    text = fields.String(required=True)


class PieceUsersOut(Out):
    """Everything that would miss a form or a document."""

    users = fields.List(fields.Nested(PieceUserOut), required=True)


class NewPieceIn(Strict):
    """A form or document to be added: ``kind``, ``ident`` ("": made from the title), ``title``, and the file it is copied from, "" for none."""

    kind = fields.String(required=True, validate=validate.OneOf(("form", "document")))
    ident = fields.String(load_default="", validate=validate.Length(0, 60))
    title = fields.String(required=True, validate=validate.Length(1, 200))
    like = fields.String(load_default="", validate=validate.Length(0, 300))


class TriedPieceIn(Strict):
    """A form or document as it would be with ``content``; nothing is saved."""

    path = fields.String(required=True, validate=validate.Length(1, 300))
    content = fields.String(required=True)


class PieceFaultOut(Out):
    """What is wrong: the component or formula, the line (0: the whole), and the sentence."""

    place = fields.String(required=True)
    line = fields.Integer(required=True)
    message = fields.Nested(BothOut, required=True)


class TriedPieceOut(Out):
    """What is wrong with a form or a document; of a document what it would say, null where it cannot be filled in."""

    faults = fields.List(fields.Nested(PieceFaultOut), required=True)
    filled_from = fields.Nested(BothOut, allow_none=True)
    said = fields.Dict(keys=fields.String(), allow_none=True)


class SharedUseOut(Out):
    """A package that uses a shared piece."""

    key = fields.String(required=True)
    city = fields.Nested(BothOut, required=True)


class SharedPieceOut(Out):
    """A shared piece of a draft: whether the draft changed it, whether its own package uses it, and who else does."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    pattern = fields.Boolean(required=True)
    changed = fields.Boolean(required=True)
    here = fields.Boolean(required=True)
    others = fields.List(fields.Nested(SharedUseOut), required=True)


class SharedPiecesOut(Out):
    """The shared pieces."""

    pieces = fields.List(fields.Nested(SharedPieceOut), required=True)


class TakenPieceIn(Strict):
    """A shared piece and where its version comes from, or goes: a ``package``, or the draft ``to``."""

    path = fields.String(required=True, validate=validate.Length(1, 300))
    package = fields.String(load_default="", validate=validate.Length(0, 200))
    to = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31))
