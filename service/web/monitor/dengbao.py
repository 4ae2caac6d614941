"""The page of what 等保 asks of an installation, as it stands now."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.casework.health.dengbao import State, view_dengbao
from service.web.frame.page.frame import DENGBAO, crumbs
from service.web.frame.requests.current import t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("monitor_dengbao", __name__, url_prefix=DENGBAO)


@PAGES.get("")
@route_guard("dengbao.view")
def show() -> ResponseReturnValue:
    """Show every setting, what is off first."""
    crumbs((t("等保设置", "Security settings"), None))
    settings = view_dengbao(the_desk(), the_actor(), the_settings())
    order = (State.OFF, State.UNSEEN, State.ON)
    page = {"settings": sorted(settings, key=lambda one: order.index(one.state)), "at": the_desk().clock.now()}
    return render_template("monitor/dengbao.html", State=State, **page)
