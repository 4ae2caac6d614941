"""API routes for signatures beside tasks (加签, 会签)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.desk.jsonable import jsonable
from service.casework.queries.own_place.signs import SignLines, list_signs, signs_beside, view_sign, whom_to_ask
from service.casework.tasks.ask_sign import ask_sign, withdraw_sign
from service.casework.tasks.give_sign import give_sign
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import signs as schemas
from service.web.forms import readable_values
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    beside, one = "/tasks/<int:task_id>/signs", "/signs/<int:sign_id>"
    for operation, work in (
        (
            ApiOperation("GET", beside, "task.view", "List signatures beside a task", schemas.SignAsksOut),
            list_signs_of_task,
        ),
        (
            ApiOperation("POST", beside, "task.ask_sign", "Ask to sign", schemas.AskedSignOut, schemas.AskSignIn),
            ask_to_sign,
        ),
        (ApiOperation("DELETE", beside, "task.ask_sign", "Withdraw what is asked", None), withdraw_signs),
        (
            ApiOperation("GET", "/tasks/<int:task_id>/signers", "task.ask_sign", "Whom to ask", schemas.SignersOut),
            list_signers,
        ),
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


def list_signs_of_task(task_id: int) -> dict[str, Any]:
    """List."""
    return {"asks": signs_beside(the_desk(), the_actor(), task_id)}


def ask_to_sign(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Ask."""
    given = (body["version"], body["people"], body["kind"], body["mode"], body["needed"], body["words"])
    return {"id": ask_sign(the_desk(), the_actor(), task_id, *given)}


def withdraw_signs(task_id: int) -> None:
    """Withdraw."""
    withdraw_sign(the_desk(), the_actor(), task_id)


def list_signers(task_id: int) -> dict[str, Any]:
    """List."""
    found = whom_to_ask(the_desk(), the_actor(), task_id)
    lists = {"own": found.own, "others": found.others}
    return {word: [{"id": number, "name": name} for number, name in people] for word, people in lists.items()}


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
