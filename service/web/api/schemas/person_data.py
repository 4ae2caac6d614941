"""Schemas of the API's routes of what is stored of a person."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import Out


class PersonDataOut(Out):
    """A page of one part of what is stored of a person; instants in its lines are texts as RFC 3339 has them."""

    part = fields.String(required=True)
    lines = fields.List(fields.Dict(), required=True)
    next = fields.Integer(required=True, allow_none=True)
