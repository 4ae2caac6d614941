"""Schemas of the API's routes of diagrams in drafts."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict


class DiagramOut(Out):
    """A diagram as an editor may open it; ``hash`` is handed back as ``base`` when the file is saved."""

    path = fields.String(required=True)
    name = fields.String(required=True)
    xml = fields.String(required=True)
    hash = fields.String(required=True)
    revision = fields.Integer(required=True)
    origin = fields.Function(lambda found: found.origin.value)
    editable = fields.Boolean(required=True)


class ChoiceOut(Out):
    """Something that can be chosen."""

    id = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    path = fields.String()


class BodyChoiceOut(ChoiceOut):
    """A body and its roles."""

    roles = fields.List(fields.String())


class FormChoiceOut(ChoiceOut):
    """A form and the keys of what it submits, with their labels."""

    keys = fields.List(fields.String())
    labels = fields.Dict(keys=fields.String(), values=fields.Nested(BothOut))


class ProcessChoiceOut(ChoiceOut):
    """A process that can be called."""

    slots = fields.List(fields.String())
    shared = fields.Boolean()
    citing = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    outputs = fields.List(fields.String())


class OperationParameterOut(Out):
    """A parameter of an operation, called ``label``; ``names``: the list of choices it names a member of."""

    name = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    type = fields.String(required=True)
    required = fields.Boolean()
    help = fields.String()
    default = fields.String()
    names = fields.String()


class OperationChoiceOut(ChoiceOut):
    """An operation of service tasks."""

    group = fields.String()
    parameters = fields.List(fields.Nested(OperationParameterOut))
    result = fields.List(fields.String())


class ClauseChoiceOut(Out):
    """A clause of the register."""

    id = fields.String(required=True)
    article = fields.String(required=True)
    summary = fields.String(required=True)


class PeriodChoiceOut(ChoiceOut):
    """A parameter that counts days, months or years, with its value today (``said``: in words) and its clauses."""

    unit = fields.String()
    value = fields.String()
    said = fields.Nested(BothOut)
    clauses = fields.List(fields.String())


class DiagramChoicesOut(Out):
    """What may be chosen in a diagram."""

    path = fields.String(required=True)
    shared = fields.Boolean(required=True)
    today = fields.Date(required=True)
    roles = fields.List(fields.Nested(ChoiceOut))
    bodies = fields.List(fields.Nested(BodyChoiceOut))
    forms = fields.List(fields.Nested(FormChoiceOut))
    tables = fields.List(fields.Nested(ChoiceOut))
    documents = fields.List(fields.Nested(ChoiceOut))
    kinds = fields.List(fields.Nested(ChoiceOut))
    processes = fields.List(fields.Nested(ProcessChoiceOut))
    operations = fields.List(fields.Nested(OperationChoiceOut))
    clauses = fields.List(fields.Nested(ClauseChoiceOut))
    slots = fields.List(fields.String())
    variables = fields.List(fields.String())
    messages = fields.List(fields.Nested(ChoiceOut))
    periods = fields.List(fields.Nested(PeriodChoiceOut))
    starts = fields.List(fields.Nested(ChoiceOut))
    ends = fields.List(fields.Nested(ChoiceOut))


class TidyIn(Strict):
    """A diagram that is being drawn, to be laid out anew."""

    path = fields.String(required=True, validate=validate.Length(1, 300))
    xml = fields.String(required=True)


class TidyOut(Out):
    """The same diagram with a fresh drawing."""

    xml = fields.String(required=True)


class KeyOut(Out):
    """A key that is free."""

    key = fields.String(required=True)


class PeriodOut(Out):
    """A period that begins on the sample day, and how its end comes about."""

    length = fields.Integer(required=True)
    last_day = fields.Date(required=True)
    provisional = fields.Boolean(required=True)
    sentence = fields.Nested(BothOut, required=True)
