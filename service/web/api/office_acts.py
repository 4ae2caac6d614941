"""API routes for what offices do beside a task."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.tasks.urge import urge_task
from service.web.api import schemas_office as schemas
from service.web.api.operation import ApiOperation, add_route
from service.web.frame.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/tasks/<int:task_id>"
    urged = ApiOperation("POST", f"{one}/urge", "task.urge", "Urge who must do it", schemas.UrgedOut, schemas.UrgeIn)
    add_route(api, urged, urge)


def urge(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Urge."""
    return {"told": urge_task(the_desk(), the_actor(), task_id, body["words"])}
