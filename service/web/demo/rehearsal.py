"""The bar and the clock of a rehearsal: a season played by the real people on a copy, whose mail goes nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.web.demo.routes import let_time_pass_to
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none

PAGES = Blueprint("rehearsal", __name__)
_MOVES = "hold.resume"
_MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class RehearsalBar:
    """What the bar shows: the instant, and whether the reader may let time pass."""

    now: datetime
    may_move: bool


def rehearsal_bar() -> RehearsalBar:
    """Return the bar of this request."""
    return RehearsalBar(the_desk().clock.now(), GUARDS[_MOVES].admits(the_actor(), "*"))


@PAGES.post("/rehearsal/clock")
@route_guard(_MOVES)
def let_time_pass() -> ResponseReturnValue:
    """Let time pass to the next due date, or by days; what becomes due meanwhile is done in order."""
    desk = the_desk()
    if not the_actor().administers("*"):  # it is one clock for all cities
        raise NotAllowed(
            Text(
                "演练时间由全系统管理员拨动，请与其联系。",
                "The time of a rehearsal is moved by an administrator of the whole system: ask one.",
            )
        )
    now = desk.clock.now()
    if request.form.get("to") == "next":
        with desk.store.read() as tx:
            target = max(tx.work.next_due() or now, now)
    else:
        target = now + timedelta(days=min(count_or_none(request.form, "days") or 1, _MOST_DAYS))
    let_time_pass_to(target)
    return redirect("/")
