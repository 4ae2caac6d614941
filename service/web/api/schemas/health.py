"""Schemas of the API's route of how the installation is."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, Out


class CheckOut(Out):
    """A check: its colour is grey (nothing to look at), green, yellow or red; ``since``: where it was seen before."""

    name = fields.String(required=True)
    colour = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    sentence = fields.Nested(BothOut, required=True)
    remedy = fields.Nested(BothOut, required=True)
    since = fields.DateTime(required=True, allow_none=True)


class HealthOut(Out):
    """Every check, the worst first."""

    checks = fields.List(fields.Nested(CheckOut), required=True)
