"""Schemas of the API's routes of amendments to single cases, and of studying clauses and values."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.cases import REASON
from service.web.api.schemas.common import BothOut, Out, Strict

_VERSION = validate.Length(64, 64)


class ReachOut(Out):
    """Whether cases may move to the current version, on what ground, and by which clauses."""

    allowed = fields.Boolean(required=True)
    why = fields.Nested(BothOut, required=True)
    clauses = fields.List(fields.String())


class ValueChangeOut(Out):
    """A frozen value that changes when a case moves."""

    parameter = fields.String(required=True)
    name = fields.Nested(BothOut)
    old = fields.Nested(BothOut, allow_none=True)
    new = fields.Nested(BothOut)


class DateChangeOut(Out):
    """A time limit that moves; ``passed`` where the new day is over already."""

    name = fields.String(required=True)
    old = fields.Date(required=True)
    new = fields.Date(required=True)
    passed = fields.Boolean()


class MovePlanOut(Out):
    """What moving a case does: nothing where there are ``reasons``."""

    case_id = fields.Integer(required=True, attribute="case.id")
    title = fields.String(required=True, attribute="case.title")
    moves = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(BothOut))
    reach = fields.Nested(ReachOut)
    values = fields.List(fields.Nested(ValueChangeOut))
    dates = fields.List(fields.Nested(DateChangeOut))


class RunningCaseOut(Out):
    """A running case under an earlier version, what would become of it, and how many below it stay behind."""

    plan = fields.Nested(MovePlanOut, required=True)
    version = fields.String(required=True)
    left_behind = fields.Integer()


class RunningCasesOut(Out):
    """A page of the cases that run under earlier versions; pass ``next`` as ``after`` to go on."""

    version = fields.String(required=True, attribute="package.version")
    cases = fields.List(fields.Nested(RunningCaseOut), required=True, attribute="lines")
    total = fields.Integer(required=True)
    next = fields.Integer(allow_none=True, attribute="after")
    may_apply = fields.Boolean()


class MoveCaseIn(Strict):
    """The current version a case moves to, and why."""

    version = fields.String(required=True, validate=_VERSION)
    reason = fields.String(required=True, validate=REASON)
