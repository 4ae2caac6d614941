"""API routes of cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from service.casework.queries.cases.list_cases import list_cases
from service.casework.queries.cases.view_case import view_case
from service.web.api.arguments import Query, calendar_day, people_sought, row_place, words
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.common import CaseDetailOut, CasePageOut
from service.web.frame.page.in_english import steps_in_both
from service.web.frame.requests.case_query import cases_asked
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_QUERY: Query = {
    "q": people_sought("text in name or number"),
    "jurisdiction": "one place",
    "award": "id of an award",
    "process": "kind of case",
    "live": words("1: not ended, 0: ended", "0", "1"),
    "at": "process/element at which a task, a message or a timer waits",
    "voting": words("1: somebody has a vote to cast", "0", "1"),
    "awaiting": words("1: waits for a message", "0", "1"),
    "mine": words("1: began by the caller", "0", "1"),
    "started": calendar_day("began in the week from this day on"),
    "finished": calendar_day("ended in the week from this day on"),
    "after": row_place(),
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    add_route(
        api, ApiOperation("GET", "/cases", "case.view", "List cases, newest first", CasePageOut, query=_QUERY), cases
    )
    add_route(api, ApiOperation("GET", "/cases/<int:case_id>", "case.view", "Get a case", CaseDetailOut), case)


def cases() -> dict[str, Any]:
    """List; the steps at which cases wait are told in English beside their Chinese."""
    page = list_cases(the_desk(), the_actor(), cases_asked(request.args), before=cursor(request.args, "after"))
    return {"cases": [replace(one, steps=steps_in_both(one.steps)) for one in page.lines], "next": page.before}


def case(case_id: int) -> Any:
    """Get one."""
    return view_case(the_desk(), the_actor(), case_id).brief
