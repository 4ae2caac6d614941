"""API routes for what offices do beside a task."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.cases.notes import note_read, take_back_note, write_note
from service.casework.queries.cases.notes import notes_for_me, unread_notes, view_notes
from service.casework.queries.tasks.view_task import view_task
from service.casework.tasks.urge import urge_task
from service.casework.tasks.urge_many import urge_cases
from service.web.api.arguments import Query, row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import office as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_ONWARD: Query = {"after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/tasks/<int:task_id>"
    urged = ApiOperation("POST", f"{one}/urge", "task.urge", "Urge who must do it", schemas.UrgedOut, schemas.UrgeIn)
    notes = "/cases/<int:case_id>/notes"
    for operation, work in (
        (urged, urge),
        (
            ApiOperation(
                "POST",
                "/cases/urge",
                "task.urge",
                "Urge who holds up cases",
                schemas.UrgedCasesOut,
                schemas.UrgeCasesIn,
            ),
            urge_several,
        ),
        (
            ApiOperation(
                "GET", f"{one}/send-back", "task.view", "List where it may be sent back to", schemas.StepsBackOut
            ),
            list_steps_back,
        ),
        (ApiOperation("GET", notes, "note.read", "List what offices noted", schemas.NotesOut), list_notes),
        (
            ApiOperation("POST", notes, "note.write", "Write beside a case", schemas.NotedOut, schemas.WriteNoteIn),
            write,
        ),
        (ApiOperation("GET", "/notes", "note.read", "List what is to be read", schemas.NotesOut), list_unread),
        (
            ApiOperation(
                "GET",
                "/notes/mine",
                "note.read",
                "List what is for one, read or not",
                schemas.MyNotesOut,
                query=_ONWARD,
            ),
            list_mine,
        ),
        (ApiOperation("POST", "/notes/<int:note_id>/read", "note.write", "Say that it was read", None), say_read),
        (ApiOperation("DELETE", "/notes/<int:note_id>", "note.write", "Take one's own note back", None), take_back),
    ):
        add_route(api, operation, work)


def urge(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Urge."""
    return {"told": len(urge_task(the_desk(), the_actor(), task_id, body["words"]))}


def urge_several(body: dict[str, Any]) -> dict[str, Any]:
    """Urge."""
    return {"cases": urge_cases(the_desk(), the_actor(), body["cases"], body["words"])}


def list_steps_back(task_id: int) -> dict[str, Any]:
    """List."""
    return {"steps": view_task(the_desk(), the_actor(), task_id).rights.send_back}


def list_notes(case_id: int) -> dict[str, Any]:
    """List."""
    return {"notes": view_notes(the_desk(), the_actor(), case_id).notes}


def write(body: dict[str, Any], case_id: int) -> dict[str, Any]:
    """Write."""
    given = (body["words"], body["kind"], body["to_id"], body["task_id"])
    return {"id": write_note(the_desk(), the_actor(), case_id, *given)}


def list_unread() -> dict[str, Any]:
    """List."""
    return {"notes": [one for one, _ in unread_notes(the_desk(), the_actor())]}


def list_mine() -> dict[str, Any]:
    """List."""
    page = notes_for_me(the_desk(), the_actor(), cursor(request.args, "after"))
    return {"notes": [one for one, _ in page.lines], "next": page.after}


def say_read(note_id: int) -> None:
    """Say it."""
    note_read(the_desk(), the_actor(), note_id)


def take_back(note_id: int) -> None:
    """Take back."""
    take_back_note(the_desk(), the_actor(), note_id)
