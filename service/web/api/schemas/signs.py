"""Schemas of the API's routes for signatures beside tasks."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.tasks.ask_sign import MOST_PEOPLE, MOST_WORDS
from service.web.api.schemas.common import BothOut, LimitOut, Out, Strict, TrueOrFalse


class AskSignIn(Strict):
    """Whom to ask, whether before or after submission, and who decides; ``needed`` for ``share``."""

    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**31))
    people = fields.List(
        fields.Integer(validate=validate.Range(1, 2**53)), required=True, validate=validate.Length(1, MOST_PEOPLE)
    )
    kind = fields.String(load_default="before", validate=validate.OneOf(["before", "after"]))
    mode = fields.String(load_default="all", validate=validate.OneOf(["all", "share", "first"]))
    needed = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST_PEOPLE))
    words = fields.String(load_default="", validate=validate.Length(max=MOST_WORDS))


class AskedSignOut(Out):
    """The number of what was asked."""

    id = fields.Integer(required=True)


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


class SignAsksOut(Out):
    """The newest three requests beside a task, newest first."""

    asks = fields.List(fields.Nested(SignAskOut), required=True)


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


class SignerOut(Out):
    """Somebody who may be asked."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class SignersOut(Out):
    """Whom the caller may ask beside a task: of the own body, and of others that handle the case."""

    own = fields.List(fields.Nested(SignerOut), required=True)
    others = fields.List(fields.Nested(SignerOut), required=True)
