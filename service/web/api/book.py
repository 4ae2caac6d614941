"""API route of the book of acts."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request

from service.casework.access.book.kinds import ActKind
from service.casework.queries.proof.book import BookQuery, act_as_json, read_book
from service.web.api.arguments import Argument, calendar_day, people_sought, row_place, words
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.book import BookOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the route."""
    asked: dict[str, str | Argument] = {
        "kind": words("one kind of act", *(kind.chain for kind in ActKind)),
        "q": people_sought("in the names, words and addresses of entries"),
        "since": calendar_day("the first day"),
        "until": calendar_day("the last day"),
        "after": row_place(),
    }
    seen = ApiOperation("GET", "/book", "book.read", "The book of acts, newest first", BookOut, query=asked)
    add_route(api, seen, list_acts)


def list_acts() -> dict[str, Any]:
    """Show."""
    asked = request.args
    days = {name: date.fromisoformat(asked[name]) for name in ("since", "until") if asked.get(name)}
    query = BookQuery(asked.get("kind", ""), asked.get("q", "")[:100], days.get("since"), days.get("until"))
    page = read_book(the_desk(), the_actor(), query, cursor(asked, "after"))
    return {"acts": [act_as_json(entry.row) for entry in page.entries], "next": page.resume}
