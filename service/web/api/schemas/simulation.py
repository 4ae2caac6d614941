"""Schemas of the API's routes of simulation."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict


class ScenarioRunIn(Strict):
    """Which scenarios to play; all of them where none is named."""

    paths = fields.List(
        fields.String(validate=validate.Length(1, 300)), load_default=list, validate=validate.Length(0, 500)
    )


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
