"""Page of an installation on hold: what is due and what would be sent, and the resumption."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.due.hold import FIRST_LINES, resume_work, view_hold
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("monitor_hold", __name__, url_prefix="/monitor/hold")


@PAGES.get("")
@route_guard("hold.resume")
def show() -> ResponseReturnValue:
    """Show why the installation is on hold, and what a resumption would bring about."""
    return _page()


@PAGES.post("/resume")
@route_guard("hold.resume")
def resume() -> ResponseReturnValue:
    """Let due work begin again; messages that may have been sent already are sent or dropped as a group."""
    reason, drop = request.form.get("reason", ""), request.form.get("doubtful", "")
    version = cursor(request.form, "version") or 0
    try:
        dropped = resume_work(the_desk(), the_actor(), version, reason, drop_doubtful=drop == "drop")
    except (Invalid, Conflict) as refusal:
        return _page(say(refusal.message), reason, drop, answered(refusal))
    flash(t(f"已恢复运行，{dropped} 条消息不再发送。", f"Resumed; messages not sent: {dropped}."))
    return redirect("/monitor")


def _page(problem: str = "", reason: str = "", drop: str = "", status: int = 200) -> ResponseReturnValue:
    crumbs((t("监控", "Monitor"), "/monitor"), (t("恢复运行", "Resume"), None))
    page = {"view": view_hold(the_desk(), the_actor()), "first": FIRST_LINES}
    typed = {"problem": problem, "reason": reason, "drop": drop}
    return make_response(render_template("monitor/hold.html", **page, **typed), status)
