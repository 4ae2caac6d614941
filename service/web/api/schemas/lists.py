"""Schemas of the API's routes of lists as spreadsheets."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import TrueOrFalse
from service.web.api.schemas.files import SentFileIn

_NAME = validate.Length(1, 200)


class SentListIn(SentFileIn):
    """A filled list (.xlsx or .csv) by ``name``; without ``commit`` it is only said what would become of each line."""

    name = fields.String(required=True, validate=_NAME)
    commit = TrueOrFalse(load_default=False)


class SentExpertsIn(SentListIn):
    """Experts for the register of a jurisdiction."""

    jurisdiction = fields.String(required=True, validate=validate.Length(1, 60))


class SentApplicantsIn(SentListIn):
    """Applicants of a round; ``receipt`` is a file that was uploaded, the scan of the counter's receipt."""

    receipt = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 36))
