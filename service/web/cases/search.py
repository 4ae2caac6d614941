"""The page to find anything by one field, and where every form of search sends what is looked for."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.searching.search import search
from service.web.frame.page.frame import crumbs
from service.web.frame.page.names import city_name
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.sought import list_address

PAGES = Blueprint("search", __name__)


@PAGES.get("/search")
@route_guard("case.view")
def find() -> ResponseReturnValue:
    """Show what was found, by kind."""
    found = search(the_desk(), the_actor(), request.args.get("q", ""))
    crumbs((t("办件", "Cases"), "/cases"), (t("查找", "Find"), None))
    return render_template("cases/search.html", found=found, city_name=city_name)


@PAGES.post("/sought")
@route_guard("portal.view")
def look_for() -> ResponseReturnValue:
    """Go to a list, narrowed by what was typed; its own guard says who may see it."""
    return redirect(list_address(request.form.to_dict()), 303)
