"""Schemas of the API's routes of one task."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schema_fields import InstantWithOffset
from service.web.api.schemas.common import BothOut, FieldOut, Out, TaskBriefOut


class FormerRoundOut(Out):
    """What was answered before, where a step is done anew: ``values`` by the paths of the fields that are blank again."""

    who = fields.String(required=True)
    at = InstantWithOffset(required=True)
    values = fields.Dict(required=True)


class TaskDetailOut(TaskBriefOut):
    """One task with the fields of its form and the values it starts with."""

    state = fields.String(required=True)
    consequence = fields.String()
    may_act = fields.Boolean()
    why_not = fields.Nested(BothOut, allow_none=True)
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields")
    values = fields.Dict()
    former = fields.Nested(FormerRoundOut, allow_none=True)
