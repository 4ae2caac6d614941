"""Schemas of the API's routes of the ties that reviewers declare."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.review.ties import KINDS
from service.web.api.schemas.ballots import ReasonIn
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


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


class LateTieIn(Strict):
    """A tie to the applicant whose sheet the task is: employment, shareholding, kinship, paid_work, consulting or other."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    text = fields.String(required=True, validate=validate.Length(1, 500))


class LateTieOut(Out):
    """A tie that a reviewer declared beside their sheet."""

    person_id = fields.Integer(required=True)
    tie = fields.Nested(BothOut, required=True)


class LateTiesOut(Out):
    """Those that wait to be decided."""

    ties = fields.List(fields.Nested(LateTieOut), required=True)


class DecideTieIn(ReasonIn):
    """What is decided, for which panel of the case, and why."""

    panel_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    recuse = TrueOrFalse(required=True)
