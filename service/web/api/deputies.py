"""API routes of deputies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.people.rights.deputies import appoint_deputy, end_deputy
from service.casework.queries.people.deputies import view_deputies
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import deputies as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import row_id_or_none


def register(api: Blueprint) -> None:
    """Add the routes."""
    every, look = "/deputies", "deputy.view"
    for operation, work in (
        (
            ApiOperation(
                "GET", every, look, "See who stands in for whom", schemas.DeputiesOut, query={"after": row_place()}
            ),
            deputies,
        ),
        (
            ApiOperation(
                "POST", every, "deputy.appoint", "Let a colleague stand in", schemas.DeputyIdOut, schemas.AppointIn
            ),
            appoint,
        ),
        (ApiOperation("DELETE", "/deputies/<int:deputy_id>", look, "End it at once", None), end),
    ):
        add_route(api, operation, work)


def deputies() -> dict[str, Any]:
    """List."""
    view = view_deputies(the_desk(), the_actor(), row_id_or_none(request.args, "after"))
    lists = {name: getattr(view, name) for name in ("own", "places", "roles", "colleagues")}
    return {**lists, "next": view.before}


def appoint(body: dict[str, Any]) -> dict[str, Any]:
    """Appoint."""
    return {"id": appoint_deputy(the_desk(), the_actor(), **body)}


def end(deputy_id: int) -> None:
    """End."""
    end_deputy(the_desk(), the_actor(), deputy_id)
