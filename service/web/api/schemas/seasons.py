"""Schemas of the API's routes of one scenario, the proof sheet, two cities compared, and a recording."""

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


class ProofLineOut(Out):
    """A clause with its status and the scenarios that fail where it does not happen, the best proof first.

    Those of ``beyond_law`` are played under parameters that the law does not allow, and prove nothing.
    """

    clause = fields.String(required=True)
    article = fields.String(required=True)
    status = fields.String(required=True)
    scenarios = fields.List(fields.String(), required=True)
    beyond_law = fields.List(fields.String(), required=True)


class ProofSheetOut(Out):
    """The proof sheet of a draft; ``passed`` tells of scenarios that were run on it as it is whether they pass.

    The status of a clause is carried_out only where a scenario that proves it passed; else it is unplayed or failed.
    Where taking out some of what cites it was tried and no scenario failed, it is partly, without any that fails unproved.
    """

    lines = fields.List(fields.Nested(ProofLineOut), required=True)
    proved = fields.Integer(required=True)
    passed = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)


class TrialsIn(Strict):
    """Clauses to be tried; without any all that were not tried on the draft as it is."""

    clauses = fields.List(
        fields.String(validate=validate.Length(1, 60)), load_default=list, validate=validate.Length(max=500)
    )


class ChangeTrialOut(Out):
    """A change of what cites a clause; ``noticed`` says that ``scenario`` failed at ``step`` (0 at its end).

    Where nobody noticed, ``scenario`` is the one to which an expectation could be added.
    """

    what = fields.Nested(BothOut, required=True)
    file = fields.String(required=True)
    element = fields.String(required=True)
    noticed = fields.Boolean(required=True)
    scenario = fields.String(required=True)
    step = fields.Integer(required=True, allow_none=True)
    expected = fields.Nested(BothOut, required=True)
    found = fields.Nested(BothOut, required=True)


class ClauseTrialOut(Out):
    """The trial of a clause: noticed, partly, unnoticed, red or nothing_to_change; ``left`` changes were not tried."""

    clause = fields.String(required=True)
    verdict = fields.String(required=True)
    left = fields.Integer(required=True)
    failing = fields.List(fields.String(), required=True)
    changes = fields.List(fields.Nested(ChangeTrialOut), required=True)


class TrialsOut(Out):
    """The trials that hold for the draft as it is; ``waiting`` clauses that a scenario claims were not tried.

    Of these ``lapsed`` had been tried before the draft changed what their trials rest on.
    """

    trials = fields.List(fields.Nested(ClauseTrialOut), required=True)
    waiting = fields.Integer(required=True)
    lapsed = fields.Integer(required=True)


class CitySeasonOut(Out):
    """A scenario that can be compared; ``package`` is "" for the draft's own."""

    package = fields.String(required=True)
    city = fields.Nested(BothOut, allow_none=True)
    path = fields.String(required=True)
    title = fields.String(required=True)


class ApplicantFiguresOut(Out):
    """What an applicant came to."""

    nick = fields.String(required=True)
    outcome = fields.Nested(BothOut, required=True)
    awards = fields.List(fields.String(), required=True)
    days = fields.Integer(allow_none=True)
    by_applicant = fields.Integer(required=True)
    by_others = fields.Integer(required=True)
    letters = fields.Integer(required=True)
    filled = fields.Integer(required=True, attribute="fields")
    files = fields.Integer(required=True)
    waited = fields.Integer(allow_none=True)


class RefusedStepOut(Out):
    """A step of a season that nobody could do, and why; ``applying`` is who would have applied by it, "" otherwise."""

    words = fields.Nested(BothOut, required=True)
    why = fields.Nested(BothOut, required=True)
    applying = fields.String(required=True)


class CityFiguresOut(Out):
    """A season in one city."""

    city = fields.Nested(BothOut, required=True)
    title = fields.String(required=True)
    passed = fields.Boolean(required=True)
    days = fields.Integer(required=True)
    applicants = fields.List(fields.Nested(ApplicantFiguresOut), required=True)
    refused = fields.List(fields.Nested(RefusedStepOut), required=True)


class CitiesOut(Out):
    """What can be compared, and the two sides of the newest comparison."""

    seasons = fields.List(fields.Nested(CitySeasonOut), required=True)
    result = fields.List(fields.Nested(CityFiguresOut), required=True)


class CitiesIn(Strict):
    """A scenario of the draft, and one of a published package."""

    path = fields.String(required=True, validate=_WORD)
    other = fields.String(required=True, validate=_WORD)
    other_path = fields.String(required=True, validate=_WORD)
