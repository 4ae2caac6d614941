"""API routes of the comparison with the log: what the newest found, and another one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import fields

from service.casework.soundness.nightly import ask_verification, view_verification
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.common import BothOut, Out
from service.web.frame.requests.current import the_actor, the_desk


class VerificationOut(Out):
    """What the newest comparison found: ``at`` none before the first; ``count`` may be more than ``faults``."""

    at = fields.DateTime(required=True, allow_none=True)
    asked_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "a comparison asked for that is not over"}
    )
    looked_at = fields.Integer(required=True)
    count = fields.Integer(required=True)
    faults = fields.List(fields.Nested(BothOut), required=True)


def register(api: Blueprint) -> None:
    """Add the routes."""
    seen = ApiOperation("GET", "/records", "records.view", "How the records compare", VerificationOut)
    add_route(api, seen, view_records)
    asked = ApiOperation("POST", "/records", "records.ask", "Have the records compared again", None)
    add_route(api, asked, ask_comparison)


def view_records() -> dict[str, Any]:
    """Show."""
    view = view_verification(the_desk(), the_actor())
    return {name: getattr(view, name) for name in ("at", "asked_at", "looked_at", "count", "faults")}


def ask_comparison() -> None:
    """Ask."""
    ask_verification(the_desk(), the_actor())
