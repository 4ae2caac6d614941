"""Schemas of the API's routes of archives."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class ArchiveOut(Out):
    """An archive: ``full`` with personal data; ``seal`` is the SHA-256 of its manifest once it is sealed.

    ``address`` is then where its ZIP is fetched, with the same token.
    """

    id = fields.Integer(required=True)
    round = fields.Integer(required=True)
    title = fields.String(required=True)
    full = fields.Boolean(required=True)
    purpose = fields.String(required=True)
    cases = fields.Integer(required=True)
    gathered = fields.Integer(required=True)
    begun_at = fields.DateTime(required=True)
    sealed_at = fields.DateTime(allow_none=True)
    seal = fields.String(allow_none=True)
    address = fields.String(allow_none=True, metadata={"description": "where its ZIP is fetched once it is sealed"})


class EndedRoundOut(Out):
    """A round that has ended."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class WaitingRoundOut(Out):
    """A round that cannot be archived yet, with how many of its cases have not ended (itself included), and why."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    unended = fields.Integer(required=True)
    reason = fields.Nested(BothOut, required=True)


class ArchivesOut(Out):
    """A page of archives, the rounds that can be archived, and those that cannot be yet with the reason."""

    archives = fields.List(fields.Nested(ArchiveOut), required=True)
    rounds = fields.List(fields.Nested(EndedRoundOut), required=True)
    waiting = fields.List(fields.Nested(WaitingRoundOut), required=True)
    next = fields.Integer(allow_none=True)


class ArchiveIn(Strict):
    """The round, what the archive is for, and whether it holds personal data."""

    round = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**62))
    purpose = fields.String(required=True, validate=validate.Length(1, 300))
    full = TrueOrFalse(load_default=False)


class ArchiveStartedOut(Out):
    """The number of the archive."""

    id = fields.Integer(required=True)
