"""Schemas of the API's routes for what offices do beside a task."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas import Out, Strict


class UrgeIn(Strict):
    """What goes with it, if anything."""

    words = fields.String(load_default="", validate=validate.Length(max=200))


class UrgedOut(Out):
    """How many people were told."""

    told = fields.Integer(required=True)
