"""What is stored of a person, as a page and as a file: their own, or for who administers the account and says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.people.person_data import PARTS, PersonData, as_json, data_of_person, own_data
from service.web.frame.page.frame import crumbs
from service.web.frame.page.languages import tongue
from service.web.frame.page.names import city_name, role_title
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("person_data", __name__)
_HERE = "/account/data"


@PAGES.get(_HERE)
@route_guard("own_data.export")
def own() -> ResponseReturnValue:
    """Show what is stored of the reader."""
    crumbs((t("我的账号", "My account"), "/account"), (t("我的数据", "My data"), None))
    return _page(own_data(the_desk(), the_actor()))


@PAGES.get(f"{_HERE}.json")
@route_guard("own_data.export")
def own_file() -> ResponseReturnValue:
    """Hand it out as a file."""
    return _file(own_data(the_desk(), the_actor()))


@PAGES.post("/people/<int:person_id>/data")
@route_guard("person_data.export")
def of_person(person_id: int) -> ResponseReturnValue:
    """Show or hand out what is stored of somebody who asked for it."""
    found = data_of_person(the_desk(), the_actor(), person_id, request.form.get("reason", ""))
    if request.form.get("as") == "json":
        return _file(found)
    crumbs((t("人员", "People"), "/people"), (t("个人数据", "Personal data"), None))
    return _page(found)


def _page(data: PersonData) -> Response:
    """Return the newest of each part; the file has all."""
    parts = [(name, title, data.page(name)) for name, title in PARTS.items()]
    shown = {"role_of": role_title, "city_of": city_name, "language_of": lambda ident: tongue(ident).name}
    return make_response(render_template("people/person_data.html", parts=parts, own=data.own, **shown))


def _file(data: PersonData) -> Response:
    """Return all of it, written while it is read: however much there is, a page of one part is held at a time."""
    answer = Response(_written(data), mimetype="application/json")
    name = quote(t("个人数据", "personal-data") + ".json")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _written(data: PersonData) -> Iterator[str]:
    for number, part in enumerate(PARTS):
        yield f'{"," if number else "{"}\n"{part}": ['
        for place, line in enumerate(data.lines(part)):
            yield ("," if place else "") + "\n" + json.dumps(as_json(line), ensure_ascii=False)
        yield "]"
    yield "\n}\n"
