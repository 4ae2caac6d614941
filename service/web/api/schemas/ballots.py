"""Schemas of the API's routes of ballots."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.cases import REASON
from service.web.api.schemas.common import Strict


class ReasonIn(Strict):
    """Why it is done; the reason goes on record."""

    reason = fields.String(required=True, validate=REASON)
