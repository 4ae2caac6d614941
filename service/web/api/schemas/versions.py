"""Schemas of the API's routes of discarded drafts, of what a decision rests on, and of published versions."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, Out


class VersionWithdrawalOut(Out):
    """When a version was withdrawn, by whom, in what words, and the version that came ``instead``."""

    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    why = fields.String(required=True)
    instead = fields.String(allow_none=True)


class VersionCaseOut(Out):
    """A case that runs under a version; its title as far as the reader may read it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.Nested(BothOut, required=True)
    started_at = fields.AwareDateTime(required=True)


class VersionOut(Out):
    """A published version and a page of the cases that run under it; pass ``next`` as ``after`` to go on.

    ``again``: when it was last published, where that was more than once; ``withdrawn``: null where it is not.
    """

    version = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)
    published_by = fields.String(required=True)
    again = fields.AwareDateTime(required=True, allow_none=True)
    current = fields.Boolean(required=True)
    withdrawn = fields.Nested(VersionWithdrawalOut, required=True, allow_none=True)
    running = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    cases = fields.List(fields.Nested(VersionCaseOut), required=True)
    next = fields.Integer(required=True, allow_none=True)
