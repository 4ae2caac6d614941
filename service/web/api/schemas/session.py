"""Schemas of the API's routes of one's sessions."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import InstantWithOffset
from service.web.api.schemas.common import Out, Strict


class OwnSessionOut(Out):
    """A place where one is signed in; ``current`` is the one that asks.

    ``device`` is what browser or program call themselves, ``address`` where it began; ``used``, exact to a minute, is null
    where idle sessions do not end. ``ends`` moves on with every use.
    """

    key = fields.String(required=True)
    device = fields.String(required=True)
    address = fields.String(required=True)
    since = InstantWithOffset(required=True)
    used = InstantWithOffset(required=True, allow_none=True)
    ends = InstantWithOffset(required=True)
    current = fields.Boolean(required=True)


class OwnSessionsOut(Out):
    """The last used first; ``more`` where there are others, used longer ago."""

    sessions = fields.List(fields.Nested(OwnSessionOut), required=True)
    more = fields.Boolean(required=True)


class ProofIn(Strict):
    """``code`` of who signs in with codes, one-time or recovery; else the present ``password``."""

    code = fields.String(validate=validate.Length(1, 40))
    password = fields.String(validate=validate.Length(1, 200))


class EndedOut(Out):
    """How many sessions have ended."""

    ended = fields.Integer(required=True)
