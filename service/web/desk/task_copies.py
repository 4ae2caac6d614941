"""The page of what others sent the reader to be read: copies (抄送) and instructions (批示)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.cases.notes import COPIES, export_notes, notes_for_me
from service.casework.queries.own_place.next_up import view_next
from service.web.desk.task_tabs import tabs
from service.web.frame.page.list_page import offer_table, order_asked, show_list
from service.web.frame.page.names import named
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor

PAGES = Blueprint("task_copies", __name__)


@PAGES.get("/tasks/copies")
@route_guard("note.read")
def copies() -> ResponseReturnValue:
    """Show what is for the reader, read or not, newest first or in another order."""
    before = cursor(request.args, "before")
    order, number = order_asked()
    page = notes_for_me(the_desk(), the_actor(), before, order, number)
    return render_template(
        "tasks/copies.html",
        scopes=tabs(None, active="copies"),
        next_up_view=None if page.lines else view_next(the_desk(), the_actor()),
        **show_list(COPIES, {}, page),
    )


offer_table(PAGES, COPIES.path, "note.export", lambda: export_notes(the_desk(), the_actor(), named))
