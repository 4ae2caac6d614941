"""API routes of notices; no account is needed to read them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.notices.correct import NoticeCorrection, correct_notice
from service.casework.notices.recall import recall_notice
from service.casework.queries.portal import view_notice, view_portal
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import NoticeOut, NoticePageOut
from service.web.api.schemas_ballots import ReasonIn
from service.web.api.schemas_people import CorrectionIn
from service.web.frame.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    query = {"jurisdiction": "one city only"}
    add_route(api, ApiOperation("GET", "/notices", "notice.view", "List notices", NoticePageOut, query=query), notices)
    one = "/notices/<int:notice_id>"
    add_route(api, ApiOperation("GET", one, "notice.view", "Get a notice", NoticeOut), notice)
    correct = ApiOperation("POST", f"{one}/correct", "notice.correct", "Correct a running notice", None, CorrectionIn)
    add_route(api, correct, correct_now)
    recall = ApiOperation("POST", f"{one}/recall", "notice.recall", "Recall a running notice", None, ReasonIn)
    add_route(api, recall, recall_now)


def notices() -> dict[str, Any]:
    """List."""
    view = view_portal(the_desk(), the_actor(), request.args.get("jurisdiction"))
    return {"running": view.running, "past": view.past}


def notice(notice_id: int) -> Any:
    """Get one."""
    return view_notice(the_desk(), the_actor(), notice_id)


def correct_now(body: dict[str, Any], notice_id: int) -> None:
    """Correct."""
    correct_notice(the_desk(), the_actor(), notice_id, NoticeCorrection(**body))


def recall_now(body: dict[str, Any], notice_id: int) -> None:
    """Recall."""
    recall_notice(the_desk(), the_actor(), notice_id, body["reason"])
