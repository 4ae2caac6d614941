"""API routes of diagrams in drafts: what the editor of the studio asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from service.casework.studio.law.propose_key import propose_key
from service.casework.studio.parameters.try_period import UNITS, TriedPeriod, try_period
from service.casework.studio.pieces.diagram_choices import DiagramChoices, diagram_choices
from service.casework.studio.pieces.open_diagram import OpenedDiagram, open_diagram
from service.casework.studio.pieces.tidy_diagram import tidy_diagram
from service.web.api.arguments import Query, calendar_day, needed, words
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.diagrams import (
    DiagramChoicesOut,
    DiagramOut,
    KeyOut,
    PeriodOut,
    TidyIn,
    TidyOut,
)
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/drafts/<int:draft>"
    path = {"path": needed("the diagram, such as processes/CITY/AWARD/round.bpmn")}
    period = {
        "unit": replace(words("what is counted", *UNITS), required=True),
        "count": needed("a number, or param.NAME"),
        "day": replace(calendar_day("such as 2026-05-01"), required=True),
    }
    meant: Query = {
        "meaning": needed("what it means, in Chinese or English"),
        "taken": "keys that are taken, with blanks between",
    }
    see = "draft.view"
    routes = (
        (ApiOperation("GET", f"{one}/diagram", see, "Open a diagram in an editor", DiagramOut, None, path), draft_diagram),
        (ApiOperation("GET", f"{one}/diagram/choices", see, "What a diagram may name", DiagramChoicesOut, None, path), choices),
        (ApiOperation("POST", f"{one}/diagram/tidy", see, "Lay a diagram out anew", TidyOut, TidyIn), tidy),
        (ApiOperation("GET", f"{one}/diagram/dates", see, "Try a period on a day", PeriodOut, None, period), dates),
        (ApiOperation("GET", f"{one}/diagram/key", see, "Propose a key for data by its meaning", KeyOut, None, meant), key),
    )  # fmt: skip
    for route, work in routes:
        add_route(api, route, work)


def draft_diagram(draft: int) -> OpenedDiagram:
    """Open."""
    return open_diagram(the_desk(), the_actor(), draft, request.args.get("path", ""))


def choices(draft: int) -> DiagramChoices:
    """List what may be named."""
    return diagram_choices(the_desk(), the_actor(), draft, request.args.get("path", ""))


def tidy(body: dict[str, Any], draft: int) -> dict[str, str]:
    """Lay out anew."""
    return {"xml": tidy_diagram(the_desk(), the_actor(), draft, body["path"], body["xml"].encode()).decode()}


def dates(draft: int) -> TriedPeriod:
    """Try a period."""
    asked = (request.args.get(name, "") for name in ("unit", "count", "day"))
    return try_period(the_desk(), the_actor(), draft, *asked)


def key(draft: int) -> dict[str, str]:
    """Propose a key."""
    taken = tuple(request.args.get("taken", "").split())
    return {"key": propose_key(the_desk(), the_actor(), draft, request.args.get("meaning", ""), taken)}
