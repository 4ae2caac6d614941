"""API routes of discarded drafts, of what a decision on a draft rests on, and of published versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.law.view_version import view_version
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import versions as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_ONWARD = {"after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    version = "/definitions/<jurisdiction>/<award>/versions/<version>"
    for operation, work in (
        (ApiOperation("GET", version, "law.study", "Get a version with the cases that run under it", schemas.VersionOut, None, _ONWARD), published_version),
    ):  # fmt: skip
        add_route(api, operation, work)


def published_version(jurisdiction: str, award: str, version: str) -> dict[str, Any]:
    """Get."""
    after = cursor(request.args, "after") or 0
    view = view_version(the_desk(), the_actor(), f"{jurisdiction}/{award}", version, after)
    again, gone = view.line.again, view.line.withdrawn
    return {
        "version": view.line.version,
        "published_at": view.line.published_at,
        "published_by": view.line.published_by,
        "again": again.at if again else None,
        "current": view.line.current,
        "withdrawn": gone and {"at": gone.at, "by": gone.actor, "why": gone.text, "instead": gone.data.get("instead")},
        "running": view.line.running,
        "ended": view.line.ended,
        "cases": view.cases,
        "next": view.after,
    }
