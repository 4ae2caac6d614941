"""API routes of committees' sittings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.queries.ballots.sittings import list_sittings, minutes_of_sitting, view_sitting
from service.casework.queries.own_place.coming_sittings import coming_sittings
from service.casework.review.sitting_papers import lay_papers
from service.casework.review.sittings import attend, call_sitting, close_sitting, write_minutes
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import sittings as schemas
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    listed, one, call = "/cases/<int:case_id>/sittings", "/sittings/<int:sitting_id>", "sitting.call"
    for operation, work in (
        (ApiOperation("GET", listed, "sitting.view", "List the sittings about a case", schemas.SittingsOut), sittings_of_case),
        (ApiOperation("GET", "/sittings", "sitting.view", "List the sittings to come", schemas.SittingsOut), sittings_to_come),
        (ApiOperation("POST", listed, call, "Call a sitting", schemas.SittingCalledOut, schemas.CallSittingIn), call_to_sitting),
        (ApiOperation("GET", one, "sitting.view", "Get a sitting", schemas.SittingOut), sitting),
        (ApiOperation("POST", f"{one}/attend", "sitting.attend", "Sign in to a sitting", None, schemas.AttendIn), sign_in_to_sitting),
        (ApiOperation("PUT", f"{one}/minutes", call, "Write what was said", None, schemas.MinutesIn), write_minutes_of_sitting),
        (ApiOperation("GET", f"{one}/minutes", "sitting.minutes", "Get the draft of the minutes", HandedFileOut), minutes_as_drafted),
        (ApiOperation("PUT", f"{one}/papers", call, "Lay documents before a sitting", None, schemas.PapersIn), lay_papers_of_sitting),
        (ApiOperation("POST", f"{one}/close", call, "Close a sitting or call it off", None, schemas.CloseSittingIn), close_one_sitting),
    ):  # fmt: skip
        add_route(api, operation, work)


def sittings_of_case(case_id: int) -> dict[str, Any]:
    """List."""
    return {"sittings": list_sittings(the_desk(), the_actor(), case_id).rows}


def sittings_to_come() -> dict[str, Any]:
    """List."""
    return {"sittings": coming_sittings(the_desk(), the_actor())}


def call_to_sitting(body: dict[str, Any], case_id: int) -> dict[str, Any]:
    """Call."""
    given = (body["role"], body["title"], body["room"], body["starts_at"], body["agenda"])
    return {"id": call_sitting(the_desk(), the_actor(), case_id, *given)}


def sitting(sitting_id: int) -> dict[str, Any]:
    """Get."""
    view = view_sitting(the_desk(), the_actor(), sitting_id)
    return {
        "sitting": view.row,
        "members": view.members,
        "left": sorted(view.left),
        "papers": [*view.papers, *view.others],
        "offered": view.offered,
        "recusals": view.recusals,
        "ballots": view.ballots,
    }


def sign_in_to_sitting(body: dict[str, Any], sitting_id: int) -> None:
    """Sign in."""
    attend(the_desk(), the_actor(), sitting_id, body["person_id"], excused=body["excused"])


def minutes_as_drafted(sitting_id: int) -> dict[str, Any]:
    """Hand out."""
    file = minutes_of_sitting(the_desk(), the_actor(), sitting_id)
    with file.content:
        return handed(file.name, file.kind, file.content.read())


def write_minutes_of_sitting(body: dict[str, Any], sitting_id: int) -> None:
    """Write."""
    write_minutes(the_desk(), the_actor(), sitting_id, body["version"], body["words"], body["agenda"])


def lay_papers_of_sitting(body: dict[str, Any], sitting_id: int) -> None:
    """Lay papers."""
    lay_papers(the_desk(), the_actor(), sitting_id, body["version"], body["papers"])


def close_one_sitting(body: dict[str, Any], sitting_id: int) -> None:
    """Close."""
    given = {"cancelled": body["cancelled"], "uncounted": body["uncounted"]}
    close_sitting(the_desk(), the_actor(), sitting_id, body["version"], **given)
