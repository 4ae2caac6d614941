"""Schemas of the API's routes that explain a case: why it came out as it did, its whole trace, its reviewers."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, Out


class DecidingFactOut(Out):
    """A fact that decided a ground; ``value`` is null where the reader is not told."""

    name = fields.Nested(BothOut, required=True)
    value = fields.Nested(BothOut, allow_none=True)


class TraceFindingOut(Out):
    """A ground as found, by whom and from what."""

    text = fields.String(required=True)
    result = fields.String(required=True)
    clauses = fields.List(fields.Nested(ClauseOut))
    decided_by = fields.String()
    why = fields.String()
    facts = fields.List(fields.Nested(DecidingFactOut))


class AgainstOut(TraceFindingOut):
    """A ground that speaks against the applicant, what it was decided from and what was not told."""

    empty = fields.Nested(BothOut, allow_none=True)


class ItemSpreadOut(Out):
    """An item in points with two decimals: the application's, and between which marks the panel lay."""

    item = fields.String(required=True)
    name = fields.String(required=True)
    of = fields.String(required=True)
    own = fields.String(required=True)
    lowest = fields.String(allow_none=True)
    middle = fields.String(allow_none=True)
    highest = fields.String(allow_none=True)


class StageItemsOut(Out):
    """A stage of review item by item."""

    stage = fields.String(required=True)
    points = fields.String(required=True)
    how = fields.String()
    sheets = fields.Integer(required=True)
    items = fields.List(fields.Nested(ItemSpreadOut), required=True)


class RankingOut(Out):
    """A place among the applicants; ``short`` are the points that were missing."""

    points = fields.String(required=True)
    place = fields.Integer(required=True)
    of = fields.Integer(required=True)
    passing = fields.Boolean(required=True)
    reason = fields.String()
    lowest = fields.String()
    short = fields.String()


class VoteSumsOut(Out):
    """A counted ballot in sums; ``short`` are the votes that were missing."""

    title = fields.String(required=True)
    yes = fields.Integer(required=True)
    no = fields.Integer(required=True)
    abstain = fields.Integer(required=True)
    passed = fields.Boolean(required=True)
    why = fields.Nested(BothOut)
    rule = fields.Nested(BothOut)
    short = fields.Integer(required=True)


class ToldDecisionOut(Out):
    """The document by which the organisation was told that its case ended early, in its words."""

    document = fields.Integer(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True)
    paragraphs = fields.List(fields.String(), required=True)
    clauses = fields.List(fields.Nested(ClauseOut), required=True)


class ReasonsOut(Out):
    """Why a case came out as it did."""

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    outcome = fields.String(required=True)
    grounds = fields.List(fields.Nested(AgainstOut), required=True)
    items = fields.List(fields.Nested(StageItemsOut), required=True)
    rankings = fields.List(fields.Nested(RankingOut), required=True)
    votes = fields.List(fields.Nested(VoteSumsOut), required=True)
    decision = fields.Nested(ToldDecisionOut, allow_none=True)


class TraceStepOut(Out):
    """What happened, by whom, and on which articles the step rests."""

    at = fields.AwareDateTime(required=True)
    who = fields.String(required=True)
    text = fields.String(required=True)
    reason = fields.String()
    clauses = fields.List(fields.Nested(ClauseOut))


class TraceDateOut(Out):
    """A time limit or the period of a notice, with how its last day was counted."""

    title = fields.String(required=True)
    began = fields.Date(required=True)
    last_day = fields.Date(required=True)
    reason = fields.Nested(BothOut, allow_none=True)
    done = fields.AwareDateTime(allow_none=True)
    clauses = fields.List(fields.Nested(ClauseOut))


class TraceValueOut(Out):
    """A fact or a setting; ``basis`` of a setting: stated, default."""

    name = fields.Nested(BothOut, required=True)
    value = fields.Nested(BothOut, required=True)
    basis = fields.String(allow_none=True)
    clauses = fields.List(fields.Nested(ClauseOut))


class TraceOut(Out):
    """A case from its first day to its last, as its page may be seen."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    outcome = fields.String()
    law = fields.String(required=True)
    steps = fields.List(fields.Nested(TraceStepOut), required=True)
    findings = fields.List(fields.Nested(TraceFindingOut), required=True)
    dates = fields.List(fields.Nested(TraceDateOut), required=True)
    facts = fields.List(fields.Nested(TraceValueOut), required=True)
    settings = fields.List(fields.Nested(TraceValueOut), required=True)
