"""The overview of the monitor: sums by place and kind of case, what is due, cases per week."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.monitoring.overview import view_overview
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("overview", __name__)


@PAGES.get("/monitor/overview")
@route_guard("monitor.view")
def overview() -> ResponseReturnValue:
    """Show it."""
    view = view_overview(the_desk(), the_actor(), request.args.get("jurisdiction", "")[:60])
    crumbs((t("监控", "Monitor"), "/monitor"), (t("总览", "Overview"), None))
    return render_template("monitor/overview.html", view=view)
