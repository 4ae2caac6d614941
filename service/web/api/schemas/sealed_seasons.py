"""Schemas of the API's routes of sealed seasons."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import Out


class SealedSeasonOut(Out):
    """A bundle: ``content`` is the digest of what it tells, ``key`` the public key that signed it."""

    id = fields.Integer(required=True)
    round = fields.Integer(required=True, attribute="case_id")
    jurisdiction = fields.String(required=True)
    title = fields.String(required=True)
    sha256 = fields.String(required=True, metadata={"description": "of the ZIP"})
    size = fields.Integer(required=True)
    content = fields.String(required=True)
    key = fields.String(required=True)
    sealed_at = fields.DateTime(required=True)
    published_at = fields.DateTime(allow_none=True, metadata={"description": "null until it is public"})


class SealedSeasonsOut(Out):
    """A page of public bundles, newest first."""

    seasons = fields.List(fields.Nested(SealedSeasonOut), required=True)
    next = fields.Integer(allow_none=True)


class RoundSeasonsOut(Out):
    """The bundles of a round, newest first; ``ended``: it can be sealed."""

    ended = fields.Boolean(required=True)
    seasons = fields.List(fields.Nested(SealedSeasonOut), required=True)


class SeasonSealedOut(Out):
    """The number of the bundle."""

    id = fields.Integer(required=True)
