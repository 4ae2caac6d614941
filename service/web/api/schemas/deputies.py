"""Schemas of the API's routes of deputies."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import Day
from service.web.api.schemas.common import BothOut, Out, Strict

_ROW = validate.Range(1, 2**53)


class AppointIn(Strict):
    """Whom one lets stand in: ``seats`` are numbers of ``roles`` of GET /deputies, the last day is included."""

    deputy_id = fields.Integer(required=True, validate=_ROW)
    seats = fields.List(fields.Integer(validate=_ROW), required=True, validate=validate.Length(1, 50))
    first = Day(required=True)
    last = Day(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 500))


class DeputyIdOut(Out):
    """What was lent."""

    id = fields.Integer(required=True)


class LentRoleOut(Out):
    """A role and its body."""

    role = fields.Nested(BothOut, required=True)
    body = fields.String(required=True)


class DeputyOut(Out):
    """Who stands in for whom; ``state`` is coming, running or over."""

    id = fields.Integer(required=True)
    who = fields.String(required=True)
    deputy = fields.String(required=True)
    roles = fields.List(fields.Nested(LentRoleOut), required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class LendableOut(Out):
    """A role that can be lent."""

    id = fields.Integer(required=True)
    role = fields.Nested(BothOut, required=True)
    body_id = fields.Integer(required=True)
    body = fields.String(required=True)


class ColleagueOut(Out):
    """Somebody who may stand in."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    body = fields.String(required=True)


class DeputiesOut(Out):
    """One's own, the newest two hundred, and what one may lend to whom.

    ``places`` are those of the places one administers (null: none), which ``next`` goes on with.
    """

    own = fields.List(fields.Nested(DeputyOut), required=True)
    places = fields.List(fields.Nested(DeputyOut), required=True, allow_none=True)
    roles = fields.List(fields.Nested(LendableOut), required=True)
    colleagues = fields.List(fields.Nested(ColleagueOut), required=True)
    next = fields.Integer(required=True, allow_none=True)
