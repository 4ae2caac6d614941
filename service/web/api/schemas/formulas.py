"""Schemas of the API's routes of formulas."""

from __future__ import annotations

from marshmallow import fields, validate

from service.domain.feel.limits import MAX_TEXT
from service.web.api.schemas.common import BothOut, Out, Strict


class FormulaNameOut(Out):
    """A name: its FEEL type, the same in words, what it means, its value on the sample, and what may follow the dot."""

    name = fields.String(required=True)
    type = fields.String(required=True)
    kind = fields.Nested(BothOut, required=True)
    label = fields.Nested(BothOut, required=True)
    sample = fields.String(allow_none=True)
    entries = fields.List(fields.Nested(lambda: FormulaNameOut()))


class FormulaFunctionOut(Out):
    """A function with its needed parameters, what it does and an example."""

    name = fields.String(required=True)
    parameters = fields.List(fields.String(), required=True)
    does = fields.Nested(BothOut, required=True)
    example = fields.String(required=True)


class FormulaWordsOut(Out):
    """What may be written at a place; ``sample`` says what record the values come from."""

    names = fields.List(fields.Nested(FormulaNameOut), required=True)
    functions = fields.List(fields.Nested(FormulaFunctionOut), required=True)
    sample = fields.Nested(BothOut, required=True)


class FormulaIn(Strict):
    """A text as it is typed. ``kind``: expression, or tests for the condition of a cell, with its column as ``input``.

    ``case`` is tried instead of the sample; ``facts`` are values (FEEL) by dotted path.
    """

    text = fields.String(required=True, validate=validate.Length(0, 4 * MAX_TEXT))
    kind = fields.String(load_default="expression", validate=validate.OneOf(("expression", "tests")))
    input = fields.String(load_default="", validate=validate.Length(0, MAX_TEXT))
    case = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31))
    facts = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 300)),
        values=fields.String(validate=validate.Length(0, 2000)),
        load_default=dict,
    )


class FormulaFaultOut(Out):
    """What is wrong between two characters, counted from 0; ``suggestion`` is what to write there instead."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    severity = fields.String(required=True)
    message = fields.Nested(BothOut, required=True)
    remedy = fields.Nested(BothOut, required=True)
    suggestion = fields.String()


class FormulaGapOut(Out):
    """A part that is null or unknown, and why."""

    part = fields.String(required=True)
    why = fields.Nested(BothOut, required=True)


class FormulaValueOut(Out):
    """The value as FEEL writes it; ``refused`` says why there is none, ``reasons`` why periods end when they do."""

    shown = fields.String(required=True)
    gaps = fields.List(fields.Nested(FormulaGapOut), required=True)
    refused = fields.Nested(BothOut, allow_none=True)
    reasons = fields.List(fields.Nested(BothOut))


class FormulaJudgedOut(Out):
    """What is wrong with a formula, and its value on ``record``."""

    problems = fields.List(fields.Nested(FormulaFaultOut), required=True)
    value = fields.Nested(FormulaValueOut, allow_none=True)
    record = fields.Nested(BothOut, allow_none=True)
