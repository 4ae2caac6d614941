"""API routes of organisations that register; the pages' limits per sender hold here too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.public.decide_registration import accept_registration, list_registrations, refuse_registration
from service.casework.public.registrations import Registration, register_organisation, view_registration
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import registrations as schemas
from service.web.frame.requests.current import the_actor, the_desk, the_settings
from service.web.frame.requests.origin import origin
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    here, lodge, decide = "/registrations", "registration.lodge", "registration.decide"
    place, one = f"{here}/<name:jurisdiction>", f"{here}/<int:number>"
    page = {"after": row_place()}
    for operation, work in (
        (ApiOperation("GET", here, decide, "List who waits to be verified", schemas.RegistrationsOut, None, page), listed),
        (ApiOperation("GET", place, lodge, "See who may verify", schemas.RegistrationFormOut), form),
        (ApiOperation("POST", place, lodge, "Ask for an account", None, schemas.RegistrationIn), lodged),
        (ApiOperation("POST", f"{one}/accept", decide, "Open the account", schemas.RegisteredOut), accept),
        (ApiOperation("POST", f"{one}/refuse", decide, "Refuse with a reason", schemas.RegisteredOut, schemas.RefuseIn), refuse),
    ):  # fmt: skip
        add_route(api, operation, work)


def listed() -> Any:
    """List."""
    return list_registrations(the_desk(), the_actor(), cursor(request.args, "after") or 0)


def form(jurisdiction: str) -> dict[str, Any]:
    """See."""
    view = view_registration(the_desk(), the_actor(), jurisdiction)
    bodies = [{"id": number, "name": name} for number, name in view.bodies]
    return {"jurisdiction": view.jurisdiction, "city": view.city, "bodies": bodies}


def lodged(body: dict[str, Any], jurisdiction: str) -> None:
    """Ask."""
    register_organisation(the_desk(), the_actor(), Registration(jurisdiction, **body), origin())


def accept(number: int) -> Any:
    """Open."""
    return accept_registration(the_desk(), the_actor(), number, the_settings().public_url)


def refuse(body: dict[str, Any], number: int) -> Any:
    """Refuse."""
    return refuse_registration(the_desk(), the_actor(), number, body["reason"])
