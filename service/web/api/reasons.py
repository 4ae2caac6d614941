"""API routes that explain a case: why it came out as it did, its whole trace, the reviewers of its round."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Blueprint, request

from service.casework.queries.cases.reasons import Reasons, StageItems, view_reasons
from service.casework.queries.cases.trace import view_trace
from service.casework.queries.cases.trace_document import trace_file
from service.casework.queries.downloads.paper import PRINTED
from service.domain.review import shown
from service.domain.review.spread import ItemSpread
from service.web.api.arguments import words
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.api.schemas.reasons import ReasonsOut, TraceOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    case = "/cases/<int:case_id>"
    kinds = words("as which file", "pdf", "docx")
    for operation, work in (
        (ApiOperation("GET", f"{case}/reasons", "case.view", "Get why a case came out as it did", ReasonsOut), reasons),
        (ApiOperation("GET", f"{case}/trace", "case.view", "Get the whole trace of a case", TraceOut), trace),
        (
            ApiOperation(
                "GET", f"{case}/trace/file", "case.view", "Get it as a document", HandedFileOut, query={"kind": kinds}
            ),
            traced_file,
        ),
    ):
        add_route(api, operation, work)


def reasons(case_id: int) -> dict[str, Any]:
    """Get."""
    found: Reasons = view_reasons(the_desk(), the_actor(), case_id)
    told = {each.name: getattr(found, each.name) for each in fields(found)}
    return {**told, "items": [_stage(stage) for stage in found.items]}


def trace(case_id: int) -> dict[str, Any]:
    """Get."""
    found = view_trace(the_desk(), the_actor(), case_id)
    steps = [
        {"at": s.event.at, "who": s.event.who, "text": s.event.text, "reason": s.event.reason, "clauses": s.clauses}
        for s in found.steps
    ]
    told = {name: getattr(found, name) for name in ("law", "findings", "dates", "settings")}
    brief = {"id": found.brief.id, "title": found.brief.title, "outcome": found.brief.outcome}
    return {**brief, **told, "steps": steps, "facts": found.values}


def traced_file(case_id: int) -> dict[str, Any]:
    """Get."""
    found = trace_file(the_desk(), the_actor(), case_id, request.args.get("kind") or PRINTED)
    return handed(found.name, found.kind, found.content.read())


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
