"""API routes of a restore: what would leave for the outside, and releasing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.due.release_epoch import drop_leaving, release_epoch, view_epoch
from service.domain.errors import NotFound
from service.domain.text import Text
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.epochs import EpochDropIn, EpochOut, EpochReleasedOut, EpochReleaseIn
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_ONWARD = {"after": row_place("the last message of the page before: its ``next``")}


def register(api: Blueprint) -> None:
    """Add the routes."""
    seen = ApiOperation(
        "GET", "/epoch", "epoch.release", "The restore that waits to be released", EpochOut, query=_ONWARD
    )
    add_route(api, seen, epoch)
    released = ApiOperation(
        "POST", "/epoch/<int:ident>/release", "epoch.release", "Let messages leave", EpochReleasedOut, EpochReleaseIn
    )
    add_route(api, released, release_held)
    dropped = ApiOperation(
        "POST", "/epoch/<int:ident>/drop", "epoch.release", "Call off messages", EpochReleasedOut, EpochDropIn
    )
    add_route(api, dropped, drop_held)


def epoch() -> dict[str, Any]:
    """Show."""
    view = view_epoch(the_desk(), the_actor(), cursor(request.args, "after") or 0)
    if view is None:
        raise NotFound(Text("没有待核对的恢复。", "No restore waits to be checked."))
    row = view.epoch
    return {"id": row.id, "saved_at": row.saved_at, "begun_at": row.begun_at, "cause": row.cause, "found": row.found,
            "leaving": view.leaving, "through": view.through, "next": view.through if view.further else None}  # fmt: skip


def release_held(body: dict[str, Any], ident: int) -> dict[str, Any]:
    """Release."""
    return {"dropped": release_epoch(the_desk(), the_actor(), ident, body["reason"], body["drop"], body["through"])}


def drop_held(body: dict[str, Any], ident: int) -> dict[str, Any]:
    """Drop."""
    return {"dropped": drop_leaving(the_desk(), the_actor(), ident, body["drop"])}
