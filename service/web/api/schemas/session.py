"""Schemas of the API's routes of one's sessions."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import Strict


class ProofIn(Strict):
    """``code`` of who signs in with codes, one-time or recovery; else the present ``password``."""

    code = fields.String(validate=validate.Length(1, 40))
    password = fields.String(validate=validate.Length(1, 200))
