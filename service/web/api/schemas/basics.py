"""Schemas of the API's routes of what a place and its award declare: names, roles, bodies, tiers, kinds of cases."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import OpenedRevision
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class DeclaredEntryOut(Out):
    """An entry: its id, and every field as it is typed."""

    id = fields.String(required=True)
    said = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class DeclaredSectionOut(Out):
    """A section with its entries."""

    section = fields.String(required=True)
    entries = fields.List(fields.Nested(DeclaredEntryOut), required=True)


class BasicsOut(Out):
    """What a draft's place and award declare; ``choices`` are ids and words by the name of the offer.

    ``revision`` is that of the draft; sent back with a change, it keeps what others saved meanwhile.
    """

    sections = fields.List(fields.Nested(DeclaredSectionOut), required=True)
    choices = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Nested(BothOut)), required=True
    )
    revision = fields.Integer(required=True)


class BasicsEntryIn(Strict):
    """An entry as typed; ``new`` adds it, and an empty id is made from its name."""

    id = fields.String(load_default="", validate=validate.Length(0, 60))
    said = fields.Dict(keys=fields.String(), values=fields.String(validate=validate.Length(0, 20_000)), required=True)
    new = TrueOrFalse(load_default=False)
    revision = OpenedRevision()
