"""API routes of the forms, documents and shared pieces of a draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from service.casework.studio.drafts.save_file import Saved
from service.casework.studio.pieces.new_form import new_form
from service.casework.studio.pieces.preview_document import preview_document
from service.casework.studio.pieces.preview_form import preview_form
from service.casework.studio.pieces.remove_piece import what_uses
from service.casework.studio.pieces.shared_pieces import give_piece, list_shared, take_piece
from service.casework.studio.pieces.study_document import new_document
from service.catalog.pieces.piece_kinds import PieceKind, kind_of
from service.domain.text import Text
from service.web.api.arguments import needed
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.drafts import PackageFileOut
from service.web.api.schemas.pieces import (
    NewPieceIn,
    PieceUsersOut,
    SharedPiecesOut,
    TakenPieceIn,
    TriedPieceIn,
    TriedPieceOut,
)
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, path = "/drafts/<int:draft>", {"path": needed("the form or the document")}
    routes = (
        (ApiOperation("GET", f"{one}/uses", "draft.view", "List what uses a piece", PieceUsersOut, None, path), uses),
        (
            ApiOperation("POST", f"{one}/pieces", "draft.edit", "Add a form or document", PackageFileOut, NewPieceIn),
            add_piece,
        ),
        (
            ApiOperation("POST", f"{one}/try", "draft.view", "Try a form or document", TriedPieceOut, TriedPieceIn),
            try_piece,
        ),
        (ApiOperation("GET", f"{one}/shared", "draft.view", "List shared pieces", SharedPiecesOut), shared_pieces),
        (
            ApiOperation("POST", f"{one}/shared", "draft.edit", "Take a version over", PackageFileOut, TakenPieceIn),
            take_shared,
        ),
    )
    for route, work in routes:
        add_route(api, route, work)


def uses(draft: int) -> dict[str, Any]:
    """List."""
    return {"users": what_uses(the_desk(), the_actor(), draft, request.args.get("path", ""))}


def add_piece(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Add."""
    make = new_form if body["kind"] == "form" else new_document
    return _file(make(the_desk(), the_actor(), draft, body["ident"], body["title"], body["like"]))


def try_piece(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Try."""
    path, content = body["path"], body["content"].encode()
    if kind_of(path) is PieceKind.DOCUMENT:
        document = preview_document(the_desk(), the_actor(), draft, path, content)
        faults = [_fault(fault.formula, fault.line, fault.message) for fault in document.faults]
        return {"faults": faults, "filled_from": document.filled_from, "said": document.content}
    flaw = preview_form(the_desk(), the_actor(), draft, path, content).flaw
    return {"faults": [_fault(flaw.component, 0, flaw.message)] if flaw else [], "filled_from": None, "said": None}


def shared_pieces(draft: int) -> dict[str, Any]:
    """List."""
    return {"pieces": list_shared(the_desk(), the_actor(), draft)}


def take_shared(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Take over."""
    if body["to"] is not None:
        return _file(give_piece(the_desk(), the_actor(), draft, body["path"], body["to"]))
    return _file(take_piece(the_desk(), the_actor(), draft, body["path"], body["package"]))


def _fault(place: str, line: int, message: Text) -> dict[str, Any]:
    return {"place": place, "line": line, "message": message}


def _file(saved: Saved) -> dict[str, Any]:
    return {**asdict(saved), "content": None if saved.content is None else saved.content.decode()}
