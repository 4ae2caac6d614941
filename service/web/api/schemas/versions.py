"""Schemas of the API's routes of discarded drafts, of what a decision rests on, and of published versions."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, CaseBriefOut, Out, Strict
from service.web.api.schemas.drafts import RuleProblemOut


class ScenarioCountOut(Out):
    """How many scenarios a draft has, and how many were met, not met, and not played since the last change."""

    all = fields.Integer(required=True)
    met = fields.Integer(required=True)
    unmet = fields.Integer(required=True)
    waiting = fields.Integer(required=True)


class OpenScenarioOut(Out):
    """A scenario that failed (``passed`` false), or was not played on the files as they are."""

    path = fields.String(required=True)
    title = fields.String(required=True)
    passed = fields.Boolean(allow_none=True)


class NextStartOut(Out):
    """A kind of case that begins a round by the current version, and whether the reader may start it."""

    process = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    roles = fields.List(fields.Nested(BothOut), required=True)
    may = fields.Boolean(required=True)
    href = fields.String(required=True)


class PackageVersionOut(Out):
    """A published version; ``running`` cases run under it, ``ended`` are over, ``before`` is what withdrawing it brings back.

    ``again``: when it was last published, where that was more than once; ``withdrawn``: when, where it is.
    """

    version = fields.String(required=True)
    current = fields.Boolean(required=True)
    running = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    before = fields.String(allow_none=True)
    again = fields.AwareDateTime(allow_none=True)
    withdrawn = fields.AwareDateTime(allow_none=True)


class StatedAmendmentOut(Out):
    """What a draft says of running cases: ``wanted`` where it amends and says nothing, ``applies`` null where it says nothing."""

    wanted = fields.Boolean(required=True)
    applies = fields.Boolean(required=True, allow_none=True)
    clauses = fields.List(fields.String(), required=True)
    since = fields.Date(required=True, allow_none=True, data_key="from")
    note = fields.String(required=True)


class PublicationOut(Out):
    """What a decision on a draft rests on, and what the reader may do with it now.

    ``ended_settings``: values that the city set itself and that would hold no more, a sentence each.
    """

    state = fields.String(required=True)
    problems = fields.List(fields.Nested(RuleProblemOut), required=True)
    covered = fields.Nested(BothOut, required=True)
    scenarios = fields.Nested(ScenarioCountOut, required=True)
    open_scenarios = fields.List(fields.Nested(OpenScenarioOut), required=True)
    starts = fields.List(fields.Nested(NextStartOut), required=True)
    changed = fields.List(fields.String(), required=True)
    running = fields.Integer(allow_none=True, required=True)
    behind = fields.Boolean(required=True)
    running_cases = fields.Nested(StatedAmendmentOut, required=True)
    versions = fields.List(fields.Nested(PackageVersionOut), required=True)
    ended_settings = fields.List(fields.Nested(BothOut), required=True)
    may = fields.List(fields.String(), required=True)


class WithdrawIn(Strict):
    """Why a version is withdrawn."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))


class WithdrawnOut(Out):
    """The cases that keep a version that was withdrawn."""

    running = fields.List(fields.Nested(CaseBriefOut), required=True)


class VersionWithdrawalOut(Out):
    """When a version was withdrawn, by whom, in what words, and the version that came ``instead``."""

    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    why = fields.String(required=True)
    instead = fields.String(allow_none=True)


class VersionCaseOut(Out):
    """A case that runs under a version; its title as far as the reader may read it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    kind = fields.Nested(BothOut, required=True)
    started_at = fields.AwareDateTime(required=True)


class VersionOut(Out):
    """A published version and a page of the cases that run under it; pass ``next`` as ``after`` to go on.

    ``again``: when it was last published, where that was more than once; ``withdrawn``: null where it is not.
    """

    version = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)
    published_by = fields.String(required=True)
    again = fields.AwareDateTime(required=True, allow_none=True)
    current = fields.Boolean(required=True)
    withdrawn = fields.Nested(VersionWithdrawalOut, required=True, allow_none=True)
    running = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    cases = fields.List(fields.Nested(VersionCaseOut), required=True)
    next = fields.Integer(required=True, allow_none=True)
