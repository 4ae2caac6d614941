"""Schemas of the API's routes of retention."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import Day
from service.web.api.schemas.common import BothOut, Out, Strict

_CASE = validate.Range(1, 2**62)


class RetentionRuleOut(Out):
    """How many years after the round a class of data is kept; None: for good."""

    jurisdiction = fields.String(required=True)
    name = fields.String(required=True)
    text = fields.Nested(BothOut, required=True)
    years = fields.Integer(allow_none=True)


class ComingRuleOut(Out):
    """A time of keeping that holds from a later day on."""

    jurisdiction = fields.String(required=True)
    name = fields.String(required=True)
    years = fields.Integer(allow_none=True)
    from_day = fields.Date(required=True)


class DueCaseOut(Out):
    """A case with the classes of data that are due, since when, and why it has to wait."""

    case = fields.Integer(required=True)
    round = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    due = fields.Dict(keys=fields.String(), values=fields.Date(), required=True)
    refusals = fields.List(fields.Nested(BothOut), required=True)


class ErasureOut(Out):
    """An erasure: waiting, erased (files still go), done or refused."""

    id = fields.Integer(required=True)
    case = fields.Integer(required=True)
    parts = fields.List(fields.String(), required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(allow_none=True)
    found = fields.Dict(required=True)


class RetentionOut(Out):
    """Rules in force and those to come, what is due by a day, a page of erasures, and what erasing does not reach."""

    by = fields.Date(required=True)
    rules = fields.List(fields.Nested(RetentionRuleOut), required=True)
    coming = fields.List(fields.Nested(ComingRuleOut), required=True)
    due = fields.List(fields.Nested(DueCaseOut), required=True)
    erasures = fields.List(fields.Nested(ErasureOut), required=True)
    next = fields.Integer(allow_none=True)
    not_reached = fields.List(fields.Nested(BothOut), required=True)


class CasesIn(Strict):
    """Cases by number."""

    cases = fields.List(fields.Integer(strict=True, validate=_CASE), required=True, validate=validate.Length(1, 100))


class ErasuresIn(CasesIn):
    """The cases, and the reason."""

    reason = fields.String(required=True, validate=validate.Length(1, 300))


class DocumentAboveOut(Out):
    """A document of a case above in which words stand that go."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class TriedOut(Out):
    """What erasing a case would come to: rows by table, entries of histories, files; or why it has to wait."""

    case = fields.Integer(required=True)
    parts = fields.List(fields.String(), required=True)
    refusals = fields.List(fields.Nested(BothOut), required=True)
    found = fields.Dict(allow_none=True)
    documents_above = fields.List(fields.Nested(DocumentAboveOut), required=True)


class TrialOut(Out):
    """A trial, which changed nothing."""

    cases = fields.List(fields.Nested(TriedOut), required=True)


class ErasuresBegunOut(Out):
    """How many cases are being erased."""

    count = fields.Integer(required=True)


class RulesIn(Strict):
    """Years by name of the rule (None: for good), and from when."""

    jurisdiction = fields.String(required=True, validate=validate.Length(1, 60))
    years = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 40)),
        values=fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 100)),
        required=True,
        validate=validate.Length(1, 50),
    )
    from_day = Day(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, 300))


class RulesChangedOut(Out):
    """How many rules changed."""

    count = fields.Integer(required=True)
