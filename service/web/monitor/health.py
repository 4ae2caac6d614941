"""The state of the installation: checks, settings of 等保, records compared."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.health.checks import Colour
from service.casework.health.dengbao import State, view_dengbao
from service.casework.health.report import COLOUR_WORDS, view_health
from service.casework.people.accounts.office_links import Office, offer_offices, part_offices
from service.casework.people.rights.seats import EVERYWHERE
from service.casework.soundness.nightly import ask_verification, view_verification
from service.domain.errors import Conflict
from service.domain.text import Text
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.menu import RECORDS
from service.web.frame.requests.current import t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("monitor_health", __name__)


@PAGES.get("/monitor/health")
@route_guard("health.view")
def show_health() -> ResponseReturnValue:
    """Show what every check finds now."""
    set_breadcrumbs((t("监控", "Monitor"), "/monitor"), (t("运行状况", "Health"), None))
    page = {
        "states": view_health(the_desk(), the_actor()),
        "words": COLOUR_WORDS,
        "Colour": Colour,
        "at": the_desk().clock.now(),
        "metrics": bool(the_settings().metrics_token),
    }
    return render_template("monitor/health.html", **page)


@PAGES.get("/monitor/dengbao")
@route_guard("dengbao.view")
def show_dengbao() -> ResponseReturnValue:
    """Show every setting, what is off first."""
    return _dengbao_page()


@PAGES.post("/monitor/dengbao")
@route_guard("offices.make")
def part_three_offices() -> ResponseReturnValue:
    """Part the three offices, and show the links for those that nobody holds, once."""
    if not _may_be_parted():
        raise Conflict(Text("三员已设为一人兼任（LAUREL_SEPARATION=one）。", "LAUREL_SEPARATION is one."))
    part_offices(the_desk(), the_actor())
    return _dengbao_page(
        offer_offices(the_desk(), the_actor(), the_settings().public_url or request.host_url.rstrip("/"))
    )


def _may_be_parted() -> bool:
    """Return whether no setting keeps the offices in one hand; in the demonstration one does that is nobody's wish."""
    return the_settings().demo or the_settings().separation != "one"


def _dengbao_page(offices: Sequence[Office] = ()) -> ResponseReturnValue:
    set_breadcrumbs((t("等保设置", "Security settings"), None))
    settings = view_dengbao(the_desk(), the_actor(), the_settings())
    order = (State.OFF, State.UNSEEN, State.ON)
    may_part = _may_be_parted() and GUARDS["offices.make"].admits(the_actor(), EVERYWHERE)
    page = {
        "settings": sorted(settings, key=lambda item: order.index(item.state)),
        "at": the_desk().clock.now(),
        "offices": offices,
        "may_part": may_part and not offices,
    }
    return render_template("monitor/dengbao.html", State=State, **page)


@PAGES.get("/monitor/records")
@route_guard("records.view")
def show_records() -> ResponseReturnValue:
    """Show what the newest comparison found."""
    set_breadcrumbs((t("记录核对", "Records compared"), None))
    return render_template("monitor/records.html", view=view_verification(the_desk(), the_actor()))


@PAGES.post("/monitor/records")
@route_guard("records.ask")
def compare_records_again() -> ResponseReturnValue:
    """Have everything compared again."""
    ask_verification(the_desk(), the_actor())
    return redirect(RECORDS)
