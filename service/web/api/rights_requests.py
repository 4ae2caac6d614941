"""API routes of changes of rights that take two administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.people.rights.decide_rights import confirm_rights, refuse_rights
from service.casework.queries.people.rights_requests import list_rights_requests
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import rights as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    decide, one = "rights.decide", "/people/requests/<int:number>"
    onward = {"after": row_place()}
    for operation, work in (
        (ApiOperation("GET", "/people/requests", decide, "List changes of rights that take two", schemas.RightsRequestsOut, query=onward), rights_requests),
        (ApiOperation("POST", f"{one}/confirm", decide, "Confirm a change of rights", None), confirm_change),
        (ApiOperation("POST", f"{one}/refuse", decide, "Refuse or withdraw a change of rights", None, schemas.RefusalIn), refuse_change),
    ):  # fmt: skip
        add_route(api, operation, work)


def rights_requests() -> Any:
    """List."""
    return list_rights_requests(the_desk(), the_actor(), cursor(request.args, "after"))


def confirm_change(number: int) -> None:
    """Confirm."""
    confirm_rights(the_desk(), the_actor(), number)


def refuse_change(body: dict[str, Any], number: int) -> None:
    """Refuse."""
    refuse_rights(the_desk(), the_actor(), number, body["reason"])
