"""Schemas of the API's routes for signatures beside tasks."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.tasks.ask_sign import MOST_WORDS
from service.web.api.schemas.common import BothOut, LimitOut, Out, Strict, TrueOrFalse


class GiveSignIn(Strict):
    """Agreed or not; words are wanted where not."""

    agree = TrueOrFalse(required=True)
    words = fields.String(load_default="", validate=validate.Length(max=MOST_WORDS))


class GivenSignOut(Out):
    """Whether what was submitted took effect by it."""

    took_effect = fields.Boolean(required=True)


class SignOut(Out):
    """One who is asked; ``state``: waiting, open, agree, disagree, dropped."""

    who = fields.String(required=True)
    said = fields.Nested(BothOut, required=True)
    state = fields.String(required=True)
    words = fields.String(required=True)
    at = fields.DateTime(required=True, allow_none=True)


class SignAskOut(Out):
    """Signatures asked for; ``running`` while any is awaited."""

    id = fields.Integer(required=True)
    kind = fields.Nested(BothOut, required=True)
    mode = fields.Nested(BothOut, required=True)
    needed = fields.Integer(required=True)
    by = fields.String(required=True)
    words = fields.String(required=True)
    at = fields.DateTime(required=True)
    state = fields.Nested(BothOut, required=True)
    running = fields.Boolean(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)
    signs = fields.List(fields.Nested(SignOut), required=True)


class SignLineOut(Out):
    """A signature asked of the caller, or given (``at``)."""

    id = fields.Integer(required=True)
    task_id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    subject = fields.String(required=True)
    who = fields.String(required=True)
    kind = fields.Nested(BothOut, required=True)
    words = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    limit = fields.Nested(LimitOut, required=True)
    said = fields.Nested(BothOut, required=True)
    at = fields.DateTime(required=True, allow_none=True)


class SignLinesOut(Out):
    """What the caller is asked to sign, and the newest of what they signed."""

    asked = fields.List(fields.Nested(SignLineOut), required=True)
    given = fields.List(fields.Nested(SignLineOut), required=True)


class SignPageOut(Out):
    """What is to be signed; ``values`` are what was submitted, empty where they sign before."""

    line = fields.Nested(SignLineOut, required=True)
    ask = fields.Nested(SignAskOut, required=True)
    values = fields.Dict(required=True)
    may_open = fields.Boolean(required=True)
    why_not = fields.Nested(BothOut, required=True, allow_none=True)
