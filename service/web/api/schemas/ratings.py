"""Schemas of the API's routes for ratings."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.reading.ratings import MOST
from service.web.api.schemas.common import BothOut, Out, Strict


class RateIn(Strict):
    """A rating: 1 very dissatisfied to 5 very satisfied; 1 and 2 need words."""

    grade = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))
    words = fields.String(load_default="", validate=validate.Length(max=MOST))


class AnswerRatingIn(Strict):
    """What the office answers."""

    words = fields.String(required=True, validate=validate.Length(1, MOST))


class RatingOut(Out):
    """A rating with its answer; ``reply_by`` is null where none is due."""

    grade = fields.Integer(required=True)
    name = fields.Nested(BothOut, required=True)
    words = fields.String(required=True)
    at = fields.DateTime(required=True)
    reply_by = fields.Date(allow_none=True)
    answer = fields.String(allow_none=True)
    answered_at = fields.DateTime(allow_none=True)


class RatingLineOut(Out):
    """A rating, of which case and organisation."""

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    rating = fields.Nested(RatingOut, required=True)


class GradeOut(Out):
    """How often a grade was given."""

    grade = fields.Integer(required=True)
    name = fields.Nested(BothOut, required=True)
    given = fields.Integer(required=True)


class RatingFiguresOut(Out):
    """The ratings of a year."""

    grades = fields.List(fields.Nested(GradeOut), required=True)
    given = fields.Integer(required=True)
    good = fields.Integer(required=True)
    bad = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    late = fields.Integer(required=True)


class RatingsOut(Out):
    """Ratings newest first, the first bad ones that wait, and figures; ``next`` continues the list."""

    ratings = fields.List(fields.Nested(RatingLineOut), required=True)
    waiting = fields.List(fields.Nested(RatingLineOut), required=True)
    figures = fields.Nested(RatingFiguresOut, required=True)
    next = fields.String(allow_none=True)
