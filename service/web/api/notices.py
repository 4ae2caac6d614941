"""API routes of notices; no account needed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.portal import view_notice, view_portal
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import NoticeOut, NoticePageOut
from service.web.frame.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    query = {"jurisdiction": "one city only"}
    add_route(api, ApiOperation("GET", "/notices", "notice.view", "List notices", NoticePageOut, query=query), notices)
    add_route(api, ApiOperation("GET", "/notices/<int:notice_id>", "notice.view", "Get a notice", NoticeOut), notice)


def notices() -> dict[str, Any]:
    """List."""
    view = view_portal(the_desk(), the_actor(), request.args.get("jurisdiction"))
    return {"running": view.running, "past": view.past}


def notice(notice_id: int) -> Any:
    """Get one."""
    return view_notice(the_desk(), the_actor(), notice_id)
