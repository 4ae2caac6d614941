"""Schemas of the API's routes of the calendar: years proposed, taken in, withdrawn."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas import Out, Strict


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

    approved = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=validate.Length(0, 2000))


class YearWithdrawalIn(Strict):
    """Why a year is withdrawn."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))
