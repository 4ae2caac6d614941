"""API routes of people, of one's messages, and of the settings of a city."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account,
    add_applicant,
    give_seat,
    set_active,
    take_seat,
)
from service.casework.people.accounts.profile import change_profile
from service.casework.people.rights.seats import NewSeat
from service.casework.people.rights.waiting_request import waiting_request
from service.casework.queries.people.bodies import view_bodies
from service.casework.queries.people.people import seats_to_give, view_people, view_person
from service.web.api.arguments import Query, people_sought, row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import people as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    manage, look, change = "people.manage", "people.view", "rights.change"
    one = "/people/<int:person_id>"
    found: Query = {
        "after": row_place(),
        "q": people_sought("words of a name, login name, telephone or e-mail"),
        "place": "one city",
        "body": row_place("number of a body of that city"),
    }
    for operation, work in (
        (ApiOperation("GET", "/people", look, "List people and the seats that can be given", schemas.PeopleOut, None, found), people),
        (ApiOperation("GET", "/people/bodies", look, "List bodies as a tree", schemas.BodyTreesOut), bodies),
        (ApiOperation("POST", "/people", manage, "Open an account", schemas.PersonIdOut, schemas.AccountIn, secret=("password",)), open_account),
        (ApiOperation("GET", one, look, "Look at one person", schemas.PersonViewOut), person),
        (ApiOperation("PUT", f"{one}/profile", manage, "Set name, address and telephone", None, schemas.ProfileIn), set_profile),
        (ApiOperation("POST", f"{one}/seats", change, "Give a seat, or ask", schemas.RequestedOut, schemas.SeatIn), give),
        (ApiOperation("DELETE", f"{one}/seats/<int:membership_id>", change, "End a seat, or ask", schemas.RequestedOut), end_seat),
        (ApiOperation("PUT", f"{one}/active", change, "Close or open an account, or ask", schemas.RequestedOut, schemas.ActiveIn), set_account_active),
        (ApiOperation("POST", "/organisations", manage, "Register an applicant", schemas.BodyIdOut, schemas.ApplicantIn), register_applicant),
    ):  # fmt: skip
        add_route(api, operation, work)


def people() -> Any:
    """List."""
    asked = request.args
    narrowed = asked.get("place") or None, cursor(asked, "body")
    found = view_people(the_desk(), the_actor(), cursor(asked, "after") or 0, asked.get("q", ""), *narrowed)
    return {"people": found.people, "after": found.after, "choices": seats_to_give(the_desk(), the_actor())}


def bodies() -> dict[str, Any]:
    """List."""
    return {"places": view_bodies(the_desk(), the_actor())}


def person(person_id: int) -> Any:
    """Look."""
    return view_person(the_desk(), the_actor(), person_id)


def set_profile(body: dict[str, Any], person_id: int) -> None:
    """Set."""
    change_profile(the_desk(), the_actor(), person_id, **body)


def open_account(body: dict[str, Any]) -> dict[str, Any]:
    """Open."""
    seat = NewSeat(**body.pop("seat"))
    made = add_account(the_desk(), the_actor(), NewAccount(**body), seat)
    return {"person_id": made, "request": waiting_request(the_desk(), the_actor(), made)}


def give(body: dict[str, Any], person_id: int) -> dict[str, Any]:
    """Give."""
    return {"request": give_seat(the_desk(), the_actor(), person_id, NewSeat(**body))}


def end_seat(person_id: int, membership_id: int) -> dict[str, Any]:
    """End."""
    return {"request": take_seat(the_desk(), the_actor(), person_id, membership_id)}


def set_account_active(body: dict[str, Any], person_id: int) -> dict[str, Any]:
    """Close or open."""
    return {"request": set_active(the_desk(), the_actor(), person_id, body["active"])}


def register_applicant(body: dict[str, Any]) -> dict[str, Any]:
    """Register."""
    made = add_applicant(the_desk(), the_actor(), body["name"], body["code"], individual=body["individual"])
    return {"body_id": made}
