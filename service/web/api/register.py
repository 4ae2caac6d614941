"""API routes of the register of awards, and of how the law is carried out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.law.study_versions import list_versions
from service.casework.queries.public.register import view_register
from service.casework.queries.public.winner import view_winner
from service.casework.register.import_awards import import_awards
from service.web.api.arguments import Query, day_place, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import register as schemas
from service.web.api.schemas.notices import WinnerOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import count_or_none, day_cursor

_NARROW: Query = {
    "jurisdiction": "one city",
    "year": whole("of the decision", 1, 9999),
    "tier": "id of a tier",
    "named": "words of the organisation's name",
    "after": day_place(),
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    see, keep, package = "law.study", "register.import", "<jurisdiction>/<award>"
    for operation, work in (
        (ApiOperation("GET", "/register", "register.view", "List awards, newest first", schemas.RegisterOut, None, _NARROW), awards),
        (ApiOperation("GET", "/register/organisations/<int:body_id>", "register.view", "Get the awards of an organisation", WinnerOut), winner),
        (ApiOperation("POST", f"/register/{package}/import", keep, "Bring past winners in", schemas.ImportOut, schemas.PastAwardsIn), bring_awards_in),
        (ApiOperation("GET", f"/versions/{package}", see, "List published versions", schemas.RunningVersionsOut), versions),
    ):  # fmt: skip
        add_route(api, operation, work)


def awards() -> dict[str, Any]:
    """List."""
    args = request.args
    year, place, tier = count_or_none(args, "year"), args.get("jurisdiction"), args.get("tier")
    view = view_register(
        the_desk(), the_actor(), place or None, year, tier or None, day_cursor(args, "after"), args.get("named", "")
    )
    after = f"{view.before[0].isoformat()}_{view.before[1]}" if view.before else None
    return {"awards": view.awards, "sanctions": view.sanctions, "next": after}


def winner(body_id: int) -> Any:
    """Get."""
    return view_winner(the_desk(), the_actor(), body_id)


def bring_awards_in(body: dict[str, Any], jurisdiction: str, award: str) -> Any:
    """Bring in."""
    package, rows, choices = f"{jurisdiction}/{award}", body["rows"], body["choices"]
    return import_awards(the_desk(), the_actor(), package, rows, choices, commit=body["commit"])


def versions(jurisdiction: str, award: str) -> dict[str, Any]:
    """List."""
    return {"versions": list_versions(the_desk(), the_actor(), f"{jurisdiction}/{award}")[1]}
