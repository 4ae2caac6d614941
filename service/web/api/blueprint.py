"""The blueprint of the API with all its operations."""

from __future__ import annotations

from flask import Blueprint

from service.web.api import (
    cases,
    definitions,
    drafts,
    interventions,
    lists,
    monitor,
    notices,
    objections,
    people,
    register,
    session,
    tasks,
)
from service.web.api.openapi import add_openapi_route
from service.web.api.operation import add_operation

API = Blueprint("api", __name__, url_prefix="/api/v1")

for part in (
    session, cases, tasks, monitor, notices, objections, people, register, definitions, drafts, interventions, lists,
):  # fmt: skip
    for operation in part.OPERATIONS:
        add_operation(API, operation)
add_openapi_route(API)
