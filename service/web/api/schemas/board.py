"""Schemas of the API's routes of a round: where its applicants stand, how far they came."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, LimitOut, Out


class FlagOut(Out):
    """Something about a case that should be found; ``tone``: late, soon, wait or info."""

    text = fields.Nested(BothOut, required=True)
    tone = fields.String(required=True)


class CardOut(Out):
    """An applicant's case: with whom it is since when, what is to be done, what is left of its limit, which stages it came to."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    number = fields.String(required=True)
    holder = fields.String(required=True)
    what = fields.String(required=True)
    since = fields.DateTime(required=True)
    days = fields.Integer(required=True)
    limit = fields.Nested(LimitOut, required=True)
    flags = fields.List(fields.Nested(FlagOut), required=True)
    ended = fields.Boolean(required=True)
    came = fields.List(fields.String(), required=True)


class BoardColumnOut(Out):
    """A stage, or an outcome: how many stand there and ever came to it, and those cards of this page that stand there."""

    id = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    count = fields.Integer(required=True)
    entered = fields.Integer(required=True)
    late = fields.Integer(required=True)
    cards = fields.List(fields.Nested(CardOut), required=True)


class BoardOut(Out):
    """A page of a round as a board: all of its columns, with the cards of some cases, the oldest first."""

    columns = fields.List(fields.Nested(BoardColumnOut), required=True)
    next = fields.Integer(required=True, allow_none=True)
