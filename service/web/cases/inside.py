"""The page of what keeps a case going."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.cases.inside_case import inside_case
from service.casework.queries.cases.variables import variable_history
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor

PAGES = Blueprint("inside_case", __name__)


@PAGES.get("/cases/<int:case_id>/inside")
@route_guard("monitor.view")
def inside(case_id: int) -> ResponseReturnValue:
    """Show tokens, timers, what is awaited, work and variables."""
    sought = request.args.get("q", "")[:100]
    view = inside_case(the_desk(), the_actor(), case_id, sought)
    crumbs((t("办件", "Cases"), "/cases"), (view.title, f"/cases/{case_id}"), (t("运行情况", "Inside"), None))
    return render_template("cases/inside.html", view=view, sought=sought)


@PAGES.get("/cases/<int:case_id>/inside/variables/<name>")
@route_guard("monitor.view")
def variable(case_id: int, name: str) -> ResponseReturnValue:
    """Show what values a variable had."""
    view = variable_history(the_desk(), the_actor(), case_id, name, cursor(request.args, "before"))
    inside_url = f"/cases/{case_id}/inside"
    crumbs(
        (t("办件", "Cases"), "/cases"), (view.title, f"/cases/{case_id}"), (t("运行情况", "Inside"), inside_url),
        (say(view.variable.label), None),
    )  # fmt: skip
    return render_template("cases/variable.html", view=view)
