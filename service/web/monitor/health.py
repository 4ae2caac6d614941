"""The page of how the installation is: every check, the alarms, and the limits from which people are told."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.health.alarms import list_alarms, try_alarm
from service.casework.health.checks import look_at_all
from service.casework.health.limits import LIMIT_FIELDS, choose_limits, view_limits
from service.domain.errors import Invalid, NotAllowed
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("monitor_health", __name__, url_prefix="/monitor/health")


@PAGES.get("")
@route_guard("health.view")
def show() -> ResponseReturnValue:
    """Show what every check finds now."""
    return _page()


@PAGES.post("/limits")
@route_guard("health.choose")
def choose() -> ResponseReturnValue:
    """Let other limits hold."""
    try:
        choose_limits(
            the_desk(), the_actor(), request.form, request.form.get("mails", ""), webhook="webhook" in request.form
        )
    except (Invalid, NotAllowed) as refusal:
        return _page(say(refusal.message), request.form, answered(refusal))
    flash(t("已保存。", "Saved."))
    return redirect("/monitor/health")


@PAGES.post("/trial")
@route_guard("health.choose")
def trial() -> ResponseReturnValue:
    """Send a trial of an alarm."""
    try:
        told = try_alarm(the_desk(), the_actor())
    except (Invalid, NotAllowed) as refusal:
        return _page(say(refusal.message), None, answered(refusal))
    flash(t(f"已试发至 {'、'.join(to.zh for to in told)}。", f"A trial was sent to {', '.join(to.en for to in told)}."))
    return redirect("/monitor/health")


def _page(problem: str = "", typed: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    desk, actor = the_desk(), the_actor()
    crumbs((t("监控", "Monitor"), "/monitor"), (t("运行状况", "Health"), None))
    limits = view_limits(desk, actor)
    values = {field.name: str(getattr(limits, field.name)) for field in LIMIT_FIELDS}
    values |= {"mails": "、".join(limits.mails), "webhook": "yes" if limits.webhook else ""}
    if typed is not None:
        values = {name: typed.get(name, "") for name in values}
    page = {
        "findings": sorted(look_at_all(desk, actor), key=lambda found: (-found.level, found.looked)),
        "alarms": list_alarms(desk, actor),
        "fields": LIMIT_FIELDS,
        "values": values,
        "problem": problem,
        "may_choose": actor.administers("*"),
        "at": desk.clock.now(),
        "metrics": bool(the_settings().metrics_token),
    }
    return make_response(render_template("monitor/health.html", **page), status)
