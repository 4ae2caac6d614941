"""API routes for what offices do beside a task."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.queries.tasks.view_task import view_task
from service.casework.tasks.urge import urge_task
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import office as schemas
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/tasks/<int:task_id>"
    urged = ApiOperation("POST", f"{one}/urge", "task.urge", "Urge who must do it", schemas.UrgedOut, schemas.UrgeIn)
    for operation, work in (
        (urged, urge),
        (
            ApiOperation(
                "GET", f"{one}/send-back", "task.view", "List where it may be sent back to", schemas.StepsBackOut
            ),
            list_steps_back,
        ),
    ):
        add_route(api, operation, work)


def urge(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Urge."""
    return {"told": len(urge_task(the_desk(), the_actor(), task_id, body["words"]))}


def list_steps_back(task_id: int) -> dict[str, Any]:
    """List."""
    return {"steps": view_task(the_desk(), the_actor(), task_id).rights.send_back}
