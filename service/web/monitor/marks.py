"""The page of marks of rows: which do not hold as the newest look found, and a look again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from service.casework.soundness.marks import ask_marks, view_marks
from service.web.frame.page.frame import MARKS, crumbs, flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("monitor_marks", __name__, url_prefix=MARKS)


@PAGES.get("")
@route_guard("marks.view")
def show() -> ResponseReturnValue:
    """Show what the newest look found."""
    crumbs((t("印记核对", "Marks"), None))
    return render_template("monitor/marks.html", view=view_marks(the_desk(), the_actor()))


@PAGES.post("")
@route_guard("marks.ask")
def again() -> ResponseReturnValue:
    """Have them looked at again."""
    ask_marks(the_desk(), the_actor())
    flash(
        t(
            "已在后台重新核对，稍后刷新本页查看结果。",
            "They are being looked at again; load this page anew for what is found.",
        )
    )
    return redirect(MARKS)
