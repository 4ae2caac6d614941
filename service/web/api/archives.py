"""API routes of archives: what is archived, with the address of each ZIP, and beginning one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.archives.gather import start_archive
from service.casework.archives.view import ArchiveView, view_archives
from service.web.api.arguments import row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.archives import ArchiveIn, ArchivesOut, ArchiveStartedOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    onward = {"after": row_place()}
    seen = ApiOperation(
        "GET",
        "/archives",
        "archive.make",
        "Archives, and rounds that can be archived or not yet",
        ArchivesOut,
        query=onward,
    )
    add_route(api, seen, list_archives)
    begun = ApiOperation("POST", "/archives", "archive.make", "Archive a finished round", ArchiveStartedOut, ArchiveIn)
    add_route(api, begun, begin_archive)


def list_archives() -> dict[str, Any]:
    """Show."""
    view = view_archives(the_desk(), the_actor(), cursor(request.args, "after"))
    rounds = [{"id": row.id, "title": row.title} for row in view.rounds]
    waiting = [
        {"id": one.case.id, "title": one.case.title, "unended": one.unended, "reason": one.reason}
        for one in view.waiting
    ]
    archives = [_archive(one) for one in view.archives]
    return {"archives": archives, "rounds": rounds, "waiting": waiting, "next": view.before}


def _archive(one: ArchiveView) -> dict[str, Any]:
    row = one.row
    return {
        "id": row.id, "round": row.case_id, "title": row.title, "full": row.full, "purpose": row.purpose,
        "cases": row.cases, "gathered": one.gathered, "begun_at": row.begun_at, "sealed_at": row.sealed_at,
        "seal": row.seal, "address": f"/monitor/archives/{row.id}.zip" if row.seal else None,
    }  # fmt: skip


def begin_archive(body: dict[str, Any]) -> dict[str, Any]:
    """Begin."""
    ident = start_archive(the_desk(), the_actor(), body["round"], body["purpose"], full=body["full"])
    return {"id": ident}
