"""Schemas of the API's routes of ballots."""

from __future__ import annotations

from marshmallow import fields, validate

from service.domain.ballots import SENT, Mark
from service.web.api.schemas.cases import REASON
from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, Out, Strict


class AskOut(Out):
    """One line of the paper; ``recused`` is why the person takes no part in it."""

    key = fields.String(required=True)
    candidate = fields.String(required=True)
    name = fields.Nested(BothOut)
    recused = fields.String(allow_none=True)


class PaperPartOut(Out):
    """The part of the paper for one tier, with its rule in one sentence."""

    tier = fields.String(required=True)
    name = fields.Nested(BothOut)
    sentence = fields.Nested(BothOut)
    places = fields.Integer()
    round = fields.Integer()
    asks = fields.List(fields.Nested(AskOut))


class VoidProposalOut(Out):
    """Whether the person may declare the ballot void; who proposed it and why, "" where nobody did."""

    proposed_by = fields.String(required=True)
    ground = fields.String(required=True)
    may_declare = fields.Boolean(required=True)


class VoidedOut(Out):
    """Why a ballot is void; ``instead`` is the number of the one called in its place."""

    why = fields.String(required=True)
    instead = fields.Integer(required=True, allow_none=True)


class BallotOut(Out):
    """A ballot as the person may see it; while it runs nothing but the turnout is told."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    secret = fields.Boolean()
    opened_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime(allow_none=True)
    issued = fields.Integer()
    cast = fields.Integer()
    parts = fields.List(fields.Nested(PaperPartOut))
    clauses = fields.List(fields.Nested(ClauseOut))
    voted = fields.Boolean()
    may_vote = fields.Boolean()
    receipt = fields.String()
    receipts = fields.List(fields.String())
    result = fields.Dict(allow_none=True)
    fingerprint = fields.String(allow_none=True)
    void = fields.Nested(VoidProposalOut, allow_none=True)
    voided = fields.Nested(VoidedOut, allow_none=True)


class PaperIn(Strict):
    """A paper: the key of each question → yes, no or abstain.

    Sent as yes, no- or abs each is as long as every other, so that on the line no length tells a choice.
    """

    paper = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf((*Mark, *SENT.values()))), required=True
    )


class CheckedPaperOut(Out):
    """What a paper would say, by the key of each question; it was not cast.

    ``fill`` holds nothing but spaces: with them the answer has one length for every choice.
    """

    paper = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    fill = fields.String(required=True)


class BallotReceiptOut(Out):
    """The number of a receipt, which says nothing of the vote; it is found again among ``receipts`` of the count."""

    receipt = fields.String(required=True)


class BallotRecusalIn(Strict):
    """From which candidate the person withdraws, and why."""

    candidate = fields.String(required=True, validate=validate.Length(1, 80))
    reason = fields.String(required=True, validate=REASON)


class ReasonIn(Strict):
    """Why it is done; the reason goes on record."""

    reason = fields.String(required=True, validate=REASON)


class CalledAnewOut(Out):
    """The number of the ballot called in the place of a void one; null: a second person has to confirm."""

    instead = fields.Integer(required=True, allow_none=True)


class CountRecordIn(Strict):
    """A copy of a count's record to count again from; null: the one that is kept."""

    record = fields.Dict(load_default=None, allow_none=True)


class CountRecordOut(Out):
    """The record of a count, from which anybody can count again."""

    record = fields.Dict(required=True)


class RepeatedCountOut(Out):
    """A count done again: whether it gives the same, and whether record, receipts and roll hold."""

    same = fields.Boolean(required=True)
    untouched = fields.Boolean(required=True)
    receipts = fields.Boolean(required=True)
    roll = fields.Boolean(required=True)
    fingerprint = fields.String(required=True)
    record = fields.Dict()


class HallSheetIn(Strict):
    """What a teller counted: who handed in papers, spoiled ones, and by question key the papers for yes, no, abstain."""

    numbers = fields.List(fields.Integer(validate=validate.Range(1, 10**6)), required=True)
    spoiled = fields.Integer(load_default=0, validate=validate.Range(0, 10**6))
    marks = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Integer(validate=validate.Range(0, 10**6)), validate=validate.Length(equal=3)),
        required=True,
    )


class HallCountedOut(Out):
    """Whether both tellers agree, so that the papers are in the box now."""

    counted = fields.Boolean(required=True)


class OwnBallotOut(Out):
    """A ballot on whose roll the reader is."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    case = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.Nested(BothOut, required=True)
    opened_at = fields.DateTime(required=True)
    counted = fields.Boolean(required=True)


class OwnBallotsOut(Out):
    """One's own ballots, newest first; ``next`` continues the list."""

    ballots = fields.List(fields.Nested(OwnBallotOut), required=True)
    next = fields.Integer(allow_none=True)


class NoticeLinkOut(Out):
    """A public notice."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    posted_at = fields.DateTime(required=True)


class DocumentLinkOut(Out):
    """A document that the reader may open."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class BallotLinkOut(Out):
    """A ballot of the same case."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.Nested(BothOut, required=True)


class BallotSittingOut(Out):
    """A sitting in which a ballot is taken."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    room = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)


class BallotResultsOut(Out):
    """What followed a count, and the sittings in which the ballot is taken."""

    notices = fields.List(fields.Nested(NoticeLinkOut), required=True)
    documents = fields.List(fields.Nested(DocumentLinkOut), required=True)
    ballots = fields.List(fields.Nested(BallotLinkOut), required=True)
    sittings = fields.List(fields.Nested(BallotSittingOut), required=True)
