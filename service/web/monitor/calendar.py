"""Page of a corrected calendar: what it would move in running cases, decided and carried out together."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.due.correct_batch import begin_correction
from service.casework.due.correct_days import DaysCorrected, correct_days, view_calendar_moves
from service.domain.errors import Invalid
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor, row_ids
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("monitor_calendar", __name__, url_prefix="/monitor/calendar")


@PAGES.get("")
@route_guard("calendar.foresee")
def moves() -> ResponseReturnValue:
    """Show which limits of running cases the calendars in force would move."""
    return _page()


@PAGES.post("")
@route_guard("calendar.correct")
def correct() -> ResponseReturnValue:
    """Move the limits of the chosen cases, or begin to move those of all; those that would lapse at once as decided one by one."""
    typed = request.form
    decided = {name.removeprefix("held-"): word for name, word in typed.items() if name.startswith("held-")}
    lapse, keep = ([key for key, word in decided.items() if word == said] for said in ("lapse", "keep"))
    reason = typed.get("reason", "")
    try:
        if typed.get("act") == "all":
            place = request.args.get("jurisdiction", "")
            return redirect(
                f"/monitor/interventions/{begin_correction(the_desk(), the_actor(), reason, place, lapse, keep)}"
            )
        done = correct_days(the_desk(), the_actor(), row_ids("case"), reason, lapse, keep)
    except Invalid as refusal:
        return _page(problem=say(refusal.message), reason=reason, decided=decided, status=answered(refusal))
    return _page(done)


def _page(
    done: Sequence[DaysCorrected] = (),
    *,
    problem: str = "",
    reason: str = "",
    decided: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    crumbs((t("监控", "Monitor"), "/monitor"), (t("日历更正", "Corrected calendar"), None))
    args = request.args
    place = args.get("jurisdiction", "")
    view = view_calendar_moves(the_desk(), the_actor(), place, cursor(args, "before"))
    part = view.before is not None or cursor(args, "before") is not None
    page = {"view": view, "part": part, "done": done, "place": place}
    page |= {"problem": problem, "reason": reason, "decided": decided or {}}
    return make_response(render_template("monitor/calendar.html", **page), status)
