"""The page of the bodies of a place, as a tree."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.casework.queries.people.bodies import view_bodies
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("bodies", __name__)


@PAGES.get("/people/bodies")
@route_guard("people.view")
def bodies() -> ResponseReturnValue:
    """Show them."""
    crumbs((t("人员", "People"), "/people"), (t("单位", "Bodies"), None))
    return render_template("people/bodies.html", trees=view_bodies(the_desk(), the_actor()))
