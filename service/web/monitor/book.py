"""The page of the book of acts."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.book.kinds import ActKind
from service.casework.queries.proof.book import BookQuery, read_book
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor, day_asked

PAGES = Blueprint("book", __name__)


@PAGES.get("/book")
@route_guard("book.read")
def book() -> ResponseReturnValue:
    """Show who did what, newest first."""
    crumbs((t("操作日志", "Book of acts"), None))
    asked = request.args
    query = BookQuery(
        asked.get("kind", ""),
        asked.get("q", "")[:100],
        day_asked(asked, "since"),
        day_asked(asked, "until"),
        by_people=asked.get("program") != "1",
    )
    page = read_book(the_desk(), the_actor(), query, cursor(asked, "before"))
    kept = {name: asked[name] for name in ("kind", "q", "since", "until", "program") if asked.get(name)}
    return render_template("monitor/book.html", page=page, kinds=list(ActKind), asked=kept)
