"""Schemas of the API's routes for what offices do beside a task."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import Out, Strict


class UrgeIn(Strict):
    """What goes with it, if anything."""

    words = fields.String(load_default="", validate=validate.Length(max=200))


class UrgedOut(Out):
    """How many people were told."""

    told = fields.Integer(required=True)


class StepBackOut(Out):
    """A step to which a task may be sent back."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    applicant = fields.Boolean(
        required=True, metadata={"description": "the organisation that the case is about does it, and reads the reason"}
    )


class StepsBackOut(Out):
    """The steps to which a task may be sent back, nearest first."""

    steps = fields.List(fields.Nested(StepBackOut), required=True)
