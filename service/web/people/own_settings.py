"""What somebody settles for themselves: deputies, messages, their data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.accounts.profile import (
    choose_language,
)
from service.casework.people.rights.deputies import MOST_WORDS, appoint_deputy, end_deputy
from service.casework.queries.people.deputies import view_deputies
from service.casework.queries.people.person_data import PARTS, PersonData, as_json, data_of_person, export_actor_data
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.languages import describe_language
from service.web.frame.page.names import city_name, role_title
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day_or_none, row_id_or_none, row_ids
from service.web.frame.requests.refusals import record_error_status

PAGES = Blueprint("own_settings", __name__)


@PAGES.get("/deputies")
@route_guard("deputy.view")
def show_deputies() -> ResponseReturnValue:
    """Show one's own, and those of the places that one administers."""
    return _deputies_page()


@PAGES.post("/deputies")
@route_guard("deputy.appoint")
def name_deputy() -> ResponseReturnValue:
    """Let a colleague stand in."""
    try:
        deputy, first, last = row_id_or_none(request.form, "deputy"), day_or_none("first"), day_or_none("last")
        if deputy is None or first is None or last is None:
            raise Invalid(Text("请选择代理人，并填写起止日期。", "Choose who stands in, and enter both days."))
        reason = request.form.get("reason", "")
        appoint_deputy(the_desk(), the_actor(), deputy, row_ids("seat"), first, last, reason)
    except (Invalid, Conflict) as refusal:
        return _deputies_page(say(refusal.message), record_error_status(refusal))
    flash(t("已委托，双方都收到了消息。", "Done; both have a message."))
    return redirect("/deputies")


@PAGES.post("/deputies/<int:deputy_id>/end")
@route_guard("deputy.view")
def dismiss_deputy(deputy_id: int) -> ResponseReturnValue:
    """End at once what was lent."""
    try:
        end_deputy(the_desk(), the_actor(), deputy_id)
    except Conflict as refusal:
        return _deputies_page(say(refusal.message), record_error_status(refusal))
    flash(t("委托已结束，立即生效。", "It has ended at once."))
    return redirect("/deputies")


def _deputies_page(problem: str = "", status: int = 200) -> Response:
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("委托代理", "Deputies"), None))
    view = view_deputies(the_desk(), the_actor(), row_id_or_none(request.args, "before"))
    typed = request.form if problem else {}
    chosen = request.form.getlist("seat") if problem else [str(role.id) for role in view.roles[:1]]
    page = render_template(
        "people/deputies.html", view=view, problem=problem, typed=typed, chosen=chosen, most=MOST_WORDS
    )
    return make_response(page, status)


@PAGES.post("/account/messages")
@route_guard("preference.keep")
def choose_message_language() -> ResponseReturnValue:
    """Let messages come in the language that the reader chose."""
    choose_language(the_desk(), the_actor(), request.form.get("language", ""))
    flash(t("已保存消息使用的语言。", "Kept."))
    return redirect("/account")


_DATA = "/account/data"


@PAGES.get(_DATA)
@route_guard("own_data.export")
def show_personal_data() -> ResponseReturnValue:
    """Show what is stored of the reader."""
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("我的数据", "My data"), None))
    return _data_page(export_actor_data(the_desk(), the_actor()))


@PAGES.get(f"{_DATA}.json")
@route_guard("own_data.export")
def download_personal_data() -> ResponseReturnValue:
    """Hand it out as a file."""
    return _data_file(export_actor_data(the_desk(), the_actor()))


@PAGES.post("/people/<int:person_id>/data")
@route_guard("person_data.export")
def show_data_of(person_id: int) -> ResponseReturnValue:
    """Show or hand out what is stored of somebody who asked for it."""
    personal_data = data_of_person(the_desk(), the_actor(), person_id, request.form.get("reason", ""))
    if request.form.get("as") == "json":
        return _data_file(personal_data)
    set_breadcrumbs((t("人员", "People"), "/people"), (t("个人数据", "Personal data"), None))
    return _data_page(personal_data)


def _data_page(data: PersonData) -> Response:
    """Return the newest of each part; the file has all."""
    parts = [(name, title, data.page(name)) for name, title in PARTS.items()]
    context = {"role_of": role_title, "city_of": city_name, "language_of": lambda ident: describe_language(ident).name}
    return make_response(render_template("people/person_data.html", parts=parts, own=data.own, **context))


def _data_file(data: PersonData) -> Response:
    """Return all of it, written while it is read: however much there is, a page of one part is held at a time."""
    answer = Response(_write_data(data), mimetype="application/json")
    name = quote(t("个人数据", "personal-data") + ".json")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _write_data(data: PersonData) -> Iterator[str]:
    for number, part in enumerate(PARTS):
        yield f'{"," if number else "{"}\n"{part}": ['
        for place, line in enumerate(data.lines(part)):
            yield ("," if place else "") + "\n" + json.dumps(as_json(line), ensure_ascii=False)
        yield "]"
    yield "\n}\n"
