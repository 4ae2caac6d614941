"""Who is let in: registrations, requests for rights, links of the office."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.accounts.accounts import NewAccount
from service.casework.people.accounts.office_links import take_office, view_office_link
from service.casework.people.rights.decide_rights import confirm_rights, refuse_rights
from service.casework.people.rights.rights import MOST_WORDS as MOST_REASON
from service.casework.people.rights.rights import REQUESTS
from service.casework.public.registrations import (
    MOST_WORDS,
    Registered,
    accept_registration,
    list_registrations,
    list_undelivered,
    refuse_registration,
    resend_link,
)
from service.casework.queries.own_place.inbox import mark_page_read
from service.casework.queries.people.rights_requests import list_rights_requests
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.sign_in import ask_for_link, render_sign_in, secret_sent, without_referrer

PAGES = Blueprint("admission", __name__)


@PAGES.get("/registrations")
@route_guard("registration.decide")
def registrations() -> ResponseReturnValue:
    """List what waits."""
    return _registrations_page()


@PAGES.post("/registrations/<int:number>/accept")
@route_guard("registration.decide")
def admit_organisation(number: int) -> ResponseReturnValue:
    """Open the account."""
    try:
        done = accept_registration(the_desk(), the_actor(), number, the_settings().public_url)
    except (Conflict, NotAllowed) as refusal:
        return _registrations_page(say(refusal.message), record_error_status(refusal))
    opened = t(f"账号已开通，登录名：{done.login}。", f"The account is open; login name: {done.login}. ")
    linked = t(
        "设置密码的链接正在发往所填邮箱，7天内有效；没有送达的列在本页。",
        "The link to its password goes out by mail and opens for 7 days; what is not delivered is listed here.",
    )
    flash(opened + (linked if done.sent else _not_sent(done)))
    return redirect("/registrations")


@PAGES.post("/registrations/<int:number>/refuse")
@route_guard("registration.decide")
def decline_organisation(number: int) -> ResponseReturnValue:
    """Refuse with a reason."""
    try:
        done = refuse_registration(the_desk(), the_actor(), number, request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        return _registrations_page(say(refusal.message), record_error_status(refusal))
    flash(t("已退回，原因发到所填邮箱。", "Refused; the reason was mailed.") if done.sent else _not_sent(done))
    return redirect("/registrations")


@PAGES.post("/registrations/<int:number>/resend")
@route_guard("registration.decide")
def send_link_again(number: int) -> ResponseReturnValue:
    """Correct the address and send the letter that nobody got."""
    email = request.form.get("email", "").strip()
    try:
        resend_link(the_desk(), the_actor(), number, email)
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _registrations_page(say(refusal.message), record_error_status(refusal), {number: email})
    flash(t("链接正在发往改正后的邮箱，7天内有效。", "The link goes to the corrected address; it opens for 7 days."))
    return redirect("/registrations")


def _not_sent(done: Registered) -> str:
    if done.login:
        return t(
            "本机没有配置邮件，请管理员在“人员”中设一次性密码并当面告知。",
            "No mail is set up here: let an administrator set a one-time password and tell it in person.",
        )
    return t(
        "已退回。本机没有配置邮件，请电话告知原因。", "Refused. No mail is set up here: tell the reason by telephone."
    )


def _registrations_page(problem: str = "", status: int = 200, typed: Mapping[int, str] | None = None) -> Response:
    set_breadcrumbs((t("组织注册", "Registrations"), None))
    registrations = list_registrations(the_desk(), the_actor(), find_query_cursor(request.args, "after") or 0)
    page = render_template(
        "people/registrations.html",
        found=registrations,
        undelivered=list_undelivered(the_desk(), the_actor()),
        typed=typed or {},
        problem=problem,
        most=MOST_WORDS,
    )
    return make_response(page, status)


@PAGES.get(REQUESTS)
@route_guard("rights.decide")
def show_requests() -> ResponseReturnValue:
    """List what waits and what became of the others."""
    return _requests_page()


@PAGES.post(f"{REQUESTS}/<int:number>/confirm")
@route_guard("rights.decide")
def confirm_request(number: int) -> ResponseReturnValue:
    """Let a change become true."""
    try:
        confirm_rights(the_desk(), the_actor(), number)
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _requests_page(say(refusal.message), record_error_status(refusal))
    flash(t("已批准，立即生效。", "Confirmed; it holds at once."))
    return redirect(REQUESTS)


@PAGES.post(f"{REQUESTS}/<int:number>/refuse")
@route_guard("rights.decide")
def refuse_request(number: int) -> ResponseReturnValue:
    """Refuse with a reason, or withdraw."""
    try:
        refuse_rights(the_desk(), the_actor(), number, request.form.get("reason", ""))
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _requests_page(say(refusal.message), record_error_status(refusal))
    flash(t("已退回，理由记入操作日志。", "Refused; the reason is in the book of acts."))
    return redirect(REQUESTS)


def _requests_page(problem: str = "", status: int = 200) -> Response:
    mark_page_read(the_desk(), the_actor(), REQUESTS)
    set_breadcrumbs((t("人员", "People"), "/people"), (t("待批事项", "Requests"), None))
    rights_requests = list_rights_requests(the_desk(), the_actor(), find_query_cursor(request.args, "before"))
    page = render_template("people/rights_requests.html", found=rights_requests, problem=problem, most=MOST_REASON)
    return make_response(page, status)


_LINK = "/administrator-account"


@PAGES.get(_LINK)
@route_guard("office.take")
def ask_office_link() -> ResponseReturnValue:
    """Take the secret of the link out of the address."""
    return ask_for_link(t("开设管理员账号", "Open an administrator's account"), f"{_LINK}/open")


@PAGES.post(f"{_LINK}/open")
@route_guard("office.take")
def open_office_link() -> ResponseReturnValue:
    """Ask for name, login name and password."""
    return _link_page(secret_sent())


@PAGES.post(_LINK)
@route_guard("office.take")
def take_office_link() -> ResponseReturnValue:
    """Open the account."""
    typed = {name: request.form.get(name, "") for name in ("login", "name", "email")}
    code, password = secret_sent(), request.form.get("new", "")
    account = NewAccount(typed["login"], typed["name"], password, typed["email"])
    try:
        if password != request.form.get("again", ""):
            raise Invalid(Text("两次输入的密码不一致，请重新输入。", "The two passwords differ; type them again."))
        login = take_office(the_desk(), the_actor(), code, account)
    except (Invalid, Conflict) as refusal:
        return _link_page(code, say(refusal.message), record_error_status(refusal), typed)
    message = t("账号已开设，请登录。", "The account is open: sign in.")
    return render_sign_in(message, login=login, tone="ok")


def _link_page(code: str, problem: str = "", status: int = 200, typed: dict[str, str] | None = None) -> Response:
    office = view_office_link(the_desk(), the_actor(), code)
    page = render_template("people/office_link.html", office=office, code=code, problem=problem, typed=typed or {})
    return without_referrer(make_response(page, status))
