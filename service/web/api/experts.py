"""API routes of expert review: the register of experts, panels, appointments."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.people.experts import list_experts
from service.casework.review.expert_register import (
    NewExpert,
    add_expert,
    change_expert,
    set_expert_status,
)
from service.web.api.arguments import Query, people_sought, row_place, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import register as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import count_or_none, cursor

_WHICH: Query = {
    "jurisdiction": "one city",
    "q": people_sought("text in name, employer or sector"),
    "after": row_place(),
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    keep, one = "experts.manage", "/experts/<int:expert_id>"
    for operation, work in (
        (ApiOperation("GET", "/experts", "experts.view", "List the register of experts", schemas.ExpertsOut, None, _WHICH), experts),
        (ApiOperation("POST", "/experts", keep, "Put a person on the register", schemas.ExpertIdOut, schemas.NewExpertIn), register_expert),
        (ApiOperation("PUT", one, keep, "Bring an entry up to date", None, schemas.NewExpertIn, {"version": whole("of the entry", 0, 2**31)}), update_expert),
        (ApiOperation("POST", f"{one}/status", keep, "Suspend, disqualify or restore", schemas.TouchedOut, schemas.ExpertStatusIn), change_expert_status),
    ):  # fmt: skip
        add_route(api, operation, work)


def experts() -> Any:
    """List."""
    args = request.args
    return list_experts(the_desk(), the_actor(), args.get("jurisdiction", ""), args.get("q", ""), cursor(args, "after"))


def register_expert(body: dict[str, Any]) -> dict[str, Any]:
    """Add."""
    return {"expert_id": add_expert(the_desk(), the_actor(), _expert(body))}


def update_expert(body: dict[str, Any], expert_id: int) -> None:
    """Change."""
    change_expert(the_desk(), the_actor(), expert_id, count_or_none(request.args, "version") or 0, _expert(body))


def change_expert_status(body: dict[str, Any], expert_id: int) -> dict[str, Any]:
    """Change."""
    return {"touched": set_expert_status(the_desk(), the_actor(), expert_id, **body)}


def _expert(body: dict[str, Any]) -> NewExpert:
    lists = {name: tuple(body[name]) for name in ("sectors", "qualifications")}
    return NewExpert(**{**body, **lists})
