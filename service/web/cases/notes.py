"""Pages of what offices note beside cases."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.office_notes import MOST
from service.casework.cases.notes import note_read, take_back_note, write_note
from service.casework.queries.cases.notes import unread_notes, view_notes
from service.casework.reading.notes import KINDS, NOTE
from service.domain.errors import Invalid
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.heading import about_package
from service.web.frame.page.next_up import next_up_unless
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import row_id_or_none

PAGES = Blueprint("case_notes", __name__)


@PAGES.get("/notes")
@route_guard("note.read")
def unread() -> ResponseReturnValue:
    """List what is for the reader and not read yet."""
    crumbs((t("待阅", "To read"), None))
    found = unread_notes(the_desk(), the_actor())
    return render_template("cases/unread_notes.html", found=found, next_up_view=next_up_unless(found))


@PAGES.get("/cases/<int:case_id>/notes")
@route_guard("note.read")
def notes(case_id: int) -> ResponseReturnValue:
    """Show the notes of a case, and write one."""
    return _page(case_id)


@PAGES.post("/cases/<int:case_id>/notes")
@route_guard("note.write")
def write(case_id: int) -> ResponseReturnValue:
    """Write a note, an instruction or a copy."""
    kind, to_id = request.form.get("kind", NOTE), row_id_or_none(request.form, "to")
    try:
        write_note(the_desk(), the_actor(), case_id, request.form.get("words", ""), kind, to_id)
    except Invalid as refusal:
        return _page(case_id, say(refusal.message))
    flash(t("已记下，申报组织看不到。", "Noted; the applicant does not see it."))
    return redirect(f"/cases/{case_id}/notes")


@PAGES.post("/notes/<int:note_id>/read")
@route_guard("note.write")
def read(note_id: int) -> ResponseReturnValue:
    """Say that it was read."""
    case_id = note_read(the_desk(), the_actor(), note_id)
    return redirect("/tasks/copies" if request.form.get("next") == "copies" else f"/cases/{case_id}/notes")


@PAGES.post("/notes/<int:note_id>/take-back")
@route_guard("note.write")
def take_back(note_id: int) -> ResponseReturnValue:
    """Take one's own note back."""
    case_id = take_back_note(the_desk(), the_actor(), note_id)
    flash(t("已撤下。", "Taken back."))
    return redirect(f"/cases/{case_id}/notes")


def _page(case_id: int, problem: str = "") -> Response:
    view = view_notes(the_desk(), the_actor(), case_id)
    about_package(view.package)
    crumbs((t("办件", "Cases"), "/cases"), (view.title, f"/cases/{case_id}"), (t("内部批注", "Notes"), None))
    page = render_template("cases/notes_page.html", view=view, kinds=KINDS, most=MOST, problem=problem)
    return make_response(page, 422 if problem else 200)
