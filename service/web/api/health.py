"""API route of how the installation is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.health.report import CheckState, view_health
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.health import HealthOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the route."""
    add_route(
        api, ApiOperation("GET", "/health", "health.view", "Every check of the installation", HealthOut), health_now
    )


def health_now() -> dict[str, Any]:
    """Look."""
    return {"checks": [_check(state) for state in view_health(the_desk(), the_actor())]}


def _check(state: CheckState) -> dict[str, Any]:
    finding = state.result.finding
    words = {"label": state.result.label, "sentence": finding.sentence, "remedy": finding.remedy}
    return {"name": state.result.name, "colour": finding.colour.name.lower(), "since": state.since, **words}
