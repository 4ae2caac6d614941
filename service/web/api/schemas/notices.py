"""Schemas of the API's routes of the files of notices, of notices found, that end soon, or that name a winner."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import NoticeOut, Out
from service.web.api.schemas.register import AwardOut, SanctionOut


class NoticeFileOut(Out):
    """A file that a notice is offered as."""

    kind = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class NoticeFilesOut(Out):
    """The files of a notice."""

    files = fields.List(fields.Nested(NoticeFileOut), required=True)


class WinnerOut(Out):
    """An organisation on record: its awards, the newest notices that name it, sanctions made public by law."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    awards = fields.List(fields.Nested(AwardOut), required=True)
    notices = fields.List(fields.Nested(NoticeOut), required=True)
    sanctions = fields.List(fields.Nested(SanctionOut), required=True)
