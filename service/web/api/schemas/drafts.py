"""Schemas of the API's routes of drafts."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class PackageDraftIn(Strict):
    """A package to be edited, and what the draft is called."""

    package = fields.String(required=True, validate=validate.Length(1, 120))
    title = fields.String(load_default="", validate=validate.Length(0, 200))


class PackageDraftOut(Out):
    """A draft: ``base`` is the version it was opened from."""

    id = fields.Integer(required=True)
    package = fields.String(required=True)
    title = fields.String(required=True)
    base = fields.String(allow_none=True)
    author = fields.String(required=True)
    shared = fields.Boolean(required=True)
    state = fields.String(required=True)
    revision = fields.Integer(required=True)
    changed_at = fields.DateTime(required=True)


class DraftFileOut(Out):
    """A file of a draft; ``origin``: own, shared, pattern; ``changed``: by this draft."""

    path = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    hash = fields.String(required=True)
    origin = fields.String(required=True)
    changed = fields.Boolean(required=True)


class DraftFilesOut(PackageDraftOut):
    """A draft with its files."""

    files = fields.List(fields.Nested(DraftFileOut), required=True)


class PackageFileIn(Strict):
    """A file to be saved: ``content`` null removes it, ``base`` is the hash of what was opened (null: a new file).

    ``ancestor`` is the content sent before, where that was merged and ``content`` goes on from it without what was merged.
    ``check`` asks for the problems of the draft with the answer. ``give_way`` removes a piece in use although the shared one
    of its name is used in its place then.
    """

    path = fields.String(required=True, validate=validate.Length(1, 300))
    content = fields.String(required=True, allow_none=True)
    base = fields.String(required=True, allow_none=True)
    note = fields.String(load_default="", validate=validate.Length(0, 300))
    ancestor = fields.String(load_default=None, allow_none=True)
    check = TrueOrFalse(load_default=False)
    give_way = TrueOrFalse(load_default=False)


class PackageFileOut(Out):
    """A file as the draft holds it; ``merged``: another person's change was taken in.

    ``problems`` are those of the draft with it, errors first, where they were asked for; ``untold`` says why they cannot be
    told, and the file is saved all the same.
    """

    path = fields.String(required=True)
    content = fields.String(allow_none=True)
    hash = fields.String(required=True)
    revision = fields.Integer(required=True)
    merged = fields.Boolean()
    problems = fields.List(fields.Nested(lambda: RuleProblemOut()), allow_none=True)
    whole = fields.Boolean()
    untold = fields.Nested(BothOut)


class RuleProblemOut(Out):
    """One thing that is wrong: where, what, and the remedy."""

    rule = fields.String(required=True)
    severity = fields.String(required=True)
    file = fields.String(required=True)
    element = fields.String(allow_none=True)
    place = fields.Nested(BothOut, allow_none=True)
    line = fields.Integer(allow_none=True)
    message = fields.Nested(BothOut, required=True)
    remedy = fields.Nested(BothOut, required=True)


class DraftProblemsOut(Out):
    """What is wrong with a draft at a revision, errors first.

    Not ``whole``: a file cannot be read, and nothing else of the draft was checked.
    """

    revision = fields.Integer(required=True)
    problems = fields.List(fields.Nested(RuleProblemOut), required=True)
    whole = fields.Boolean(required=True)
