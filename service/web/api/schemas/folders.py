"""Schemas of the API's routes on which a draft leaves and comes in as folders, and is printed."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.files import SentFileIn


class FolderIn(SentFileIn):
    """A zip of the folders processes/CITY and forms/CITY, in base64."""


class ImportedOut(Out):
    """What an import did; ``ignored`` are files that no package holds."""

    revision = fields.Integer(required=True)
    changed = fields.List(fields.String(), required=True)
    removed = fields.List(fields.String(), required=True)
    ignored = fields.List(fields.String(), required=True)


class HandbookIn(Strict):
    """The handbook that is to be made: of the draft or of the published version."""

    format = fields.String(load_default="pdf", validate=validate.OneOf(("pdf", "docx")))
    side = fields.String(load_default="draft", validate=validate.OneOf(("draft", "published")))
    language = fields.String(load_default="zh", validate=validate.OneOf(("zh", "en")))


class MadeHandbookOut(Out):
    """A handbook that was made, and of which version it is."""

    format = fields.String(required=True)
    state = fields.Nested(BothOut, required=True)


class HandbooksOut(Out):
    """The newest handbook of each format."""

    handbooks = fields.List(fields.Nested(MadeHandbookOut), required=True)
