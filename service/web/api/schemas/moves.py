"""Schemas of the API's routes that move running cases to another version."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class MissingElementOut(Out):
    """An element that the current version lacks; ``proposed`` is the new one that it may have become."""

    process = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)
    proposed = fields.String(allow_none=True)
    why = fields.Nested(BothOut, required=True)


class RenamesOut(Out):
    """What of an earlier version the current one, ``target``, lacks."""

    target = fields.String(required=True)
    missing = fields.List(fields.Nested(MissingElementOut), required=True)


class RenameIn(Strict):
    """An element that only got another id."""

    process = fields.String(required=True, validate=validate.Length(1, 120))
    before = fields.String(required=True, validate=validate.Length(1, 120))
    after = fields.String(required=True, validate=validate.Length(1, 120))


class MoveBatchIn(Strict):
    """A batch; ``dry`` changes nothing, ``choice`` (stay, end, restart) is for cases that reached what was altered."""

    version = fields.String(required=True, validate=validate.Length(64, 64))
    from_version = fields.String(required=True, validate=validate.Length(64, 64))
    reason = fields.String(required=True, validate=validate.Length(1, 300))
    renames = fields.List(fields.Nested(RenameIn), load_default=[])
    choice = fields.String(load_default="stay", validate=validate.OneOf(["stay", "end", "restart"]))
    dry = TrueOrFalse(load_default=True)


class MovedCaseOut(Out):
    """What became of a case, or would, and why; ``undoes``: it can be taken back now, ``kept`` why undoing all left it."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    verdict = fields.String(required=True)
    why = fields.List(fields.Nested(BothOut), required=True)
    undoes = fields.Boolean(required=True)
    undone_at = fields.AwareDateTime(allow_none=True)
    kept = fields.Nested(BothOut, allow_none=True)


class UndoingOut(Out):
    """How far the newest batch is that undoes a batch of moves."""

    reason = fields.String(required=True)
    total = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    refused = fields.Integer(required=True)


class MoveBatchOut(Out):
    """A batch: how far it is, counts by verdict, a page of cases; ``undoing`` where somebody undoes it."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    dry = fields.Boolean(required=True)
    over = fields.Boolean(required=True)
    total = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    cases = fields.List(fields.Nested(MovedCaseOut), required=True)
    next = fields.Integer(allow_none=True)
    undoing = fields.Nested(UndoingOut, allow_none=True)


class UndoIn(Strict):
    """Why a move is undone."""

    reason = fields.String(required=True, validate=validate.Length(1, 300))
