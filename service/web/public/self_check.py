"""Public pages of the self-check: questions before applying, and what the answers come to; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.public.self_check import SelfCheck, SelfChecked, check_oneself, view_self_check
from service.casework.step.submission import FormInvalid
from service.domain.forms import FieldError
from service.web.frame.page.form_shown import Placing, show_form, show_regions
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.request_pace import hash_sender_network

PAGES = Blueprint("self_check", __name__)


@PAGES.get("/portal/<jurisdiction>/<award>/check")
@route_guard("portal.view")
def page(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Ask."""
    view = _get_view(jurisdiction, award)
    return _render_page(view, view.form.blank())


@PAGES.post("/portal/<jurisdiction>/<award>/check")
@route_guard("portal.view")
def answer(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Say which conditions are met, and leave the answers on the page."""
    view = _get_view(jurisdiction, award)
    values = dict(view.form.from_html(request.form))
    if view.form.is_edit(request.form):
        return _render_page(view, values)
    try:
        checked = check_oneself(the_desk(), the_actor(), view.package.key, values, hash_sender_network())
    except FormInvalid as invalid:
        return _render_page(view, values, invalid.errors, status=422)
    return _render_page(view, values, checked=checked)


@PAGES.post("/portal/<jurisdiction>/<award>/check/form")
@route_guard("portal.view")
def refresh(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Return the questions as the answers before change them."""
    view = _get_view(jurisdiction, award)
    values = dict(view.form.from_html(request.form))
    if "HX-Request" not in request.headers:
        return _render_page(view, values)
    if view.form.changes_rows(request.form):
        return make_response(_render_form(view, values, (), view.form.added_row(values, request.form)))
    return make_response(show_regions(view.form, values, request.form.getlist("_seen"), **_build_placing(view)))


def _get_view(jurisdiction: str, award: str) -> SelfCheck:
    return view_self_check(the_desk(), the_actor(), f"{jurisdiction}/{award}")


def _render_page(
    view: SelfCheck,
    values: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    checked: SelfChecked | None = None,
    status: int = 200,
) -> Response:
    about_package(view.package)
    place = view.package.jurisdiction
    set_breadcrumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"),
        (say(place.text), f"/portal/{place.id}"),
        (t("申报条件自查", "Self-check"), None),
    )
    form_markup = _render_form(view, values, errors)
    page = render_template("portal/check.html", view=view, shown=form_markup, checked=checked)
    return make_response(page, status)


def _render_form(
    view: SelfCheck, values: Mapping[str, Any], errors: Sequence[FieldError], focus: str | None = None
) -> Markup:
    return show_form(view.form, values, errors, focus=focus, **_build_placing(view))


def _build_placing(view: SelfCheck) -> Placing:
    return {
        "today": view.today,
        "stored": view.settings,
        "package": view.package,
        "refresh_url": f"/portal/{view.package.key}/check/form",
    }
