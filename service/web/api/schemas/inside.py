"""Schemas of the API's routes of the inside of a case, of draws, and of what a doubtful clock holds."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, Out


class StandingOut(Out):
    """Where the case stands, and whether it waits there, works or is stuck."""

    process = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String()
    state = fields.String(required=True)


class CaseTimerOut(Out):
    """A timer: when it fires, why then, and by which articles."""

    name = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)
    reason = fields.Nested(BothOut, allow_none=True)
    clauses = fields.List(fields.Nested(ClauseOut))
    state = fields.String(required=True)
    provisional = fields.Boolean()


class AwaitedOut(Out):
    """A message or a condition that the case waits for."""

    name = fields.String(required=True)
    element = fields.String(required=True)
    message = fields.String()
    condition = fields.String()


class CaseWorkOut(Out):
    """What the program has still to do for the case by itself; its number finds the case again when it is done."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    state = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)
    attempts = fields.Integer()
    error = fields.String()


class VariableValueOut(Out):
    """A value that a variable got, masked where the reader may not see it: when, at which step, by whom, what it was before.

    ``form`` is the submitted form it stands in, ``entry`` the number of the entry of the history that it came with.
    """

    value = fields.Nested(BothOut, required=True)
    before = fields.Nested(BothOut, allow_none=True)
    at = fields.AwareDateTime(required=True)
    step = fields.Nested(BothOut)
    who = fields.String()
    by_program = fields.Boolean()
    form = fields.Integer(allow_none=True)
    entry = fields.Integer(allow_none=True)


class VariableOut(Out):
    """A variable of the case with the newest of the ``total`` values it was given."""

    name = fields.String(required=True)
    label = fields.Nested(BothOut)
    values = fields.List(fields.Nested(VariableValueOut))
    total = fields.Integer()
    fact = fields.Nested(BothOut, allow_none=True)


class InsideCaseOut(Out):
    """The inside of a case."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    version = fields.String(required=True)
    tokens = fields.List(fields.Nested(StandingOut))
    timers = fields.List(fields.Nested(CaseTimerOut))
    awaited = fields.List(fields.Nested(AwaitedOut))
    work = fields.List(fields.Nested(CaseWorkOut))
    variables = fields.List(fields.Nested(VariableOut))


class StatusOut(Out):
    """The status of a case."""

    status = fields.String(required=True)
