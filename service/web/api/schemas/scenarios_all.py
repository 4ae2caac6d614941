"""Schemas of the routes that bring all scenarios of a draft after a change."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse

_PATHS = fields.List(
    fields.String(validate=validate.Length(1, 300)), load_default=list, validate=validate.Length(0, 500)
)  # fmt: skip


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


class NewStepIn(Strict):
    """The task by its element, and what is filled in everywhere."""

    element = fields.String(required=True, validate=validate.Length(1, 200))
    values = fields.Dict(keys=fields.String(), load_default=dict)


class ChosenIn(Strict):
    """The scenarios to be written."""

    paths = _PATHS


class ResultsIn(ChosenIn):
    """The scenarios that take over the results that came, and why these are right."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class EntryIn(Strict):
    """One value for a field (``staff[].photo``) of a form; ``confirm`` writes it into ``paths``, as shown with ``mark``."""

    form = fields.String(required=True, validate=validate.Length(1, 200))
    field = fields.String(required=True, validate=validate.Length(1, 200))
    value = fields.Raw(required=True)
    confirm = TrueOrFalse(load_default=False)
    paths = _PATHS
    mark = fields.String(load_default="", validate=validate.Length(0, 100))


class InsertedRowOut(Out):
    """A row before row ``before`` (from 0) of the steps, as a file says it and in words."""

    before = fields.Integer(required=True)
    text = fields.String(required=True)
    words = fields.Nested(BothOut, required=True)
    at = fields.String(required=True)


class StepLineOut(Out):
    """A scenario: the rows that would be written, or the ``reason`` why none; ``passes`` whether it holds then."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    passes = fields.Boolean(required=True)
    reason = fields.Nested(BothOut, allow_none=True)
    unmet = fields.List(fields.Nested(BothOut), required=True)
    rows = fields.List(fields.Nested(InsertedRowOut), required=True)


class StepProposalOut(Out):
    """The newest proposal; ``stale`` when the draft changed since."""

    element = fields.String(required=True)
    stale = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(StepLineOut), required=True)


class ScenarioDayOut(Out):
    """A day of step ``number``, or of an expectation at the end; ``before`` is "" where a step had none."""

    number = fields.Integer(required=True)
    at_end = fields.Boolean(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    clauses = fields.List(fields.String(), required=True)


class ExpectedResultOut(Out):
    """What a scenario expects and what came instead, at step ``number`` or at the end; ``proves``: the clauses it claims."""

    number = fields.Integer(required=True)
    at_end = fields.Boolean(required=True)
    before = fields.Nested(BothOut, required=True)
    after = fields.Nested(BothOut, required=True)
    proves = fields.List(fields.String(), required=True)


class DaysLineOut(Out):
    """A scenario: its days that would move, or the ``reason`` why none; ``passes`` whether it holds then.

    ``results``: those that came instead of the expected ones, where it fails at nothing else.
    """

    path = fields.String(required=True)
    title = fields.String(required=True)
    days = fields.List(fields.Nested(ScenarioDayOut), required=True)
    passes = fields.Boolean(required=True)
    unmet = fields.List(fields.Nested(BothOut), required=True)
    reason = fields.Nested(BothOut, allow_none=True)
    results = fields.List(fields.Nested(ExpectedResultOut), required=True)


class DaysProposalOut(Out):
    """The newest proposal; ``stale`` when the draft changed since."""

    stale = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(DaysLineOut), required=True)


class WrittenOut(Out):
    """The files that were written."""

    paths = fields.List(fields.String(), required=True)


class EntryLineOut(Out):
    """A scenario: in how many rows the field would be filled in, or the ``reason`` why in none."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    filled = fields.Integer(required=True)
    reason = fields.Nested(BothOut, allow_none=True)


class EntryProposalOut(Out):
    """What one value changes; ``mark`` confirms just this, ``written`` are the files that were written."""

    label = fields.Nested(BothOut, required=True)
    lines = fields.List(fields.Nested(EntryLineOut), required=True)
    mark = fields.String(required=True)
    written = fields.List(fields.String(), required=True)
