"""API routes that explain a case: why it came out as it did."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint

from service.casework.queries.reasons import Reasons, StageItems, view_reasons
from service.domain.review import shown
from service.domain.review.spread import ItemSpread
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas_reasons import ReasonsOut
from service.web.frame.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    case = "/cases/<int:case_id>"
    add_route(
        api,
        ApiOperation("GET", f"{case}/reasons", "case.view", "Get why a case came out as it did", ReasonsOut),
        reasons,
    )


def reasons(case_id: int) -> dict[str, Any]:
    """Get."""
    found: Reasons = view_reasons(the_desk(), the_actor(), case_id)
    told = {each.name: getattr(found, each.name) for each in fields(found)}
    return {**told, "items": [_stage(stage) for stage in found.items]}


def _stage(stage: StageItems) -> dict[str, Any]:
    told = {name: getattr(stage, name) for name in ("stage", "points", "how", "sheets")}
    return {**told, "items": [_item(one) for one in stage.items]}


def _item(one: ItemSpread) -> dict[str, Any]:
    marks = {name: getattr(one, name) for name in ("own", "lowest", "middle", "highest")}
    return {
        "item": one.item.id,
        "name": one.item.name,
        "of": str(one.item.points),
        **{name: None if value is None else shown(value) for name, value in marks.items()},
    }
