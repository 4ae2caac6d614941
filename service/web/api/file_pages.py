"""API routes for pages of files: their text, and what the reader notes at them. Their pictures are for browsers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.cases.page_notes import remove_page_note, write_page_note
from service.casework.queries.downloads.file_pages import own_page_notes, view_pages
from service.web.api.arguments import whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import pages as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import count_or_none


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, first = "/uploads/<upload_id>", {"first": whole("the page from which fifty are listed", most=100_000)}
    for operation, work in (
        (ApiOperation("GET", f"{one}/pages", "upload.read", "Read the pages of a file", schemas.FilePagesOut, query=first), file_pages),
        (ApiOperation("POST", f"{one}/notes", "page_note.keep", "Note for oneself at a page", schemas.PageNotedOut, schemas.WritePageNoteIn), note_at),
        (ApiOperation("GET", "/cases/<int:case_id>/page-notes", "page_note.keep", "List one's own notes at pages", schemas.PageNotesOut), notes_at),
        (ApiOperation("DELETE", "/page-notes/<int:note_id>", "page_note.keep", "Remove a note of one's own", None), drop_note),
    ):  # fmt: skip
        add_route(api, operation, work)


def file_pages(upload_id: str) -> Any:
    """Read."""
    return view_pages(the_desk(), the_actor(), upload_id, count_or_none(request.args, "first") or 1)


def note_at(body: dict[str, Any], upload_id: str) -> dict[str, Any]:
    """Note."""
    return {"id": write_page_note(the_desk(), the_actor(), upload_id, body["page"], body["words"], body["quote"])}


def notes_at(case_id: int) -> dict[str, Any]:
    """List."""
    return {"notes": own_page_notes(the_desk(), the_actor(), case_id)}


def drop_note(note_id: int) -> None:
    """Remove."""
    remove_page_note(the_desk(), the_actor(), note_id)
