"""Schemas of the API's routes of amendments to single cases, and of studying clauses and values."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.cases import REASON
from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.register import ClausePlaceOut, ClauseStateOut, SettingOut

_ID = validate.Range(1, 2**53)
_VERSION = validate.Length(64, 64)


class ReachOut(Out):
    """Whether cases may move to the current version, on what ground, and by which clauses."""

    allowed = fields.Boolean(required=True)
    why = fields.Nested(BothOut, required=True)
    clauses = fields.List(fields.String())


class ValueChangeOut(Out):
    """A frozen value that changes when a case moves."""

    parameter = fields.String(required=True)
    name = fields.Nested(BothOut)
    old = fields.Nested(BothOut, allow_none=True)
    new = fields.Nested(BothOut)


class DateChangeOut(Out):
    """A time limit that moves; ``passed`` where the new day is over already."""

    name = fields.String(required=True)
    old = fields.Date(required=True)
    new = fields.Date(required=True)
    passed = fields.Boolean()


class MovePlanOut(Out):
    """What moving a case does: nothing where there are ``reasons``."""

    case_id = fields.Integer(required=True, attribute="case.id")
    title = fields.String(required=True, attribute="case.title")
    moves = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(BothOut))
    reach = fields.Nested(ReachOut)
    values = fields.List(fields.Nested(ValueChangeOut))
    dates = fields.List(fields.Nested(DateChangeOut))


class RunningCaseOut(Out):
    """A running case under an earlier version, what would become of it, and how many below it stay behind."""

    plan = fields.Nested(MovePlanOut, required=True)
    version = fields.String(required=True)
    left_behind = fields.Integer()


class RunningCasesOut(Out):
    """A page of the cases that run under earlier versions; pass ``next`` as ``after`` to go on."""

    version = fields.String(required=True, attribute="package.version")
    cases = fields.List(fields.Nested(RunningCaseOut), required=True, attribute="lines")
    total = fields.Integer(required=True)
    next = fields.Integer(allow_none=True, attribute="after")
    may_apply = fields.Boolean()


class ApplyIn(Strict):
    """Which cases move to ``version``, the current one, and why."""

    cases = fields.List(fields.Integer(validate=_ID), required=True, validate=validate.Length(1, 500))
    version = fields.String(required=True, validate=_VERSION)
    reason = fields.String(required=True, validate=REASON)


class AppliedOut(Out):
    """What became of one case; ``refusal`` says why it stays."""

    case_id = fields.Integer(required=True)
    done = fields.Nested(MovePlanOut, allow_none=True)
    refusal = fields.Nested(BothOut, allow_none=True)


class AppliedListOut(Out):
    """What became of each case."""

    cases = fields.List(fields.Nested(AppliedOut), required=True)


class MoveCaseIn(Strict):
    """The current version a case moves to, and why."""

    version = fields.String(required=True, validate=_VERSION)
    reason = fields.String(required=True, validate=REASON)


class BatchLineOut(Out):
    """A batch of moves."""

    id = fields.Integer(required=True)
    state = fields.String(required=True)
    dry = fields.Boolean()


class BatchesOut(Out):
    """A page of batches of an award, newest first."""

    batches = fields.List(fields.Nested(BatchLineOut), required=True)
    next = fields.Integer(allow_none=True)


class StudiedCityOut(Out):
    """A jurisdiction that the reader may study; ``remarks`` counts what its text is remarked on."""

    id = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    law = fields.String()
    remarks = fields.Integer()


class StudiedCitiesOut(Out):
    """The jurisdictions that the reader may study."""

    cities = fields.List(fields.Nested(StudiedCityOut), required=True)


class StudiedClauseOut(Out):
    """One clause with what carries it out, and the clauses before and after it."""

    line = fields.Nested(ClauseStateOut, required=True)
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)


class StudiedFileOut(Out):
    """A file with what in it carries clauses out."""

    file = fields.String(required=True)
    places = fields.List(fields.Nested(ClausePlaceOut), required=True)


class StudiedFilesOut(Out):
    """What carries clauses out, file by file."""

    files = fields.List(fields.Nested(StudiedFileOut), required=True)
    total = fields.Integer(required=True)


class MatrixOut(Out):
    """Every clause of a jurisdiction with its state and places, as the file of the same has it."""

    matrix = fields.Dict(required=True)


class VersionsComparedOut(Out):
    """What differs between two packages; null where one of them was not named."""

    differences = fields.Dict(required=True, allow_none=True)


class OneSettingOut(Out):
    """One setting of an award."""

    setting = fields.Nested(SettingOut, required=True)
