"""API routes on which a new city begins: what it can begin from, and a draft from blank."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.start_city import city_choices, free_city_id, start_city
from service.catalog.clause_kinds.phase_days import PhaseDays
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.new_city.outline import STEPS, CityOutline, OutlinedTier
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameters import Unit
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.drafts.drafts import draft_files
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.cities import CityChoicesOut, NewCityIn
from service.web.api.schemas.drafts import DraftFilesOut
from service.web.frame.requests.current import the_actor, the_desk

_SAID = ("id", "name", "name_en", "calendar", "award_name", "law_title", "since", "office", "committee")
_NUMBERS = (
    "window_days",
    "founded_years",
    "acceptance_days",
    "notice_days",
    "vote_days",
    "vote_ballots",
    "objection_days",
    "reviewers",
    "cycle_years",
)


def register(api: Blueprint) -> None:
    """Add the routes."""
    edit = "draft.edit"
    name = {"name": "what the city is called; an id for it is proposed"}
    choices = ApiOperation(
        "GET", "/drafts/cities", edit, "List what a new city can begin from", CityChoicesOut, None, name
    )
    blank = ApiOperation("POST", "/drafts/cities/blank", edit, "Begin a city from blank", DraftFilesOut, NewCityIn)
    add_route(api, choices, new_city_choices)
    add_route(api, blank, begin_city)


def new_city_choices() -> dict[str, Any]:
    """List."""
    found = city_choices(the_desk(), the_actor())
    both = {"calendars": found.calendars, "packages": found.packages}
    offered = {word: [{"key": key, "name": name} for key, name in held.items()] for word, held in both.items()}
    return {**offered, "id": free_city_id(the_desk(), the_actor(), request.args.get("name", ""))}


def begin_city(body: dict[str, Any]) -> dict[str, Any]:
    """Begin."""
    pieces = [LawPiece(**{**piece, "numbers": tuple(piece["numbers"])}) for piece in body["pieces"]]
    clauses = clauses_of(body["prefix"], pieces)
    cycle = [CityStep.CYCLE] if body["cycle_years"] else []
    steps = tuple(dict.fromkeys([*body["steps"], *cycle]))
    for step, numbers in body["cited"].items():
        if step not in (*STEPS, *steps) or any(number >= len(clauses) for number in numbers):
            raise Invalid(
                Text(
                    f"cited 中的“{step}”不是环节，或者序号超出 pieces。",
                    f"“{step}” in cited is no step, or a number lies beyond pieces.",
                )
            )
    cited = {step: tuple(clauses[number].id for number in numbers) for step, numbers in body["cited"].items()}
    tiers = (OutlinedTier(f"tier_{n}", tier["name"], tier["places"]) for n, tier in enumerate(body["tiers"], 1))
    said = {key: body[key] for key in (*_SAID, "government", *_NUMBERS, "working_window", "call_by")}
    units = dict.fromkeys(body["objection_calendar_phases"], Unit.CALENDAR_DAYS)
    phases = {p: PhaseDays(days, units.get(p, Unit.WORKING_DAYS)) for p, days in body["objection_phases"].items()}
    rules = {"base": body["vote_base"], "secret": body["vote_secret"]}
    outline = CityOutline(
        **said, objection_phases=phases, vote_rules=rules, tiers=tuple(tiers), clauses=clauses, cited=cited, steps=steps
    )
    return draft_files(start_city(the_desk(), the_actor(), outline))
