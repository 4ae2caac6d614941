"""The reader's own place: what waits for them and what comes next."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.casework.queries.own_place.home import view_home
from service.web.frame.requests.current import language, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("home", __name__)


@PAGES.get("/home")
@route_guard("task.list")
def home() -> ResponseReturnValue:
    """Show what waits for the reader, how their cases or rounds stand, and what comes next."""
    return render_template("tasks/home.html", view=view_home(the_desk(), the_actor(), language()))
