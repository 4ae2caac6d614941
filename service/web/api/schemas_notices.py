"""Schemas of the API's routes of the files of notices, and of notices that end soon."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas import Out


class NoticeFileOut(Out):
    """A file that a notice is offered as."""

    kind = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class NoticeFilesOut(Out):
    """The files of a notice."""

    files = fields.List(fields.Nested(NoticeFileOut), required=True)


class EndingNoticeOut(Out):
    """A notice that ends soon."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(allow_none=True)
    title = fields.String(required=True)
    last_day = fields.Date(allow_none=True)


class EndingNoticesOut(Out):
    """Notices that end within the week."""

    notices = fields.List(fields.Nested(EndingNoticeOut), required=True)
