"""Schemas of the API's routes of simulation."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.simulate.seasons.season_difference import Otherwise
from service.web.api.schemas.common import BothOut, Out, Strict


class ScenarioRunIn(Strict):
    """Which scenarios to play; all of them where none is named."""

    paths = fields.List(
        fields.String(validate=validate.Length(1, 300)), load_default=list, validate=validate.Length(0, 500)
    )


class TrapSearchIn(Strict):
    """For how many minutes to search at most."""

    minutes = fields.Integer(load_default=1, validate=validate.Range(1, 15))


class JobOut(Out):
    """Long work: ``state`` is waiting, running, done, failed, stopped or interrupted; ask again until ``over``."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    doing = fields.Nested(BothOut, required=True)
    trouble = fields.Nested(BothOut, allow_none=True)
    over = fields.Boolean(required=True)


class ScenarioOut(Out):
    """A scenario; ``passed`` is null before it was played, ``stale`` when the draft changed since; ``unmet`` in words."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    passed = fields.Boolean(allow_none=True)
    stale = fields.Boolean(required=True)
    unmet = fields.List(fields.Nested(BothOut), required=True)


class ScenariosOut(Out):
    """The scenarios of a draft."""

    scenarios = fields.List(fields.Nested(ScenarioOut), required=True)


class DifferenceOut(Out):
    """What comes out otherwise in a replayed season; days are ISO dates, first and last joined by a slash."""

    season = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in Otherwise]))
    case = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    clauses = fields.List(fields.String(), required=True)


class WaitOut(Out):
    """Step ``number`` of a replayed season, done ``after`` instead of ``before``, since ``label`` lasts so long; ISO instants."""

    season = fields.String(required=True)
    number = fields.Integer(required=True)
    before = fields.DateTime(required=True)
    after = fields.DateTime(required=True)
    label = fields.String(required=True)
    clauses = fields.List(fields.String(), required=True)


class LostStepOut(Out):
    """Step ``number`` of a replayed season that the draft lets nobody do any more: ``messages`` say why."""

    season = fields.String(required=True)
    number = fields.Integer(required=True)
    words = fields.Nested(BothOut, required=True)
    messages = fields.List(fields.Nested(BothOut), required=True)


class ReplayOut(Out):
    """What the newest replay came to; names are masked. ``unrepeated`` seasons stop before their end as published already.

    ``waits`` are steps that were done later, and those after them moved along; ``lost`` are steps that are not done.
    """

    seasons = fields.Integer(required=True)
    differences = fields.List(fields.Nested(DifferenceOut), required=True)
    waits = fields.List(fields.Nested(WaitOut), required=True)
    lost = fields.List(fields.Nested(LostStepOut), required=True)
    unrepeated = fields.List(fields.String(), required=True)


class TrapOut(Out):
    """A trap at the step called ``name``, and how often somebody acts in the play that shows it.

    ``shortest``: every way of fewer acts was tried, and does not show it.
    """

    kind = fields.String(required=True)
    process = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(required=True)
    case = fields.String(required=True)
    clauses = fields.List(fields.String(), required=True)
    message = fields.Nested(BothOut, required=True)
    steps = fields.Integer(required=True)
    shortest = fields.Boolean(required=True)


class TrapsOut(Out):
    """What the newest search found: ``whole`` when everything was tried, ``acts`` up to how many acts every way was.

    ``untimed`` are the steps at which a case waits for somebody and goes on by no day, ``unused`` what no play came to;
    in keeping one their numbers follow those of the traps and of the rows of conditions.
    """

    plays = fields.Integer(required=True)
    whole = fields.Boolean(required=True)
    acts = fields.Integer(required=True)
    traps = fields.List(fields.Nested(TrapOut), required=True)
    untimed = fields.List(fields.Nested(TrapOut), required=True)
    unused = fields.List(fields.Nested(TrapOut), required=True)
