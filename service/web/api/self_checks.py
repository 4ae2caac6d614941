"""API routes of the self-check before applying: its questions, and what answers come to. Nothing of them is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.public.self_check import check_oneself, view_self_check
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import self_checks as schemas
from service.web.api.schemas.cases import ValuesIn, fields_of
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.origin import origin


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, look = "/self-checks/<name:jurisdiction>/<award>", "portal.view"
    for operation, work in (
        (ApiOperation("GET", one, look, "Get the questions of a self-check", schemas.SelfCheckOut), self_check),
        (ApiOperation("POST", one, look, "Check oneself", schemas.SelfCheckedOut, ValuesIn, unmarked=True), answer_self_check),
    ):  # fmt: skip
        add_route(api, operation, work)


def self_check(jurisdiction: str, award: str) -> dict[str, Any]:
    """Ask."""
    view = view_self_check(the_desk(), the_actor(), f"{jurisdiction}/{award}")
    told = {"package": view.package.key, "day": view.day, "round": view.round_title, "open": bool(view.start)}
    return {**told, "fields_": fields_of(view.form)}


def answer_self_check(body: dict[str, Any], jurisdiction: str, award: str) -> Any:
    """Say."""
    return check_oneself(the_desk(), the_actor(), f"{jurisdiction}/{award}", body["values"], origin())
