"""Schemas of the API's routes for committees' sittings."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.review.sitting_papers import MOST_PAPERS
from service.casework.review.sittings import MOST_POINTS, MOST_WORDS
from service.web.api.schema_fields import InstantWithOffset
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse

_POINT = fields.String(validate=validate.Length(1, 300))
_VERSION = validate.Range(1, 2**31)


class CallSittingIn(Strict):
    """A sitting: whose holders are called, where, when (with its offset from UTC), and its points."""

    role = fields.String(required=True, validate=validate.Length(1, 60))
    title = fields.String(required=True, validate=validate.Length(1, 200))
    room = fields.String(required=True, validate=validate.Length(1, 200))
    starts_at = InstantWithOffset(required=True)
    agenda = fields.List(_POINT, required=True, validate=validate.Length(1, MOST_POINTS))


class SittingCalledOut(Out):
    """Its number."""

    id = fields.Integer(required=True)


class AttendIn(Strict):
    """Oneself, or ``person_id`` where the office notes it."""

    person_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))
    excused = TrueOrFalse(load_default=False)


class MinutesIn(Strict):
    """What was said, the version that was read, and the agenda where it changed."""

    version = fields.Integer(required=True, validate=_VERSION)
    words = fields.String(required=True, validate=validate.Length(max=MOST_WORDS))
    agenda = fields.List(_POINT, load_default=None, allow_none=True, validate=validate.Length(1, MOST_POINTS))


class PapersIn(Strict):
    """The version that was read, and the numbers of all documents that lie before the sitting from now on, in order."""

    version = fields.Integer(required=True, validate=_VERSION)
    papers = fields.List(
        fields.Integer(validate=validate.Range(1, 2**53)), required=True, validate=validate.Length(0, MOST_PAPERS)
    )


class CloseSittingIn(Strict):
    """The version that was read; ``cancelled`` calls it off, ``uncounted`` says that a ballot of it is not counted yet."""

    version = fields.Integer(required=True, validate=_VERSION)
    cancelled = TrueOrFalse(load_default=False)
    uncounted = TrueOrFalse(load_default=False)


class SittingRowOut(Out):
    """A sitting."""

    id = fields.Integer(required=True)
    version = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    role = fields.String(required=True)
    title = fields.String(required=True)
    room = fields.String(required=True)
    starts_at = fields.DateTime(required=True)
    agenda = fields.List(fields.String(), required=True)
    papers = fields.List(fields.Integer(), required=True)
    words = fields.String(required=True)
    state = fields.String(required=True)


class SittingsOut(Out):
    """Sittings, the latest first."""

    sittings = fields.List(fields.Nested(SittingRowOut), required=True)


class SittingMemberOut(Out):
    """Somebody who is called, and whether they came."""

    person_id = fields.Integer(required=True)
    name = fields.String(required=True)
    body = fields.String(required=True)
    state = fields.String(required=True)
    at = fields.DateTime(allow_none=True)
    by_office = fields.Boolean(required=True)


class SittingPaperOut(Out):
    """A document that the reader may open."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class SittingRecusalOut(Out):
    """Who takes no part in what."""

    name = fields.String(required=True)
    candidate = fields.String(required=True)
    reason = fields.String(required=True)


class SittingBallotOut(Out):
    """A ballot of the case."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.Nested(BothOut, required=True)
    cast = fields.Integer(required=True)
    issued = fields.Integer(required=True)


class SittingOut(Out):
    """A sitting with everything on its page.

    ``offered`` are documents that its office may lay before it, ``left`` the people on its list who hold its role no more.
    """

    sitting = fields.Nested(SittingRowOut, required=True)
    members = fields.List(fields.Nested(SittingMemberOut), required=True)
    left = fields.List(fields.Integer(), required=True)
    papers = fields.List(fields.Nested(SittingPaperOut), required=True)
    offered = fields.List(fields.Nested(SittingPaperOut), required=True)
    recusals = fields.List(fields.Nested(SittingRecusalOut), required=True)
    ballots = fields.List(fields.Nested(SittingBallotOut), required=True)
