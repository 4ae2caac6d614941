"""Schemas of the API's routes of the register of awards, of how the law is carried out, and of expert review."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import Day
from service.web.api.schemas.ballots import ReasonIn
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse

_WORDS = validate.Length(0, 300)


class AwardOut(Out):
    """An award on record; ``ended`` says why it no longer holds."""

    id = fields.Integer(required=True)
    body_id = fields.Integer(required=True)
    organisation = fields.String(required=True)
    former_names = fields.List(fields.String())
    city = fields.Nested(BothOut)
    award = fields.Nested(BothOut)
    tier = fields.Nested(BothOut)
    round = fields.String()
    decided_on = fields.Date(required=True)
    number = fields.String(allow_none=True)
    revoked_on = fields.Date(allow_none=True)
    ended = fields.String()


class SanctionOut(Out):
    """A sanction that is public."""

    organisation = fields.String(required=True)
    city = fields.Nested(BothOut)
    ground = fields.String()
    effect = fields.String()
    from_day = fields.Date()
    last_day = fields.Date(allow_none=True)
    running = fields.Boolean()


class RegisterOut(Out):
    """A page of the register; pass ``next`` as ``after`` to go on."""

    awards = fields.List(fields.Nested(AwardOut), required=True)
    sanctions = fields.List(fields.Nested(SanctionOut))
    next = fields.String(allow_none=True)


class PastAwardsIn(Strict):
    """Past winners as rows of cells, headings first; ``choices``: line → body id or "new"; ``commit`` records them."""

    rows = fields.List(fields.List(fields.String()), required=True, validate=validate.Length(1, 20_000))
    choices = fields.Dict(keys=fields.Integer(), values=fields.String(), load_default=dict)
    commit = TrueOrFalse(load_default=False)


class ImportLineOut(Out):
    """A line of an import, what becomes of it and why."""

    line = fields.Integer(required=True)
    name = fields.String()
    outcome = fields.String(required=True, attribute="outcome.name")
    reason = fields.Nested(BothOut)


class ImportOut(Out):
    """What an import would do, or did."""

    lines = fields.List(fields.Nested(ImportLineOut), required=True)
    taken = fields.Integer(required=True)
    done = fields.Boolean(required=True)
    unread = fields.List(fields.String(), required=True)


class RunningVersionOut(Out):
    """A published version, and how many cases run under it; ``again`` is when it was last published, where more than once."""

    version = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)
    published_by = fields.String()
    current = fields.Boolean()
    running = fields.Integer()
    again = fields.AwareDateTime(allow_none=True, attribute="again.at", dump_default=None)


class RunningVersionsOut(Out):
    """The versions of a package, newest first."""

    versions = fields.List(fields.Nested(RunningVersionOut), required=True)


class ExpertOut(Out):
    """An expert on the register; ``barred`` says why they cannot review today."""

    id = fields.Integer(required=True, attribute="row.id")
    version = fields.Integer(required=True, attribute="row.version")
    name = fields.String(required=True)
    employer = fields.String(attribute="row.employer")
    status = fields.String(attribute="row.status")
    sectors = fields.List(fields.String(), attribute="row.sectors")
    education = fields.Nested(BothOut)
    experience_years = fields.Integer()
    last_training = fields.Date(allow_none=True)
    barred = fields.Nested(BothOut, allow_none=True)
    panels = fields.Integer()


class ExpertsOut(Out):
    """A page of the register of experts of one jurisdiction."""

    jurisdiction = fields.String(required=True)
    experts = fields.List(fields.Nested(ExpertOut), required=True, attribute="lines")
    next = fields.Integer(allow_none=True, attribute="after")


class NewExpertIn(Strict):
    """A person for the register; the account is made when ``login`` is new."""

    jurisdiction = fields.String(required=True, validate=validate.Length(1, 60))
    login = fields.String(required=True, validate=validate.Length(1, 80))
    name = fields.String(required=True, validate=validate.Length(1, 80))
    employer = fields.String(required=True, validate=validate.Length(1, 200))
    education = fields.String(required=True, validate=validate.Length(1, 20))
    practising_since = Day(required=True)
    sectors = fields.List(fields.String(), load_default=tuple)
    qualifications = fields.List(fields.String(), load_default=tuple)
    term_from = Day(load_default=None, allow_none=True)
    term_until = Day(load_default=None, allow_none=True)
    place = fields.String(load_default="", validate=_WORDS)
    email = fields.String(load_default="", validate=_WORDS)


class ExpertIdOut(Out):
    """The expert who was added."""

    expert_id = fields.Integer(required=True)


class ExpertStatusIn(ReasonIn):
    """Suspend, disqualify or restore an expert; ``scores`` drop or keep their sheets."""

    version = fields.Integer(required=True, validate=validate.Range(0, 2**31))
    status = fields.String(required=True, validate=validate.OneOf(("active", "suspended", "disqualified")))
    until = Day(load_default=None, allow_none=True)
    scores = fields.String(load_default="drop", validate=validate.OneOf(("drop", "keep")))


class TouchedOut(Out):
    """How many running cases it touched."""

    touched = fields.Integer(required=True)
