"""Schemas of what people choose for themselves."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.people.accounts.kept_views import LONGEST_NAME
from service.casework.people.accounts.message_ways import CHOICES
from service.casework.queries.tasks.list_tasks import SCOPES
from service.web.api.schemas.common import Out, Strict, TrueOrFalse

_KINDS = sorted({kind for kind, _ in CHOICES})
_CHANNELS = sorted({channel for _, channel in CHOICES})
_WISHES = sorted({wish for choices in CHOICES.values() for wish in choices})
_WORD = validate.Length(1, 60)


class ViewQueryIn(Strict):
    """What the list is narrowed by, as the arguments of GET /tasks are called; ``order`` is that of the page."""

    scope = fields.String(validate=validate.OneOf(SCOPES))
    q = fields.String(validate=validate.Length(1, 100))
    jurisdiction = fields.String(validate=_WORD)
    award = fields.String(validate=_WORD)
    kind = fields.String(validate=_WORD)
    role = fields.String(validate=_WORD)
    step = fields.String(validate=validate.Length(1, 240))
    due = fields.String(validate=_WORD)
    round = fields.String(validate=validate.Regexp(r"^[1-9][0-9]{0,14}$"))
    order = fields.String(validate=_WORD)


class KeepViewIn(Strict):
    """A view and its name; the same query kept before takes the new name."""

    label = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME))
    query = fields.Nested(ViewQueryIn, required=True)


class FirstViewIn(Strict):
    """Whether the list opens with this view; no other does then."""

    first = TrueOrFalse(required=True)


class ViewQueryOut(Out):
    """What the list is narrowed by; what is left out narrows nothing."""

    scope = fields.String()
    q = fields.String()
    jurisdiction = fields.String()
    award = fields.String()
    kind = fields.String()
    role = fields.String()
    step = fields.String()
    due = fields.String()
    round = fields.String()
    order = fields.String()


class KeptViewOut(Out):
    """A kept view at its place, from 0, and how many tasks it holds; counting stops at 1000."""

    number = fields.Integer(required=True)
    label = fields.String(required=True)
    query = fields.Nested(ViewQueryOut, required=True)
    first = fields.Boolean(required=True)
    count = fields.Integer(required=True)


class KeptViewsOut(Out):
    """All kept views."""

    views = fields.List(fields.Nested(KeptViewOut), required=True)


class MessageWayOut(Out):
    """For a kind of message and a channel what is chosen, and the choices: "" as the place has it."""

    kind = fields.String(required=True)
    channel = fields.String(required=True)
    chosen = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)


class MessageWaysOut(Out):
    """The channels by which messages leave here, the address, the language of messages, and what is chosen."""

    channels = fields.List(fields.String(), required=True)
    email = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    ways = fields.List(fields.Nested(MessageWayOut), required=True)


class MessageWayIn(Strict):
    """A choice for a kind of message and a channel."""

    kind = fields.String(required=True, validate=validate.OneOf(_KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(_CHANNELS))
    chosen = fields.String(required=True, validate=validate.OneOf(_WISHES))


class MessageWaysIn(Strict):
    """What is chosen; what is not named stays as it is."""

    language = fields.String(validate=validate.Regexp(r"^[a-z]{2}$"))
    ways = fields.List(fields.Nested(MessageWayIn), required=True, validate=validate.Length(1, len(CHOICES)))
