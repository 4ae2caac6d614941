"""API routes of what is stored of a person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.people.person_data import PARTS, PersonData, as_json, data_of_person, own_data
from service.web.api.arguments import Argument, needed, row_place, words
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.person_data import PersonDataOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    page: dict[str, str | Argument] = {
        "part": words("one part, the account where none is named", *PARTS),
        "after": row_place(),
    }
    asked = {**page, "reason": needed("why the data are taken out; it goes into the book")}
    own = ApiOperation(
        "GET", "/account/data", "own_data.export", "Read what is stored of oneself", PersonDataOut, query=page
    )
    others = "/people/<int:person_id>/data"
    handed = ApiOperation(
        "GET",
        others,
        "person_data.export",
        "Read what is stored of a person who asked for it",
        PersonDataOut,
        query=asked,
    )
    add_route(api, own, read_own_data)
    add_route(api, handed, read_person_data)


def read_own_data() -> dict[str, Any]:
    """Read one's own."""
    return _page(own_data(the_desk(), the_actor()))


def read_person_data(person_id: int) -> dict[str, Any]:
    """Read that of a person."""
    return _page(data_of_person(the_desk(), the_actor(), person_id, request.args["reason"]))


def _page(data: PersonData) -> dict[str, Any]:
    part = request.args.get("part", next(iter(PARTS)))
    found = data.page(part, cursor(request.args, "after") or 0)
    return {"part": part, "lines": [as_json(line) for line in found.lines], "next": found.resume}
