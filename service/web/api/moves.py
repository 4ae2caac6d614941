"""API routes that move all running cases of an award to its current version: tried, carried out, stopped, undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.amendments.renames import read_renames
from service.casework.due.move_batch import BatchWish, begin_batch, stop_batch
from service.casework.due.undo_batch import begin_undo
from service.casework.queries.law.view_moves import view_batch, view_renames
from service.web.api.arguments import Query, row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import moves as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_AWARD = "/definitions/<jurisdiction>/<award>/moves"
_BATCH = "/moves/<int:batch>"
_PAGE: Query = {"verdict": "only these cases", "after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    see, act = "amendment.preview", "amendment.apply"
    for route, work in (
        (
            ApiOperation("GET", f"{_AWARD}/from/<version>", see, "Elements to match", schemas.RenamesOut),
            elements_to_match,
        ),
        (
            ApiOperation("POST", _AWARD, act, "Try or move all cases", schemas.MoveBatchOut, schemas.MoveBatchIn),
            begin_moves,
        ),
        (ApiOperation("GET", _BATCH, see, "What a batch came to", schemas.MoveBatchOut, query=_PAGE), moves),
        (ApiOperation("POST", f"{_BATCH}/stop", act, "Stop a batch", schemas.MoveBatchOut), stop_moves),
        (ApiOperation("POST", f"{_BATCH}/undo", act, "Undo a batch", schemas.MoveBatchOut, schemas.UndoIn), undo_moves),
    ):
        add_route(api, route, work)


def elements_to_match(jurisdiction: str, award: str, version: str) -> dict[str, Any]:
    """List."""
    view = view_renames(the_desk(), the_actor(), f"{jurisdiction}/{award}", version)
    found = [
        {"process": one.process, "element": one.element.id, "name": one.element.name, "why": one.why,
         "choices": [choice.id for choice in one.choices], "proposed": one.proposed.id if one.proposed else None}
        for one in view.missing
    ]  # fmt: skip
    return {"target": view.package.version, "missing": found}


def begin_moves(body: dict[str, Any], jurisdiction: str, award: str) -> dict[str, Any]:
    """Begin."""
    key = f"{jurisdiction}/{award}"
    view = view_renames(the_desk(), the_actor(), key, body["from_version"])
    chosen = {(one["process"], one["before"]): one["after"] for one in body["renames"]}
    renames = read_renames(view.old, view.package, chosen)
    wish = BatchWish(body["version"], body["reason"], renames, body["choice"], body["dry"])
    return moves(begin_batch(the_desk(), the_actor(), key, wish))


def moves(batch: int) -> dict[str, Any]:
    """Show."""
    args = request.args
    view = view_batch(the_desk(), the_actor(), batch, args.get("verdict", ""), cursor(args, "after") or 0)
    row = view.batch
    cases = [
        {"id": line.row.id, "case_id": line.row.case_id, "title": line.title, "verdict": line.row.verdict,
         "why": line.row.why, "undoes": line.undoes, "undone_at": line.row.undone_at, "kept": line.kept}
        for line in view.lines
    ]  # fmt: skip
    return {"id": row.id, "state": row.state, "dry": row.dry, "over": row.state != "running", "total": row.total, "counts": dict(view.counts),
            "cases": cases, "next": view.after, "undoing": view.undoing}  # fmt: skip


def stop_moves(batch: int) -> dict[str, Any]:
    """Stop."""
    stop_batch(the_desk(), the_actor(), batch)
    return moves(batch)


def undo_moves(body: dict[str, Any], batch: int) -> dict[str, Any]:
    """Begin to undo all."""
    begin_undo(the_desk(), the_actor(), batch, body["reason"])
    return moves(batch)
