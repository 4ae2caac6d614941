"""API routes of how the installation is: checks, alarms, and the limits from which people are told."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.health.alarms import OpenAlarm, list_alarms, try_alarm
from service.casework.health.checks import look_at_all
from service.casework.health.finding import HealthFinding
from service.casework.health.limits import LIMIT_FIELDS, choose_limits, view_limits
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.health import AlarmTrialOut, HealthOut, LimitsIn, LimitsOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    seen = ApiOperation("GET", "/health", "health.view", "Every check of the installation, and its alarms", HealthOut)
    add_route(api, seen, health_now)
    held = ApiOperation("GET", "/health/limits", "health.view", "The limits in force, and who is alarmed", LimitsOut)
    add_route(api, held, health_limits)
    chosen = ApiOperation(
        "POST", "/health/limits", "health.choose", "Choose limits and who is alarmed", LimitsOut, LimitsIn
    )
    add_route(api, chosen, choose_health_limits)
    tried = ApiOperation("POST", "/health/trial", "health.choose", "Send a trial to all who are alarmed", AlarmTrialOut)
    add_route(api, tried, send_alarm_trial)


def health_now() -> dict[str, Any]:
    """Look."""
    desk, actor = the_desk(), the_actor()
    return {
        "checks": [_check(found) for found in look_at_all(desk, actor)],
        "alarms": [_alarm(row) for row in list_alarms(desk, actor)],
    }


def _alarm(row: OpenAlarm) -> dict[str, Any]:
    known = {"name": row.name, "level": row.level, "told": row.told, "since": row.since}
    return {**known, "trouble": row.trouble.zh, "trouble_en": row.trouble.en}


def _check(found: HealthFinding) -> dict[str, Any]:
    said = {"what": found.what.as_json(), "found": found.found.as_json()}
    return {"name": found.name, "level": found.level, "looked": found.looked, **said}


def health_limits() -> Any:
    """Get."""
    return view_limits(the_desk(), the_actor())


def choose_health_limits(body: dict[str, Any]) -> Any:
    """Choose."""
    typed = {field.name: str(body[field.name]) for field in LIMIT_FIELDS}
    return choose_limits(the_desk(), the_actor(), typed, " ".join(body["mails"]), webhook=body["webhook"])


def send_alarm_trial() -> dict[str, Any]:
    """Try."""
    return {"told": [to.zh for to in try_alarm(the_desk(), the_actor())]}
