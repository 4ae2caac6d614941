"""The inbox page of the signed-in person."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.inbox import read_inbox
from service.web.frame.current import t, the_actor, the_desk
from service.web.frame.frame import crumbs
from service.web.frame.guarding import route_guard
from service.web.frame.parse_values import cursor

PAGES = Blueprint("inbox", __name__)


@PAGES.get("/inbox")
@route_guard("inbox.view")
def inbox() -> ResponseReturnValue:
    """Show the messages, newest first."""
    messages, before = read_inbox(the_desk(), the_actor(), cursor(request.args, "before"))
    g.inbox_read = True
    crumbs((t("消息", "Messages"), None))
    return render_template("people/inbox.html", messages=messages, before=before)
