"""The page of a person's own second factor."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.check_code import WrongCode
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.means.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    own_second_factor,
)
from service.casework.people.signing_in.sign_in import WrongPassword
from service.domain.errors import Conflict, LaurelError
from service.web.frame.page.frame import crumbs
from service.web.frame.page.qr_code import qr_code
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("second_factor", __name__)
_HERE = "/account/second-factor"


@PAGES.get(_HERE)
@route_guard("second_factor.keep")
def own() -> ResponseReturnValue:
    """Show whether the person signs in with a code, and the form to set it up."""
    return _page("begin")


@PAGES.post(_HERE)
@route_guard("second_factor.keep")
def begin() -> ResponseReturnValue:
    """Show a fresh secret as a QR code."""
    try:
        offered = begin_second_factor(
            the_desk(), the_actor(), request.form.get("password", ""), request.form.get("code", "")
        )
    except (WrongPassword, WrongCode, TooManyTries) as refusal:
        return _refused("begin", refusal)
    return _page("scan", offered=offered, qr=qr_code(offered.address))


@PAGES.post(f"{_HERE}/confirm")
@route_guard("second_factor.keep")
def confirm() -> ResponseReturnValue:
    """Put it in force and show the recovery codes, this once."""
    try:
        codes = confirm_second_factor(the_desk(), the_actor(), request.form.get("code", ""), session_token()[0] or "")
    except (WrongCode, TooManyTries) as refusal:
        return _refused("again", refusal)
    except Conflict as refusal:
        return _refused("begin", refusal)
    return _page("done", codes=codes)


def _refused(step: str, refusal: LaurelError) -> Response:
    status = answered(refusal)
    return _page(step, 422 if status == 401 else status, problem=say(refusal.message))


def _page(step: str, status: int = 200, **shown: object) -> Response:
    """Return the page at ``step``: begin, scan, again (another try at the code) or done; nothing of it is kept."""
    crumbs((t("我的账号", "My account"), "/account"), (t("动态口令", "One-time codes"), None))
    actor, asked = the_actor(), the_settings().second_factor
    due = any(seat.role in asked for seat in actor.seats)
    factor = own_second_factor(the_desk(), actor)
    page = render_template("people/second_factor.html", step=step, factor=factor, due=due, **shown)
    return make_response(page, status)
