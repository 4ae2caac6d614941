"""Schemas of the API's routes on which a draft leaves and comes in as folders, and is printed."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas import Out
from service.web.api.schemas_files import SentFileIn


class FolderIn(SentFileIn):
    """A zip of the folders processes/CITY and forms/CITY, in base64."""


class ImportedOut(Out):
    """What an import did; ``ignored`` are files that no package holds."""

    revision = fields.Integer(required=True)
    changed = fields.List(fields.String(), required=True)
    removed = fields.List(fields.String(), required=True)
    ignored = fields.List(fields.String(), required=True)
