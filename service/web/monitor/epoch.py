"""Page of a restore: what it changed, and what would leave for the outside until a person releases it."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.due.release_epoch import drop_leaving, release_epoch, view_epoch
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("monitor_epoch", __name__, url_prefix="/monitor/epoch")


@PAGES.get("")
@route_guard("epoch.release")
def show() -> ResponseReturnValue:
    """Show the restore that waits to be released."""
    return _page()


@PAGES.post("/<int:ident>")
@route_guard("epoch.release")
def release(ident: int) -> ResponseReturnValue:
    """Let messages leave again, without those picked."""
    reason, drop = request.form.get("reason", ""), request.form.getlist("drop")
    try:
        dropped = release_epoch(the_desk(), the_actor(), ident, reason, drop, cursor(request.form, "through") or 0)
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _page(say(refusal.message), reason, frozenset(drop), answered(refusal))
    flash(t(f"已放行，{dropped} 条不再发送。", f"Released; {dropped} will not be sent."))
    return redirect("/monitor")


@PAGES.post("/<int:ident>/drop")
@route_guard("epoch.release")
def drop_and_go_on(ident: int) -> ResponseReturnValue:
    """Call off those picked on this page, and show the next."""
    drop = request.form.getlist("drop")
    try:
        dropped = drop_leaving(the_desk(), the_actor(), ident, drop)
    except (Conflict, NotAllowed) as refusal:
        return _page(say(refusal.message), "", frozenset(drop), answered(refusal))
    if dropped:
        flash(t(f"{dropped} 条不再发送。", f"{dropped} will not be sent."))
    return redirect(f"/monitor/epoch?after={cursor(request.form, 'through') or 0}")


def _page(
    problem: str = "", reason: str = "", chosen: frozenset[str] = frozenset(), status: int = 200
) -> ResponseReturnValue:
    crumbs((t("监控", "Monitor"), "/monitor"), (t("恢复核对", "Restore"), None))
    after = cursor(request.values, "after") or 0
    view = view_epoch(the_desk(), the_actor(), after)
    page = {"view": view, "after": after, "problem": problem, "reason": reason, "chosen": chosen}
    return make_response(render_template("monitor/epoch.html", **page), status)
