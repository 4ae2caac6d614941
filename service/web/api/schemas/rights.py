"""Schemas of the API's routes of changes of rights that take two administrators."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import InstantWithOffset
from service.web.api.schemas.common import BothOut, Out, Strict


class RightsRequestOut(Out):
    """A change that one administrator asked for; ``state``: waiting, lapsed, confirmed, refused, withdrawn."""

    id = fields.Integer(required=True)
    change = fields.Nested(BothOut, required=True)
    person_id = fields.Integer(required=True)
    person = fields.String(required=True)
    login = fields.String(required=True)
    role = fields.Nested(BothOut, required=True, allow_none=True)
    body = fields.String(required=True)
    place = fields.String(required=True)
    asked_by = fields.String(required=True)
    asked_office = fields.Nested(BothOut, required=True)
    asked_at = InstantWithOffset(required=True)
    until = InstantWithOffset(required=True)
    state = fields.String(required=True)
    decided_by = fields.String(required=True)
    decided_at = InstantWithOffset(required=True, allow_none=True)
    answer = fields.String(required=True)
    reason = fields.String(required=True)
    may_decide = fields.Boolean(required=True)
    own = fields.Boolean(required=True)


class RightsRequestsOut(Out):
    """Requests, newest first; ``next`` leads to the next page."""

    requests = fields.List(fields.Nested(RightsRequestOut), required=True, attribute="lines")
    next = fields.Integer(required=True, allow_none=True, attribute="before")


class RefusalIn(Strict):
    """Why a request is refused, or withdrawn by who asked."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))
