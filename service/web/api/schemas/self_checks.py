"""Schemas of the self-check before applying."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, FieldOut, Out


class SelfCheckOut(Out):
    """The questions, the day to which years are counted, and whether a round takes applications (``round``: its title)."""

    package = fields.String(required=True)
    day = fields.Date(required=True)
    round = fields.String(required=True)
    open = fields.Boolean(required=True)
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields", required=True)


class CheckedGroundOut(Out):
    """How a condition stands: met, not_met, prepare (a file or text is not ready), answer (an answer is missing), or later.

    ``by`` finds out later; ``missing`` are answers or files that are missing, ``evidence`` is what the finding rests on.
    """

    ground = fields.String(required=True)
    state = fields.String(required=True)
    text = fields.String(required=True)
    by = fields.Nested(BothOut, required=True)
    missing = fields.List(fields.Nested(BothOut), required=True)
    evidence = fields.List(fields.Nested(BothOut), required=True)
    clauses = fields.List(fields.Nested(ClauseOut), required=True)


class SelfCheckedOut(Out):
    """What the answers come to, condition by condition."""

    grounds = fields.List(fields.Nested(CheckedGroundOut), required=True)
