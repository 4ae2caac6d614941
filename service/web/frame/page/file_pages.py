"""Pages of files, read on the page itself, with the reader's own notes."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from service.casework.cases.page_notes import MOST_QUOTED, MOST_WORDS, remove_page_note, write_page_note
from service.casework.queries.downloads.file_pages import open_page, view_pages
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none

PAGES = Blueprint("file_pages", __name__)


@PAGES.get("/uploads/<upload_id>/pages")
@route_guard("upload.read")
def pages(upload_id: str) -> ResponseReturnValue:
    """Show the pages of a file."""
    return _page(upload_id)


@PAGES.get("/uploads/<upload_id>/pages/<int:page>/picture")
@route_guard("upload.read")
def picture(upload_id: str, page: int) -> ResponseReturnValue:
    """Hand out the picture of a page, to be shown on our pages."""
    found = open_page(the_desk(), the_actor(), upload_id, page, request.args.get("mark", ""))
    answer = make_response(send_file(found.content, mimetype=found.kind))
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@PAGES.post("/uploads/<upload_id>/notes")
@route_guard("page_note.keep")
def write(upload_id: str) -> ResponseReturnValue:
    """Note something at a page, or remove a note of one's own; shows the pages around it."""
    page = count_or_none(request.form, "page") or 1
    removed = count_or_none(request.form, "remove")
    try:
        if removed is not None:
            remove_page_note(the_desk(), the_actor(), removed)
        else:
            words, quote = (request.form.get(f"{name}-{page}", "") for name in ("words", "quote"))
            write_page_note(the_desk(), the_actor(), upload_id, page, words, quote)
    except (Invalid, Conflict) as refusal:
        return _page(upload_id, page, say(refusal.message))
    if "HX-Request" not in request.headers:
        flash(
            t("笔记已删除。", "Removed.")
            if removed is not None
            else t("已记下，只有您本人能看到。", "Noted, for you alone.")
        )
    return redirect(f"/uploads/{upload_id}/pages?first={page}#page-{page}", 303)


def _page(upload_id: str, page: int | None = None, problem: str = "") -> Response:
    first = page or count_or_none(request.args, "first") or 1
    view = view_pages(the_desk(), the_actor(), upload_id, first)
    above = [(t("办件", "Cases"), "/cases"), (t("本件", "The case"), f"/cases/{view.case_id}")] if view.case_id else []
    crumbs(*above, (view.name, None))
    shown = render_template("files/pages.html", file=view, problem=problem, at=page, most=(MOST_WORDS, MOST_QUOTED))
    return make_response(shown, 422 if problem else 200)
