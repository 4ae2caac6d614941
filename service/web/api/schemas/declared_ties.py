"""Schemas of the API's route of the ties that a reviewer declared."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, Out


class DeclaredTieOut(Out):
    """A tie that the caller declared; ``led_to`` is recused, lifted, kept, open or apart, ``reason`` that of the decision."""

    applicant = fields.String(required=True)
    words = fields.Nested(BothOut, required=True)
    at = fields.AwareDateTime(required=True)
    led_to = fields.String(required=True)
    decision = fields.Nested(BothOut, required=True)
    reason = fields.String(required=True)


class DeclaredTiesOut(Out):
    """The ties that the caller declared, the newest first."""

    ties = fields.List(fields.Nested(DeclaredTieOut), required=True)
