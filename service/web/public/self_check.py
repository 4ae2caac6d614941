"""Public pages of the self-check: questions before applying, and what the answers come to; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.public.self_check import SelfCheck, SelfChecked, check_oneself, view_self_check
from service.casework.step.submission import FormInvalid
from service.domain.errors import Conflict
from service.domain.forms import FieldError
from service.domain.text import Text
from service.web.frame.page.form_shown import Placing, show_form, show_regions
from service.web.frame.page.frame import crumbs
from service.web.frame.page.names import about_package
from service.web.frame.requests.carried_answers import answers_sent, settle_offer, take_along
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.request_pace import origin
from service.web.frame.requests.sign_in import safe_path

PAGES = Blueprint("self_check", __name__)


@PAGES.get("/portal/<jurisdiction>/<award>/check")
@route_guard("portal.view")
def page(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Ask."""
    view = _view(jurisdiction, award)
    return _page(view, view.form.blank())


@PAGES.post("/portal/<jurisdiction>/<award>/check")
@route_guard("portal.view")
def answer(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Say which conditions are met, and leave the answers on the page."""
    view = _view(jurisdiction, award)
    values = dict(view.form.from_html(request.form))
    if view.form.is_edit(request.form):
        return _page(view, values)
    try:
        checked = check_oneself(the_desk(), the_actor(), view.package.key, values, origin())
    except FormInvalid as invalid:
        return _page(view, values, invalid.errors, status=422)
    return _page(view, values, checked=checked)


@PAGES.post("/portal/<jurisdiction>/<award>/check/form")
@route_guard("portal.view")
def refresh(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Return the questions as the answers before change them."""
    view = _view(jurisdiction, award)
    values = dict(view.form.from_html(request.form))
    if "HX-Request" not in request.headers:
        return _page(view, values)
    if view.form.changes_rows(request.form):
        return make_response(_markup(view, values, (), view.form.added_row(values, request.form)))
    return make_response(show_regions(view.form, values, request.form.getlist("_seen"), **_where(view)))


@PAGES.post("/portal/<jurisdiction>/<award>/check/take")
@route_guard("portal.view")
def take(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Go on to the application with the answers, through the sign-in where nobody is signed in."""
    view = _view(jurisdiction, award)
    if not view.start:
        raise Conflict(Text("现在没有受理申报的评选。", "No round takes applications now."))
    asked = take_along(view.package.key, view.application, answers_sent(view.boxes), view.start)
    return asked or redirect(view.start)


@PAGES.post("/portal/<jurisdiction>/<award>/check/offered")
@route_guard("case.start")
def offered(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Take answers that were given before the sign-in into the application, or let them go."""
    answer = make_response(redirect(safe_path(request.form.get("next"))))
    settle_offer(answer, f"{jurisdiction}/{award}", take=request.form.get("do") == "take")
    return answer


def _view(jurisdiction: str, award: str) -> SelfCheck:
    return view_self_check(the_desk(), the_actor(), f"{jurisdiction}/{award}")


def _page(
    view: SelfCheck,
    values: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    checked: SelfChecked | None = None,
    status: int = 200,
) -> Response:
    about_package(view.package)
    place = view.package.jurisdiction
    crumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"),
        (say(place.text), f"/portal/{place.id}"),
        (t("申报条件自查", "Self-check"), None),
    )
    shown = _markup(view, values, errors)
    sent = answers_sent(view.boxes) if checked and view.start else []
    page = render_template("portal/check.html", view=view, shown=shown, checked=checked, sent=sent)
    return make_response(page, status)


def _markup(
    view: SelfCheck, values: Mapping[str, Any], errors: Sequence[FieldError], focus: str | None = None
) -> Markup:
    return show_form(view.form, values, errors, focus=focus, **_where(view))


def _where(view: SelfCheck) -> Placing:
    return {
        "today": view.today,
        "stored": view.settings,
        "package": view.package,
        "refresh_url": f"/portal/{view.package.key}/check/form",
    }
