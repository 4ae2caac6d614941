"""Schemas of the API's routes that put two sides of a procedure beside each other, and settle where they meet."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.draft_life import DraftRevisionOut
from service.web.api.schemas.simulation import JobOut

_WORD = validate.Length(1, 300)


class ComparedSideOut(Out):
    """A side: ``word`` names it in addresses."""

    word = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)


class FieldDifferenceOut(Out):
    """One thing that a record says on both sides; null where it says nothing of it."""

    name = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    left = fields.String(allow_none=True)
    right = fields.String(allow_none=True)


class RecordDifferenceOut(Out):
    """A record that differs: ``change`` is added, removed, changed or moved."""

    element = fields.String(required=True)
    subject = fields.Nested(BothOut, required=True)
    change = fields.String(required=True)
    fields_ = fields.List(fields.Nested(FieldDifferenceOut), data_key="fields", attribute="fields", required=True)


class FileDifferenceOut(Out):
    """A file that differs; ``drawn`` are elements that only moved, ``readable`` false where no more can be said."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    change = fields.String(required=True)
    records = fields.List(fields.Nested(RecordDifferenceOut), required=True)
    drawn = fields.List(fields.String(), required=True)
    readable = fields.Boolean(required=True)


class ParameterPairOut(Out):
    """A parameter that has another value on the other side, in words; null where a side has none."""

    id = fields.String(required=True)
    left = fields.Nested(BothOut, allow_none=True)
    right = fields.Nested(BothOut, allow_none=True)


class DraftComparisonOut(Out):
    """Two sides with everything that differs, and what else may be compared.

    ``job`` compares the files of two places: ``files`` is empty until it is over, then ask again. Null without need.
    """

    left = fields.Nested(ComparedSideOut, required=True)
    right = fields.Nested(ComparedSideOut, required=True)
    job = fields.Nested(JobOut, allow_none=True)
    choices = fields.List(fields.Nested(ComparedSideOut), required=True)
    parameters = fields.List(fields.Nested(ParameterPairOut), required=True)
    clauses = fields.List(fields.String(), required=True)
    files = fields.List(fields.Nested(FileDifferenceOut), required=True)


class ComparedFileOut(Out):
    """A file as one side has it."""

    path = fields.String(required=True)
    content = fields.String(required=True)


class ConflictFieldOut(Out):
    """One thing that both sides changed: before, ours and theirs; null where it says nothing of it."""

    name = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    base = fields.String(allow_none=True)
    ours = fields.String(allow_none=True)
    theirs = fields.String(allow_none=True)


class ConflictOut(Out):
    """What both sides changed differently; ``id`` is what a choice names."""

    id = fields.String(required=True)
    element = fields.String(required=True)
    subject = fields.Nested(BothOut, required=True)
    removed = fields.String(allow_none=True)
    fields_ = fields.List(fields.Nested(ConflictFieldOut), data_key="fields", attribute="fields", required=True)


class FileConflictsOut(Out):
    """A file with its conflicts."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    conflicts = fields.List(fields.Nested(ConflictOut), required=True)


class PublishedMeanwhileOut(Out):
    """A version that was published since the draft was opened; ``version`` null where there is none."""

    version = fields.String(allow_none=True, required=True)
    files = fields.List(fields.String(), required=True)
    conflicts = fields.List(fields.Nested(FileConflictsOut), required=True)


class FileChoiceIn(Strict):
    """The side that a conflict of a file takes: ours is the draft."""

    path = fields.String(required=True, validate=_WORD)
    id = fields.String(required=True, validate=_WORD)
    side = fields.String(required=True, validate=validate.OneOf(("ours", "theirs")))


class TakeInIn(Strict):
    """The version to be taken in, the current one, and a side for every conflict."""

    version = fields.String(required=True, validate=_WORD)
    chosen = fields.List(fields.Nested(FileChoiceIn), load_default=list, validate=validate.Length(0, 5000))


class HeldSaveOut(FileConflictsOut):
    """What the reader wanted to save and is still to be chosen; ``author`` saved the other side."""

    id = fields.Integer(required=True)
    author = fields.String(required=True)


class HeldSavesOut(Out):
    """Everything that is still to be chosen."""

    held = fields.List(fields.Nested(HeldSaveOut), required=True)


class SettleIn(Strict):
    """The side of every conflict, by its id."""

    chosen = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(("ours", "theirs"))), required=True
    )


class RevisionDifferenceOut(Out):
    """One change of a draft in words; ``difference`` null where it left the file as it was."""

    revision = fields.Integer(required=True)
    path = fields.String(required=True)
    author = fields.String(required=True)
    at = fields.DateTime(required=True)
    note = fields.String(required=True)
    difference = fields.Nested(FileDifferenceOut, allow_none=True)


class LastSaveOut(Out):
    """The last save of a file, without what it changed; null where there is none that can be undone."""

    last = fields.Nested(DraftRevisionOut, allow_none=True, required=True)


class LastSaveIn(Strict):
    """The file, and the number of its last save as it was told: another is not undone."""

    path = fields.String(required=True, validate=_WORD)
    revision = fields.Integer(required=True, validate=validate.Range(1, 10_000_000))
