"""The page to find anything by one field."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.search import search
from service.web.frame.current import t, the_actor, the_desk
from service.web.frame.frame import crumbs
from service.web.frame.guarding import route_guard
from service.web.frame.names import city_name

PAGES = Blueprint("search", __name__)


@PAGES.get("/search")
@route_guard("case.view")
def find() -> ResponseReturnValue:
    """Show what was found, by kind."""
    found = search(the_desk(), the_actor(), request.args.get("q", ""))
    crumbs((t("办件", "Cases"), "/cases"), (t("查找", "Find"), None))
    return render_template("cases/search.html", found=found, city_name=city_name)
