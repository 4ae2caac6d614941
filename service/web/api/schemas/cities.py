"""Schemas of the API's routes on which a new city begins."""

from __future__ import annotations

from marshmallow import fields, validate

from service.catalog.assistants.review_questions import VOTE_BASES, VOTE_SECRECY
from service.catalog.law_text.objection_phases import PHASES
from service.catalog.new_city.steps import CityStep
from service.web.api.schema_fields import Day
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse
from service.web.api.schemas.law import LawPiecesIn

_NAME = validate.Length(1, 100)
_DAYS = validate.Range(1, 365)


class NamedChoiceOut(Out):
    """Something that may be chosen, by its key."""

    key = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)


class CityChoicesOut(Out):
    """What a new city can begin from, and an ``id`` for the name that was asked about, "" where there was none."""

    id = fields.String(required=True)
    calendars = fields.List(fields.Nested(NamedChoiceOut), required=True)
    packages = fields.List(fields.Nested(NamedChoiceOut), required=True)


class NewTierIn(Strict):
    """A prize and how many may be given in a round."""

    name = fields.String(required=True, validate=_NAME)
    places = fields.Integer(required=True, validate=validate.Range(1, 10_000))


class NewCityIn(LawPiecesIn):
    """A city from blank. ``cited`` names for each step the places in ``pieces`` (from 0) that it carries out.

    The steps are apply, conditions, acceptance, vote, notice, conferral, and those of ``steps``; approval is by the
    ``government``. With ``cycle_years`` above 0 the step ``cycle`` is among them.
    """

    id = fields.String(required=True, validate=validate.Length(1, 40))
    name = fields.String(required=True, validate=_NAME)
    name_en = fields.String(load_default="", validate=validate.Length(0, 100))
    calendar = fields.String(required=True, validate=_NAME)
    award_name = fields.String(required=True, validate=_NAME)
    law_title = fields.String(required=True, validate=_NAME)
    since = Day(required=True)
    office = fields.String(required=True, validate=_NAME)
    committee = fields.String(required=True, validate=_NAME)
    tiers = fields.List(fields.Nested(NewTierIn), required=True, validate=validate.Length(1, 30))
    cited = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Integer(validate=validate.Range(0))), load_default=dict
    )
    window_days = fields.Integer(load_default=0, validate=validate.Range(0, 365))
    working_window = TrueOrFalse(load_default=False)
    call_by = fields.String(load_default="", validate=validate.Length(0, 5))
    founded_years = fields.Integer(load_default=3, validate=_DAYS)
    acceptance_days = fields.Integer(load_default=10, validate=_DAYS)
    notice_days = fields.Integer(load_default=5, validate=_DAYS)
    vote_days = fields.Integer(load_default=5, validate=_DAYS)
    vote_ballots = fields.Integer(load_default=0, validate=validate.Range(0, 20))
    steps = fields.List(fields.Enum(CityStep, by_value=True), load_default=list, validate=validate.Length(0, 8))
    government = fields.String(load_default="", validate=validate.Length(0, 100))
    objection_days = fields.Integer(load_default=5, validate=_DAYS)
    objection_phases = fields.Dict(
        keys=fields.String(validate=validate.OneOf(PHASES)), values=fields.Integer(validate=_DAYS), load_default=dict
    )
    objection_calendar_phases = fields.List(
        fields.String(validate=validate.OneOf(PHASES)), load_default=list, validate=validate.Length(0, len(PHASES))
    )
    vote_base = fields.String(load_default="", validate=validate.OneOf(["", *dict(VOTE_BASES)]))
    vote_secret = fields.String(load_default="", validate=validate.OneOf(["", *dict(VOTE_SECRECY)]))
    reviewers = fields.Integer(load_default=3, validate=validate.Range(1, 99))
    cycle_years = fields.Integer(load_default=0, validate=validate.Range(0, 10))
