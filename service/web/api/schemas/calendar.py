"""Schemas of the API's routes of the calendar: years proposed, taken in, withdrawn."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse
from service.web.frame.requests.parse_values import LARGEST_ID


class CalendarYearOut(Out):
    """A year that was typed here; ``state`` is proposed, in_force, returned or withdrawn."""

    id = fields.Integer(required=True)
    layer = fields.String(required=True)
    year = fields.Integer(required=True)
    state = fields.String(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True)
    issued = fields.String(required=True)
    text = fields.String(required=True)
    content = fields.String(required=True, metadata={"description": "the file of the year"})
    working_days = fields.Integer(required=True)
    author = fields.String(required=True)
    at = fields.DateTime(required=True)
    details = fields.Raw(allow_none=True)


class CalendarYearsOut(Out):
    """Years that were typed here, newest first."""

    years = fields.List(fields.Nested(CalendarYearOut), required=True)


class YearDecisionIn(Strict):
    """The decision on a proposed year; a return needs a reason."""

    approved = TrueOrFalse(required=True)
    reason = fields.String(load_default="", validate=validate.Length(0, 2000))


class YearWithdrawalIn(Strict):
    """Why a year is withdrawn."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))


class CalendarMoveOut(Out):
    """A limit that ends on another day; ``held`` waits for a decision, because its new day is over already.

    ``follows`` is the key of the limit that it moves with ("" for none); ``useful``: it is a task's last useful day. ``lost``
    says what follows from one that is past: whoever acts now misses it. ``stays`` says why one keeps its day: an open ballot
    would end sooner.
    """

    key = fields.String(required=True)
    name = fields.String(required=True)
    old = fields.Date(required=True)
    new = fields.Date(required=True)
    articles = fields.List(fields.String(), required=True)
    held = fields.Boolean(required=True)
    follows = fields.String(required=True)
    useful = fields.Boolean(required=True)
    lost = fields.Nested(BothOut, required=True, allow_none=True)
    stays = fields.Nested(BothOut, required=True, allow_none=True)


class CaseMovesOut(Out):
    """A running case with what would move in it, or why nobody can say."""

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    problem = fields.Nested(BothOut, allow_none=True)
    moves = fields.List(fields.Nested(CalendarMoveOut), required=True)


class MovesOut(Out):
    """Cases with limits to move; ``next`` continues, null at the end."""

    cases = fields.List(fields.Nested(CaseMovesOut), required=True)
    looked = fields.Integer(required=True)
    next = fields.Integer(allow_none=True)


class CalendarCorrectionIn(Strict):
    """Cases whose limits move; ``lapse`` and ``keep`` decide on held ones by their keys."""

    cases = fields.List(fields.Integer(strict=True, validate=validate.Range(1, LARGEST_ID)), required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 500))
    lapse = fields.List(fields.String(validate=validate.Length(1, 80)), load_default=[])
    keep = fields.List(fields.String(validate=validate.Length(1, 80)), load_default=[])


class CalendarCorrectionOfAllIn(Strict):
    """The same for all running cases of the places one administers, or of one ``jurisdiction``."""

    jurisdiction = fields.String(load_default="", validate=validate.Length(max=60))
    reason = fields.String(required=True, validate=validate.Length(1, 500))
    lapse = fields.List(fields.String(validate=validate.Length(1, 80)), load_default=[])
    keep = fields.List(fields.String(validate=validate.Length(1, 80)), load_default=[])


class DaysCorrectedOut(Out):
    """What became of one case; ``stays`` says of limits why they keep their day whatever was decided."""

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    moved = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    stays = fields.List(fields.Nested(BothOut), required=True)
    refusal = fields.Nested(BothOut, allow_none=True)


class DaysCorrectedListOut(Out):
    """What became of each case."""

    cases = fields.List(fields.Nested(DaysCorrectedOut), required=True)
