"""API routes for signatures beside tasks (加签, 会签)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.desk.jsonable import jsonable
from service.casework.queries.own_place.signs import SignLines, list_signs, view_sign
from service.casework.tasks.give_sign import give_sign
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import signs as schemas
from service.web.forms import readable_values
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/signs/<int:sign_id>"
    for operation, work in (
        (
            ApiOperation("GET", "/signs", "task.sign", "List what one is asked to sign", schemas.SignLinesOut),
            list_my_signs,
        ),
        (ApiOperation("GET", one, "task.sign", "Get what is to be signed", schemas.SignPageOut), get_sign),
        (
            ApiOperation("POST", one, "task.sign", "Agree or disagree", schemas.GivenSignOut, schemas.GiveSignIn),
            say_sign,
        ),
    ):
        add_route(api, operation, work)


def list_my_signs() -> SignLines:
    """List."""
    return list_signs(the_desk(), the_actor())


def get_sign(sign_id: int) -> dict[str, Any]:
    """Get; personal values are masked, as on the page."""
    view = view_sign(the_desk(), the_actor(), sign_id)
    shown = readable_values(view.form, view.values, today=view.today, stored=view.stored) if view.form else {}
    told = {name: getattr(view, name) for name in ("line", "ask", "may_open", "why_not")}
    return {**told, "values": jsonable(shown)}


def say_sign(body: dict[str, Any], sign_id: int) -> dict[str, Any]:
    """Sign."""
    return {"took_effect": give_sign(the_desk(), the_actor(), sign_id, body["agree"], body["words"])}
