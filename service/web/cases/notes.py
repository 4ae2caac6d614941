"""What people write at a case: notes and ratings."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.secrets import MOST
from service.casework.cases.notes import note_read, take_back_note, write_note
from service.casework.cases.rate import answer_rating, rate_case
from service.casework.queries.cases.notes import view_notes
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.people.ratings import view_rating
from service.casework.reading.notes import KINDS, NOTE
from service.casework.reading.ratings import GRADES
from service.casework.reading.ratings import MOST as MOST_RATED
from service.domain.errors import Invalid
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import row_id_or_none

PAGES = Blueprint("case_notes", __name__)

_RATINGS = "/monitor/report?part=ratings"


@PAGES.get("/cases/<int:case_id>/notes")
@route_guard("note.read")
def notes(case_id: int) -> ResponseReturnValue:
    """Show the notes of a case, and write one."""
    return _notes_page(case_id)


@PAGES.post("/cases/<int:case_id>/notes")
@route_guard("note.write")
def write(case_id: int) -> ResponseReturnValue:
    """Write a note, an instruction or a copy."""
    kind, to_id = request.form.get("kind", NOTE), row_id_or_none(request.form, "to")
    try:
        write_note(the_desk(), the_actor(), case_id, request.form.get("words", ""), kind, to_id)
    except Invalid as refusal:
        return _notes_page(case_id, say(refusal.message))
    flash(t("已记下，申报组织看不到。", "Noted; the applicant does not see it."))
    return redirect(f"/cases/{case_id}/notes")


@PAGES.post("/notes/<int:note_id>/read")
@route_guard("note.write")
def read(note_id: int) -> ResponseReturnValue:
    """Say that it was read."""
    case_id = note_read(the_desk(), the_actor(), note_id)
    return redirect("/tasks/asked" if request.form.get("next") == "asked" else f"/cases/{case_id}/notes")


@PAGES.post("/notes/<int:note_id>/take-back")
@route_guard("note.write")
def take_back(note_id: int) -> ResponseReturnValue:
    """Take one's own note back."""
    case_id = take_back_note(the_desk(), the_actor(), note_id)
    flash(t("已撤下。", "Taken back."))
    return redirect(f"/cases/{case_id}/notes")


def _notes_page(case_id: int, problem: str = "") -> Response:
    view = view_notes(the_desk(), the_actor(), case_id)
    about_package(view.package)
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (view.title, f"/cases/{case_id}"), (t("内部批注", "Notes"), None))
    page = render_template("cases/notes_page.html", view=view, kinds=KINDS, most=MOST, problem=problem)
    return make_response(page, 422 if problem else 200)


@PAGES.get("/cases/<int:case_id>/rating")
@route_guard("rating.view")
def show_rating(case_id: int) -> ResponseReturnValue:
    """Show the rating of a case, and answer it."""
    return _rating_page(case_id)


@PAGES.post("/cases/<int:case_id>/rating")
@route_guard("case.rate")
def rate(case_id: int) -> ResponseReturnValue:
    """Rate."""
    words = request.form.get("words", "")
    try:
        rate_case(the_desk(), the_actor(), case_id, whole_number(request.form.get("grade", "")) or 0, words)
    except Invalid as refusal:
        return _render_again(case_id, say(refusal.message))
    flash(t("谢谢，评价已记录。", "Thank you, your rating is on record."))
    return redirect(f"/cases/{case_id}#rating", 303)


@PAGES.post("/cases/<int:case_id>/rating/answer")
@route_guard("rating.answer")
def reply_to_rating(case_id: int) -> ResponseReturnValue:
    """Answer a bad rating."""
    try:
        answer_rating(the_desk(), the_actor(), case_id, request.form.get("words", ""))
    except Invalid as refusal:
        return _rating_page(case_id, say(refusal.message))
    flash(t("已答复，申报组织会收到消息。", "Answered; the organisation gets a message."))
    return redirect(_RATINGS, 303)


def _rating_page(case_id: int, problem: str = "") -> Response:
    view = view_rating(the_desk(), the_actor(), case_id)
    set_breadcrumbs(
        (t("好差评", "Ratings"), _RATINGS), (view.line.title, f"/cases/{case_id}"), (t("评价", "Rating"), None)
    )
    page = render_template("cases/rating_page.html", view=view, problem=problem, most=MOST_RATED)
    return make_response(page, 422 if problem else 200)


def _render_again(case_id: int, problem: str) -> Response:
    """Show the rating again as it was typed, with what is wrong."""
    view = view_case(the_desk(), the_actor(), case_id)
    set_breadcrumbs(
        (t("办件", "Cases"), "/cases"), (view.brief.title, f"/cases/{case_id}"), (t("评价", "Rating"), None)
    )
    page = render_template("cases/rate_again.html", view=view, brief=view.brief, problem=problem)
    return make_response(page, 422)


@PAGES.app_context_processor
def _inject_words() -> dict[str, object]:
    return {"rating_grades": GRADES, "rating_most": MOST_RATED}
