"""People, their seats and bodies, and what each role may do."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.actor import ADMINISTRATOR
from service.casework.access.guards import GUARDS
from service.casework.access.permissions import KINDS, Permission, build_permission_matrix
from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account,
    add_applicant,
    give_seat,
    reset_password,
    set_active,
    take_seat,
)
from service.casework.people.accounts.profile import change_profile
from service.casework.people.means.second_factor import IDENTIFIED, remove_second_factor
from service.casework.people.rights.people_shown import PeopleShown
from service.casework.people.rights.seats import NewSeat
from service.casework.queries.people.people import PEOPLE, seats_to_give, view_bodies, view_people, view_person
from service.casework.queries.people.rights_requests import count_rights_requests
from service.casework.spreadsheets.people import export_people
from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.list_page import offer_table, show_list
from service.web.frame.page.names import translate_name
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.list_query import list_unheeded
from service.web.frame.requests.parse_values import find_query_cursor, row_id
from service.web.frame.requests.refusals import record_error_status
from service.web.people.account import seen_profile

PAGES = Blueprint("people", __name__)


_MAY = {"manages": "people.manage", "verifies": "registration.decide"}


def _read_filters() -> tuple[str, str | None, int | None]:
    """Return the words, the place and the body by which the list is narrowed."""
    args = request.args
    return args.get("q", "").strip(), args.get("place") or None, whole_number(args.get("body", ""))


@PAGES.get("/people")
@route_guard("people.view")
@offer_table("people.export", lambda: export_people(the_desk(), the_actor(), *_read_filters()))
def people() -> ResponseReturnValue:
    """List people with their roles."""
    set_breadcrumbs((t("人员", "People"), None))
    words, place, body = _read_filters()
    view = view_people(the_desk(), the_actor(), find_query_cursor(request.args, "after") or 0, words, place, body)
    waiting = count_rights_requests(the_desk(), the_actor())
    query = {"q": words, "place": view.shown.place or "", "body": view.shown.body or ""}
    query = {name: value for name, value in query.items() if value}
    context = {
        "waiting": waiting,
        "asked": query,
        "selects": _list_selects(view.shown),
        "gone": _list_unheeded(view.shown),
    }
    return render_template(
        "people/people.html", words=words, **context, **_describe_offices(), **show_list(PEOPLE, query, view.page)
    )


@PAGES.get("/people/new")
@route_guard("people.manage")
def new() -> ResponseReturnValue:
    """Offer the form to open an account."""
    return _render_opening()


@PAGES.get("/people/<int:person_id>")
@route_guard("people.view")
def person(person_id: int) -> ResponseReturnValue:
    """Show one person with everything that can be done to the account."""
    return _render_person(person_id)


@PAGES.post("/people")
@route_guard("people.manage")
def add() -> ResponseReturnValue:
    """Add a person with a first role."""
    typed = request.form
    account = NewAccount(
        typed.get("login", ""),
        typed.get("name", ""),
        typed.get("password", ""),
        typed.get("email", ""),
        typed.get("telephone", ""),
    )
    try:
        add_account(the_desk(), the_actor(), account, _parse_seat(typed.get("seat", "")), _read_reason())
    except (Invalid, Conflict) as refusal:
        return _render_opening(refusal)
    if not _describe_offices()["alone"]:
        flash(
            t(
                f"已为{account.name}开通账号；角色等待另一类管理员在“待批事项”中批准，此前该账号不能办理任何事项。",
                f"The account of {account.name} is open; its role waits for an administrator of the other office.",
            )
        )
        return redirect("/people/requests")
    flash(
        t(
            f"已为{account.name}开通账号，请当面告知一次性密码；本人首次登录时须修改。",
            f"The account of {account.name} is open; tell them the one-time password in person: they change it at once.",
        )
    )
    return redirect("/people")


@PAGES.post("/people/organisations")
@route_guard("people.manage")
def organisation() -> ResponseReturnValue:
    """Register an organisation, or an individual, that may apply."""
    name, individual = request.form.get("organisation", ""), request.form.get("kind") == "individual"
    try:
        add_applicant(the_desk(), the_actor(), name, request.form.get("code", ""), individual=individual)
    except (Invalid, Conflict) as refusal:
        return _render_opening(refusal)
    flash(t(f"已登记“{name}”，现在可以为其开通账号。", f"“{name}” is registered; now open an account for it."))
    return redirect("/people/new")


@PAGES.post("/people/<int:person_id>/seats")
@route_guard("rights.change")
def seat(person_id: int) -> ResponseReturnValue:
    """Give a person another role."""
    try:
        number = give_seat(
            the_desk(), the_actor(), person_id, _parse_seat(request.form.get("seat", "")), _read_reason()
        )
    except Invalid as refusal:
        return _render_person(person_id, say(refusal.message), record_error_status(refusal))
    return _finish_change(person_id, number, t("角色已添加，立即生效。", "The role is given and holds at once."))


@PAGES.post("/people/<int:person_id>/seats/<int:membership_id>/end")
@route_guard("rights.change")
def end_seat(person_id: int, membership_id: int) -> ResponseReturnValue:
    """End a role."""
    number = take_seat(the_desk(), the_actor(), person_id, membership_id, _read_reason())
    return _finish_change(person_id, number, t("角色已取消，立即生效。", "The role has ended at once."))


@PAGES.post("/people/<int:person_id>/active")
@route_guard("rights.change")
def active(person_id: int) -> ResponseReturnValue:
    """Open or close an account."""
    opening = request.form.get("active") == "yes"
    try:
        number = set_active(the_desk(), the_actor(), person_id, opening, _read_reason())
    except Invalid as refusal:
        return _render_person(person_id, say(refusal.message), record_error_status(refusal))
    message = (
        t("账号已启用。", "The account is open.")
        if opening
        else t("账号已停用，已登录的设备全部退出。", "The account is closed and signed out everywhere.")
    )
    return _finish_change(person_id, number, message)


@PAGES.post("/people/<int:person_id>/password")
@route_guard("rights.change")
def password(person_id: int) -> ResponseReturnValue:
    """Set a new password for a person who forgot it."""
    try:
        number = reset_password(the_desk(), the_actor(), person_id, request.form.get("password", ""), _read_reason())
    except Invalid as refusal:
        return _render_person(person_id, say(refusal.message), record_error_status(refusal))
    message = t(
        "一次性密码已设好，请当面告知本人；本人登录后须先修改，才能办理其他事项。",
        "The one-time password is set; tell the person yourself. They change it before anything else.",
    )
    return _finish_change(person_id, number, message)


@PAGES.post("/people/<int:person_id>/second-factor/remove")
@route_guard("rights.change")
def second_factor(person_id: int) -> ResponseReturnValue:
    """Take a person's one-time codes and passkeys away."""
    try:
        reason, identified = (request.form.get(name, "") for name in ("reason", "identified"))
        number = remove_second_factor(the_desk(), the_actor(), person_id, reason, identified)
    except (Invalid, Conflict) as refusal:
        return _render_person(person_id, say(refusal.message), record_error_status(refusal))
    reason = t(
        "动态口令和通行密钥已移除，已登录的设备全部退出，本人已收到通知。",
        "One-time codes and passkeys are removed, every session ended, and the person is told.",
    )
    return _finish_change(person_id, number, reason)


@PAGES.post("/people/<int:person_id>/profile")
@route_guard("people.manage")
def profile(person_id: int) -> ResponseReturnValue:
    """Set the name of a person and where they are reached."""
    fields = {name: request.form.get(name, "") for name in ("name", "email", "telephone")}
    try:
        change_profile(the_desk(), the_actor(), person_id, **fields, seen=seen_profile())
    except Invalid as refusal:
        return _render_person(person_id, say(refusal.message), record_error_status(refusal), fields)
    flash(
        t(
            "资料已保存。没有发出的邮件请在“监控—异常”中重试。",
            "Saved. Mail that failed is retried at the incidents.",
        )
    )
    return redirect(f"/people/{person_id}")


def _read_reason() -> str:
    """Return why a second administrator is asked; "" where the page asks for none."""
    return request.form.get("why", "").strip()


def _finish_change(person_id: int, number: int | None, message: str) -> ResponseReturnValue:
    """Say that it was done, or that a second administrator has to confirm it; what waits stands on the page of requests."""
    waits = t(
        "已提请，尚未生效：等待另一类管理员在“待批事项”中批准，7 天内有效。",
        "Asked for, not in force yet: an administrator of the other office confirms it within 7 days.",
    )
    flash(message if number is None else waits)
    return redirect(f"/people/{person_id}")


def _list_unheeded(filters: PeopleShown) -> list[str]:
    """Return a sentence for each condition of the address that narrows nothing, such as a body that is gone."""
    places = {key for key, _ in filters.places} | {filters.place or ""}
    return list_unheeded(
        {"q": None, "after": None, "place": places, "body": {str(number) for number, _ in filters.bodies}}
    )


def _list_selects(filters: PeopleShown) -> list[dict[str, object]]:
    """Return what the list can be narrowed to: a city where there are several, a body of the city."""
    places = [{"value": key, "label": say(name)} for key, name in filters.places]
    bodies = [{"value": number, "label": translate_name(name)} for number, name in filters.bodies]
    selects: list[dict[str, object]] = []
    if places:
        selects.append(
            {"name": "place", "label": t("所有地方", "Every place"), "value": filters.place, "options": places}
        )
    if bodies:
        selects.append({"name": "body", "label": t("全部单位", "All bodies"), "value": filters.body, "options": bodies})
    return selects


def _describe_offices() -> dict[str, object]:
    """Return what the reader may do here, and whether one person holds all three offices."""
    actor = the_actor()
    may = {name: GUARDS[action].admits(actor) for name, action in _MAY.items()}
    alone = any(seat.role == ADMINISTRATOR for seat in actor.seats)
    return {**may, "alone": alone, "self_id": actor.person_id}


def _parse_seat(text: str) -> NewSeat:
    jurisdiction, _, rest = text.partition("/")
    role, _, body = rest.partition("/")
    if not (jurisdiction and role and body):
        raise Invalid(Text("请选择角色和单位。", "Choose a role and a body."), field="seat")
    return NewSeat(jurisdiction, role, row_id(body))


def _render_opening(refusal: LaurelError | None = None) -> Response:
    """Show the form, with ``refusal`` above it where it stands beside no field."""
    set_breadcrumbs((t("人员", "People"), "/people"), (t("开通账号", "Open an account"), None))
    status = record_error_status(refusal) if refusal else 200
    page = render_template(
        "people/new.html",
        choices=seats_to_give(the_desk(), the_actor()),
        problem=say(refusal.message) if refusal and not refusal.field else "",
        typed=request.form,
        **_describe_offices(),
    )
    return make_response(page, status)


def _render_person(
    person_id: int, problem: str = "", status: int = 200, typed: dict[str, str] | None = None
) -> Response:
    view = view_person(the_desk(), the_actor(), person_id)
    set_breadcrumbs((t("人员", "People"), "/people"), (view.person.name, None))
    itself = person_id == the_actor().person_id
    page = render_template(
        "people/person.html",
        view=view,
        problem=problem,
        typed=typed or {},
        itself=itself,
        identified=IDENTIFIED,
        **_describe_offices(),
    )
    return make_response(page, status)


@PAGES.get("/people/bodies")
@route_guard("people.view")
def bodies() -> ResponseReturnValue:
    """Show them."""
    set_breadcrumbs((t("人员", "People"), "/people"), (t("单位", "Bodies"), None))
    return render_template("people/bodies.html", trees=view_bodies(the_desk(), the_actor()))


SIGNS = {Permission.YES: "●", Permission.OWN: "○", Permission.NO: "—"}


@PAGES.get("/permissions")
@route_guard("permissions.view")
def permissions() -> ResponseReturnValue:
    """Show who may do what."""
    set_breadcrumbs((t("人员", "People"), "/people"), (t("权限表", "Permissions"), None))
    return render_template(
        "people/permissions.html", rows=build_permission_matrix(), kinds=KINDS, signs=SIGNS, cells=Permission
    )
