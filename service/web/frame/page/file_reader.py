"""The page on which a file is read, with the reader's own notes."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from service.casework.cases.page_notes import remove_page_note, write_page_note
from service.casework.queries.downloads.file_reader import open_shown_file, view_file_reader
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none

PAGES = Blueprint("file_reader", __name__)


@PAGES.get("/uploads/<upload_id>/pages")
@route_guard("upload.read")
def read(upload_id: str) -> ResponseReturnValue:
    """Show a file, page by page."""
    return _page(upload_id)


@PAGES.get("/uploads/<upload_id>/shown")
@route_guard("upload.read")
def content(upload_id: str) -> ResponseReturnValue:
    """Hand out what is shown of a file, to be drawn on our pages."""
    shown = open_shown_file(the_desk(), the_actor(), upload_id, request.args.get("mark", ""))
    answer = make_response(send_file(shown.content, mimetype=shown.kind))
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@PAGES.post("/uploads/<upload_id>/notes")
@route_guard("page_note.keep")
def write(upload_id: str) -> ResponseReturnValue:
    """Note something at a page, or remove a note of one's own."""
    removed = count_or_none(request.form, "remove")
    page = count_or_none(request.form, "note_page") or 1
    try:
        if removed is not None:
            remove_page_note(the_desk(), the_actor(), removed)
        else:
            words, quote = request.form.get("note_words", ""), request.form.get("note_quote", "")
            write_page_note(the_desk(), the_actor(), upload_id, page, words, quote)
    except (Invalid, Conflict) as refusal:
        return _page(upload_id, say(refusal.message))
    if "HX-Request" not in request.headers:
        flash(
            t("笔记已删除。", "Removed.")
            if removed is not None
            else t("已记下，只有您本人能看到。", "Noted, for you alone.")
        )
    return redirect(f"/uploads/{upload_id}/pages?page={page}", 303)


def _page(upload_id: str, problem: str = "") -> Response:
    view = view_file_reader(the_desk(), the_actor(), upload_id)
    above = [(t("办件", "Cases"), "/cases"), (t("本件", "The case"), f"/cases/{view.case_id}")] if view.case_id else []
    crumbs(*above, (view.name, None))
    page = count_or_none(request.values, "note_page") or count_or_none(request.args, "page") or 1
    shown = render_template("files/pages.html", file=view, problem=problem, at=page)
    return make_response(shown, 422 if problem else 200)
