"""Schemas of the API's route of the book of acts."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import Out


class ActOut(Out):
    """An entry: ``seq`` counts within its ``kind``, whose entries are chained by ``hash``."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    seq = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    jurisdiction = fields.String(required=True, metadata={"description": "* for the installation"})
    actor = fields.String(required=True)
    person = fields.Integer(allow_none=True)
    origin = fields.String(required=True, metadata={"description": "address, or account of the machine"})
    action = fields.String(required=True, metadata={"description": "action of the guard"})
    about = fields.String(required=True)
    outcome = fields.String(required=True, metadata={"description": "done, or the code of the refusal"})
    data = fields.Dict(required=True, metadata={"description": "before, after, reason, ground"})
    hash = fields.String(required=True)


class BookOut(Out):
    """A page of the book, newest first."""

    acts = fields.List(fields.Nested(ActOut), required=True)
    next = fields.Integer(allow_none=True)
