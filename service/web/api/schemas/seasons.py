"""Schemas of the API's routes of one scenario, and of a recording."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import Day
from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.simulation import ScenarioOut

_WORD = validate.Length(1, 300)
_ROWS = validate.OneOf(("steps", "expect"))
_NUMBER = validate.Range(0, 100_000)


class ScenarioDetailOut(Out):
    """A scenario with its rows as the file says them; ``hash`` is the mark that the next save carries."""

    scenario = fields.Nested(ScenarioOut, required=True)
    hash = fields.String(required=True)
    head = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    steps = fields.List(fields.Dict(), required=True)
    expect = fields.List(fields.Dict(), required=True)


class NewScenarioIn(Strict):
    """A scenario to be begun; its file is named after the title where ``name`` is empty."""

    title = fields.String(required=True, validate=validate.Length(1, 200))
    start = Day(required=True)
    name = fields.String(load_default="", validate=validate.Length(0, 60))


class MissingStepOut(Out):
    """A task that no scenario does."""

    element = fields.String(required=True)
    name = fields.String(required=True)
    process = fields.String(required=True)


class MissingEntryOut(Out):
    """A required field that every row of its form leaves out."""

    form = fields.String(required=True)
    path = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)


class MissingOut(Out):
    """What all scenarios of a draft lack."""

    steps = fields.List(fields.Nested(MissingStepOut), required=True)
    entries = fields.List(fields.Nested(MissingEntryOut), required=True)


class CopyScenarioIn(Strict):
    """The scenario at ``path`` copied; without a title it is called after the other."""

    path = fields.String(required=True, validate=_WORD)
    title = fields.String(load_default="", validate=validate.Length(0, 200))


class StepIn(Strict):
    """A step that stands, or would be put, before row ``number`` (from 0) of the scenario at ``path``."""

    path = fields.String(required=True, validate=_WORD)
    number = fields.Integer(required=True, validate=_NUMBER)
    row = fields.Dict(keys=fields.String(), required=True)


class StepChoiceOut(Out):
    """Something that may be chosen."""

    value = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)


class StepChoicesOut(Out):
    """What formulas offer in the form of a step, by field."""

    choices = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(StepChoiceOut)), required=True)


class ScenarioEditIn(Strict):
    """One edit: ``do`` is put, insert, copy, move, remove or head; the rest says of which row (from 0), and what."""

    do = fields.String(required=True, validate=validate.OneOf(("put", "insert", "copy", "move", "remove", "head")))
    rows = fields.String(load_default="steps", validate=_ROWS)
    number = fields.Integer(load_default=0, validate=_NUMBER)
    by = fields.Integer(load_default=1, validate=validate.Range(-100_000, 100_000))
    row = fields.Dict(keys=fields.String(), load_default=dict)
    title = fields.String(load_default="", validate=validate.Length(0, 200))
    start = Day(load_default=None, allow_none=True)


class ScenarioEditsIn(Strict):
    """Edits of a scenario whose mark was ``base``, one after another."""

    path = fields.String(required=True, validate=_WORD)
    base = fields.String(required=True, validate=validate.Length(0, 64))
    edits = fields.List(fields.Nested(ScenarioEditIn), required=True, validate=validate.Length(1, 500))


class ScenarioPathOut(Out):
    """The file of a scenario."""

    path = fields.String(required=True)
