"""Page of how the installation is: every check with its remedy."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.casework.health.checks import Colour
from service.casework.health.report import COLOUR_WORDS, view_health
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("monitor_health", __name__, url_prefix="/monitor/health")


@PAGES.get("")
@route_guard("health.view")
def show() -> ResponseReturnValue:
    """Show what every check finds now."""
    crumbs((t("监控", "Monitor"), "/monitor"), (t("运行状况", "Health"), None))
    page = {
        "states": view_health(the_desk(), the_actor()),
        "words": COLOUR_WORDS,
        "Colour": Colour,
        "at": the_desk().clock.now(),
        "metrics": bool(the_settings().metrics_token),
    }
    return render_template("monitor/health.html", **page)
