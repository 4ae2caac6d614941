"""The page of what others sent the reader to be read: copies (抄送) and instructions (批示)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.notes import notes_for_me
from service.web.desk.task_tabs import tabs
from service.web.frame.current import the_actor, the_desk
from service.web.frame.guarding import route_guard
from service.web.frame.parse_values import cursor

PAGES = Blueprint("task_copies", __name__)


@PAGES.get("/tasks/copies")
@route_guard("note.read")
def copies() -> ResponseReturnValue:
    """Show what is for the reader, read or not, newest first."""
    before = cursor(request.args, "before")
    page = notes_for_me(the_desk(), the_actor(), before)
    following = f"/tasks/copies?before={page.after}" if page.after else None
    return render_template(
        "tasks/copies.html", page=page, scopes=tabs(None, active="copies"), more=bool(before), next_url=following
    )
