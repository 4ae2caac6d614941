"""Schemas of the API's routes for what offices do beside a task."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.tasks.urge_many import MOST
from service.web.api.schemas.common import BothOut, Out, Strict


class UrgeIn(Strict):
    """What goes with it, if anything."""

    words = fields.String(load_default="", validate=validate.Length(max=200))


class UrgedOut(Out):
    """How many people were told."""

    told = fields.Integer(required=True)


class UrgeCasesIn(UrgeIn):
    """The cases whose holders are urged, with what goes with it."""

    cases = fields.List(
        fields.Integer(validate=validate.Range(1, 2**53)), required=True, validate=validate.Length(1, MOST)
    )


class UrgedCaseOut(Out):
    """What became of a case: how many people were told, and why something was not urged."""

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    told = fields.Integer(required=True)
    refused = fields.List(fields.Nested(BothOut), required=True)


class UrgedCasesOut(Out):
    """What became of each case."""

    cases = fields.List(fields.Nested(UrgedCaseOut), required=True)


class StepBackOut(Out):
    """A step to which a task may be sent back."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    applicant = fields.Boolean(
        required=True, metadata={"description": "the organisation that the case is about does it, and reads the reason"}
    )


class StepsBackOut(Out):
    """The steps to which a task may be sent back, nearest first."""

    steps = fields.List(fields.Nested(StepBackOut), required=True)


class WriteNoteIn(Strict):
    """What is noted beside a case: a note, an instruction or a copy for one person, or an answer to who wrote to the caller."""

    words = fields.String(load_default="", validate=validate.Length(max=2000))
    kind = fields.String(load_default="note", validate=validate.OneOf(["note", "instruction", "copy", "answer"]))
    to_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))
    task_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**53))


class NoteOut(Out):
    """A note; ``whom`` is empty where it is for whoever handles the case, ``answer_to`` its author where the caller may answer."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    kind = fields.Nested(BothOut, required=True)
    who = fields.String(required=True)
    whom = fields.String(required=True)
    words = fields.String(required=True)
    at = fields.DateTime(required=True)
    read_at = fields.DateTime(allow_none=True)
    answer_to = fields.Integer(required=True, allow_none=True)


class NotesOut(Out):
    """Notes, newest first."""

    notes = fields.List(fields.Nested(NoteOut), required=True)


class MyNotesOut(NotesOut):
    """A page of what is for the caller; pass ``next`` as ``after`` to go on."""

    next = fields.Integer(required=True, allow_none=True)


class NotedOut(Out):
    """The number of what was written."""

    id = fields.Integer(required=True)
