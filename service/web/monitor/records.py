"""The page of the comparison with the log: what the newest found, and another one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from service.casework.soundness.nightly import ask_verification, view_verification
from service.web.frame.page.frame import RECORDS, crumbs, flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("monitor_records", __name__, url_prefix=RECORDS)


@PAGES.get("")
@route_guard("records.view")
def show() -> ResponseReturnValue:
    """Show what the newest comparison found."""
    crumbs((t("记录核对", "Records compared"), None))
    return render_template("monitor/records.html", view=view_verification(the_desk(), the_actor()))


@PAGES.post("")
@route_guard("records.ask")
def ask_again() -> ResponseReturnValue:
    """Have everything compared again."""
    ask_verification(the_desk(), the_actor())
    flash(
        t(
            "已在后台重新核对，稍后刷新本页查看结果。",
            "Everything is being compared again; load this page anew for what is found.",
        )
    )
    return redirect(RECORDS)
