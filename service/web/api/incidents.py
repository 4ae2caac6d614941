"""API routes of the incident desk: what went wrong by its cause, and what is done about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.due.hand_over_incident import hand_over_incident
from service.casework.due.retry_alike import retry_alike
from service.casework.due.retry_incident import retry_incident
from service.casework.due.skip_incident import skip_incident
from service.casework.queries.monitoring.incident_desk import view_cause, view_incident_desk
from service.store import KindOfCase
from service.web.api.arguments import Query, row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import incidents as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_ONE = "/incidents/<int:incident_id>"


def register(api: Blueprint) -> None:
    """Add the routes."""
    query: Query = {
        "jurisdiction": "only this place",
        "award": "only cases of this award",
        "process": "only this kind of case",
        "cause": "all incidents of one cause, with jurisdiction",
        "after": row_place("continue a page of a cause"),
    }
    listing = ApiOperation(
        "GET", "/incidents", "monitor.view", "List open incidents by cause", schemas.IncidentsOut, query=query
    )
    add_route(api, listing, incident_causes)
    for place, action, summary, out, body, work in (
        ("retry", "retry", "Retry an incident, or all of its cause", schemas.RetriedOut, schemas.RetryIn, retry_one),
        ("skip", "skip", "Let it not be done", None, schemas.SkipIn, skip_one),
        ("hand-over", "hand_over", "Hand it to a person", schemas.HandedOut, schemas.HandOverIn, hand_over_one),
    ):
        add_route(api, ApiOperation("POST", f"{_ONE}/{place}", f"incident.{action}", summary, out, body), work)


def incident_causes() -> dict[str, Any]:
    """List."""
    args = request.args
    place, of = args.get("jurisdiction", ""), KindOfCase(args.get("award", ""), args.get("process", ""))
    if args.get("cause"):
        group = view_cause(the_desk(), the_actor(), place, args["cause"], cursor(args, "after"), of)
        return {"causes": [group] if group else [], "next": group.before if group else None}
    return {"causes": view_incident_desk(the_desk(), the_actor(), place, of), "next": None}


def retry_one(body: dict[str, Any], incident_id: int) -> dict[str, Any]:
    """Try again, or begin to."""
    if body["alike"]:
        begun = retry_alike(the_desk(), the_actor(), incident_id)
        return {"tried": begun.incidents, "failed": 0, "batch": begun.batch, "begun_before": begun.before}
    failed = int(not retry_incident(the_desk(), the_actor(), incident_id))
    return {"tried": 1, "failed": failed, "batch": None, "begun_before": False}


def skip_one(body: dict[str, Any], incident_id: int) -> None:
    """Skip."""
    skip_incident(the_desk(), the_actor(), incident_id, body["reason"])


def hand_over_one(body: dict[str, Any], incident_id: int) -> dict[str, str]:
    """Hand over."""
    return {"name": hand_over_incident(the_desk(), the_actor(), incident_id, body["person"], body["message"])}
