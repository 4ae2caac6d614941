"""API routes of amendments to single cases, and of the study of clauses, values and versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.amendments.move_case import move_case
from service.casework.queries.law.preview_amendment import preview_amendment
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import amendments as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_AFTER = {"after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, act = "/definitions/<jurisdiction>/<award>", "amendment.preview", "amendment.apply"
    for operation, work in (
        (ApiOperation("GET", f"{one}/running", see, "What an amendment means for running cases", schemas.RunningCasesOut, None, _AFTER), running_cases),
        (ApiOperation("POST", "/cases/<int:case_id>/move", act, "Move one case", schemas.MovePlanOut, schemas.MoveCaseIn), move_one_case),
    ):  # fmt: skip
        add_route(api, operation, work)


def running_cases(jurisdiction: str, award: str) -> Any:
    """Foresee."""
    package = f"{jurisdiction}/{award}"
    return preview_amendment(the_desk(), the_actor(), package, cursor(request.args, "after") or 0)


def move_one_case(body: dict[str, Any], case_id: int) -> Any:
    """Move."""
    return move_case(the_desk(), the_actor(), case_id, body["version"], body["reason"])
