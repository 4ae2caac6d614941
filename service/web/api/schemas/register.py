"""Schemas of the API's routes of the register of awards, of how the law is carried out, and of expert review."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import Day, InstantWithOffset
from service.web.api.schemas.ballots import ReasonIn
from service.web.api.schemas.cases import REASON
from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse

_ROW = validate.Range(1, 2**53)
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


class DoubtOut(Out):
    """Two organisations that may be one: each as id, name and code."""

    one = fields.List(fields.Raw(), required=True)
    other = fields.List(fields.Raw(), required=True)


class DoubtsOut(Out):
    """A page of organisations that may be one."""

    doubts = fields.List(fields.Nested(DoubtOut), required=True)
    next = fields.Integer(allow_none=True)


class SameIn(Strict):
    """Whether two organisations are the same."""

    one = fields.Integer(required=True, validate=_ROW)
    other = fields.Integer(required=True, validate=_ROW)
    same = TrueOrFalse(required=True)


class ClauseStateOut(Out):
    """A clause and what became of it."""

    id = fields.String(required=True, attribute="clause.id")
    article = fields.String(required=True, attribute="clause.article")
    summary = fields.String(attribute="clause.summary")
    status = fields.String(required=True, attribute="status.name")
    reason = fields.String()
    places = fields.List(fields.Nested(lambda: ClausePlaceOut()))
    proofs = fields.List(fields.Nested(lambda: ClauseProofOut()))


class ClausePlaceOut(Out):
    """Something that carries a clause out."""

    package = fields.String(required=True)
    file = fields.String(required=True)
    element = fields.String()
    name = fields.String()


class ClauseProofOut(Out):
    """An expectation of a scenario that fails where the clause does not happen."""

    scenario = fields.String(required=True)
    title = fields.String()
    told = fields.String()


class ClauseStatesOut(Out):
    """The clauses of a regulation in the order of the text."""

    lines = fields.List(fields.Nested(ClauseStateOut), required=True)


class SettingOut(Out):
    """A parameter as in force today."""

    id = fields.String(required=True, attribute="parameter.id")
    value = fields.Nested(BothOut, required=True)
    typed = fields.String()
    by_city = fields.Boolean()
    bounds = fields.Nested(BothOut, allow_none=True)
    changeable = fields.Boolean()
    clauses = fields.List(fields.Nested(ClauseOut), attribute="articles")


class SettingsOut(Out):
    """The settings of an award; ``broken`` is the number of a change that was tampered with."""

    settings = fields.List(fields.Nested(SettingOut), required=True)
    may_change = fields.Boolean()
    broken = fields.Integer(allow_none=True)


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


class TrainingIn(Strict):
    """A training that was held."""

    title = fields.String(required=True, validate=validate.Length(1, 200))
    held_on = Day(required=True)
    hours = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 10_000))
    valid_until = Day(load_default=None, allow_none=True)


class ExpertStatusIn(ReasonIn):
    """Suspend, disqualify or restore an expert; ``scores`` drop or keep their sheets."""

    version = fields.Integer(required=True, validate=validate.Range(0, 2**31))
    status = fields.String(required=True, validate=validate.OneOf(("active", "suspended", "disqualified")))
    until = Day(load_default=None, allow_none=True)
    scores = fields.String(load_default="drop", validate=validate.OneOf(("drop", "keep")))


class TouchedOut(Out):
    """How many running cases it touched."""

    touched = fields.Integer(required=True)


class ReplaceMemberIn(ReasonIn):
    """Who leaves a panel, and why."""

    person_id = fields.Integer(required=True, validate=_ROW)


class PanelOut(Out):
    """A panel as it stands; people are ids."""

    stage = fields.String(required=True)
    panel = fields.Integer(allow_none=True)
    members = fields.List(fields.Integer())
    fresh = fields.List(fields.Integer())
    waiting = fields.List(fields.Integer())


class AppointmentOut(Out):
    """A defence or a visit."""

    id = fields.Integer(required=True, attribute="row.id")
    case_id = fields.Integer(required=True, attribute="row.case_id")
    stage = fields.String(attribute="row.stage")
    room = fields.String(attribute="row.room")
    starts_at = fields.AwareDateTime(attribute="row.starts_at")
    ends_at = fields.AwareDateTime(attribute="row.ends_at")
    state = fields.String(attribute="row.state")
    applicant = fields.String()
    people = fields.List(fields.String())
    over = fields.Boolean()


class AppointmentsOut(Out):
    """A page of coming appointments."""

    appointments = fields.List(fields.Nested(AppointmentOut), required=True)
    next = fields.String(allow_none=True)


class BookingIn(Strict):
    """When and where an appointment is from now on."""

    stage = fields.String(required=True, validate=validate.Length(1, 60))
    room = fields.String(required=True, validate=validate.Length(1, 200))
    starts_at = InstantWithOffset(required=True)
    minutes = fields.Integer(required=True, validate=validate.Range(1, 24 * 60))
    note = fields.String(load_default="", validate=_WORDS)


class InterestIn(Strict):
    """An interest of an expert in an organisation."""

    body_id = fields.Integer(required=True, validate=_ROW)
    kind = fields.String(required=True, validate=validate.Length(1, 40))
    text = fields.String(required=True, validate=REASON)
    last_day = Day(load_default=None, allow_none=True)
