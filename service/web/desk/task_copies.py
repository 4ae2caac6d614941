"""The page of what others sent the reader to be read: copies (抄送) and instructions (批示)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.cases.export_lists import NOTE_COLUMNS, export_notes
from service.casework.queries.cases.notes import notes_for_me
from service.casework.queries.list_order import OLDEST
from service.casework.queries.own_place.next_up import view_next
from service.domain.text import Text
from service.web.desk.task_tabs import tabs
from service.web.frame.page.files import as_table
from service.web.frame.page.list_order import Sorting, order_asked
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor

PAGES = Blueprint("task_copies", __name__)
SORTING = Sorting(
    "/tasks/copies",
    {
        "": Text("时间", "When"),
        "case": Text("办件", "Case"),
        "who": Text("谁", "Who"),
        "words": Text("内容", "Words"),
        "read": Text("已阅", "Read"),
    },
    turned=OLDEST,
)


@PAGES.get("/tasks/copies")
@route_guard("note.read")
def copies() -> ResponseReturnValue:
    """Show what is for the reader, read or not, newest first or in another order."""
    before = cursor(request.args, "before")
    order, number = order_asked()
    page = notes_for_me(the_desk(), the_actor(), before, order, number)
    return render_template(
        "tasks/copies.html",
        page=page,
        scopes=tabs(None, active="copies"),
        next_up_view=None if page.lines else view_next(the_desk(), the_actor()),
        first_url=SORTING.url({"order": order}) if before else None,
        next_url=SORTING.url({"order": order, "before": page.after}) if page.after else None,
        **SORTING.listed({}, page.many, page.pages),
    )


@PAGES.get("/tasks/copies.xlsx")
@route_guard("note.export")
def copies_as_table() -> Response:
    """Hand out what is for the reader."""
    rows = export_notes(the_desk(), the_actor(), language())
    return as_table(t("抄送", "For me"), NOTE_COLUMNS, rows)
