"""API route to find anything by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from service.casework.queries.searching.search import search
from service.web.api.arguments import Query, people_sought
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.search import SearchOut
from service.web.frame.page.in_english import steps_in_both
from service.web.frame.requests.current import the_actor, the_desk

_QUERY: Query = {
    "q": people_sought(
        "words of two characters or more, all of which must fit; a day such as 2026-03-23; or the number of a work item such as #1207"
    )
}


def register(api: Blueprint) -> None:
    """Add the route."""
    add_route(
        api,
        ApiOperation("GET", "/search", "case.view", "Find by name, person, number, value", SearchOut, query=_QUERY),
        find,
    )


def find() -> Any:
    """Find; the steps at which cases stand are told in English beside their Chinese."""
    found = search(the_desk(), the_actor(), request.args.get("q", ""))
    standing = tuple(replace(one, steps=steps_in_both(one.steps)) for one in found.standing)
    return replace(found, standing=standing)
