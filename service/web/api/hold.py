"""API routes of an installation on hold: what is due and would be sent, and the resumption."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.due.hold import resume_work, view_hold
from service.domain.errors import NotFound
from service.domain.text import Text
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.hold import HoldOut, ResumedOut, ResumeIn
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    add_route(
        api, ApiOperation("GET", "/hold", "hold.resume", "What waits while due work is on hold", HoldOut), show_hold
    )
    resumed = ApiOperation("POST", "/hold/resume", "hold.resume", "Resume due work", ResumedOut, ResumeIn)
    add_route(api, resumed, resume_held)


def show_hold() -> dict[str, Any]:
    """Show."""
    view = view_hold(the_desk(), the_actor())
    if view is None:
        raise NotFound(Text("系统没有暂停。", "The installation is not on hold."))
    counts = [{"name": name, "count": count} for name, count in view.due_counts]
    row = {"version": view.hold.version, "reason": view.hold.reason, "since": view.hold.since, "seen": view.hold.seen}
    names = ("why", "now", "due", "send_count", "doubtful_count", "sends")
    return {**row, "due_counts": counts, **{name: getattr(view, name) for name in names}}


def resume_held(body: dict[str, Any]) -> dict[str, Any]:
    """Resume."""
    drop = body["drop_doubtful"]
    return {"dropped": resume_work(the_desk(), the_actor(), body["version"], body["reason"], drop_doubtful=drop)}
