"""Schemas of the API's routes of submitted forms, dossiers and single experts."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, Out
from service.web.api.schemas.register import ExpertOut


class SubmittedFormOut(Out):
    """A submitted form; personal and secret values are masked unless they are one's own or revealed."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.Nested(BothOut, required=True)
    step = fields.String()
    who = fields.String()
    at = fields.AwareDateTime(required=True)
    own = fields.Boolean()
    values = fields.Dict(required=True)


class ExpertTrainingOut(Out):
    """A training of an expert."""

    title = fields.String(required=True)
    held_on = fields.Date(required=True)
    hours = fields.Integer(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class ExpertChangeOut(Out):
    """A change of an entry: when, by whom, what."""

    at = fields.AwareDateTime(required=True)
    actor = fields.String(required=True)
    text = fields.String(required=True)


class OneExpertOut(Out):
    """An expert with everything on record."""

    expert = fields.Nested(ExpertOut, required=True, attribute="line")
    trainings = fields.List(fields.Nested(ExpertTrainingOut))
    changes = fields.List(fields.Nested(ExpertChangeOut))
