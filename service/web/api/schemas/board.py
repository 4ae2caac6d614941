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


class FunnelRowOut(Out):
    """Applicants that chose alike: how many, and how many of them came to each stage."""

    name = fields.Nested(BothOut, required=True)
    applied = fields.Integer(required=True)
    reached = fields.List(fields.Integer(), required=True)


class SeverityOut(Out):
    """A reviewer beside the medians of the panels, in percent of the points; ``apart`` below 0 is stricter."""

    person = fields.Integer(required=True)
    name = fields.String(required=True)
    sheets = fields.Integer(required=True)
    mean = fields.Float(required=True)
    apart = fields.Float(required=True)
    lowest = fields.Float(required=True)
    highest = fields.Float(required=True)


class StageReviewersOut(Out):
    """The reviewers of a stage, the strictest first; ``alone``: applications with one sheet."""

    stage = fields.String(required=True)
    reviewers = fields.List(fields.Nested(SeverityOut), required=True)
    alone = fields.Integer(required=True)


class ReviewersOut(Out):
    """How severe the reviewers of a round were, by stage with closed panels; no score is changed by it."""

    stages = fields.List(fields.Nested(StageReviewersOut), required=True)


class BeforeOut(Out):
    """The round before, at the same distance from its beginning."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    applied = fields.Integer(required=True)
    reached = fields.List(fields.Integer(), required=True)


class RoundFiguresOut(Out):
    """A round: how many applied, how many awards it conferred, null while it runs without any."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    applied = fields.Integer(required=True)
    awarded = fields.Integer(required=True, allow_none=True)


class FunnelOut(Out):
    """How far the applicants came: all of them, and by their answers to the question ``by``."""

    stages = fields.List(fields.Nested(BothOut), required=True)
    stage_ids = fields.List(fields.String(), required=True)
    total = fields.Nested(FunnelRowOut, required=True)
    rows = fields.List(fields.Nested(FunnelRowOut), required=True)
    by = fields.String(required=True)
    before = fields.Nested(BeforeOut, allow_none=True)
    rounds = fields.List(fields.Nested(RoundFiguresOut), required=True)
