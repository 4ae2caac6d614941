"""Pages of the register of awards: public; past winners imported by the office."""

from __future__ import annotations

import json
from collections.abc import Sequence

import orjson
from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.queries.public.register import AWARDS, view_register, view_winner
from service.casework.reading.published import published
from service.casework.register.confirm_same import confirm_same, list_doubts
from service.casework.register.import_awards import import_awards, require_keeper
from service.casework.spreadsheets.awards import export_awards
from service.domain.errors import Invalid, NotFound
from service.domain.spreadsheets.import_report import ImportReport
from service.domain.spreadsheets.past_awards import past_award_columns
from service.domain.text import Text
from service.office.tables import MAX_BYTES
from service.web.frame.page.files import posted_file
from service.web.frame.page.frame import chosen_seat, flash, set_breadcrumbs
from service.web.frame.page.list_page import offer_table, show_list
from service.web.frame.page.names import about
from service.web.frame.page.names import published as known_names
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.list_query import list_unheeded
from service.web.frame.requests.parse_values import count_or_none, day_cursor, find_query_cursor, row_id
from service.web.frame.requests.refusals import record_error_status

PAGES = Blueprint("register", __name__)


@PAGES.get("/register")
@route_guard("register.view")
@offer_table("register.view", lambda: export_awards(the_desk(), the_actor(), request.args.get("package", "")))
def register() -> ResponseReturnValue:
    """Show who won what, when, and what has ended since: in the reader's city unless another is asked for."""
    seat = chosen_seat(the_actor())
    home_place = seat.jurisdiction if seat and seat.jurisdiction in known_names().cities else ""
    cities = known_names().cities
    gone = list_unheeded({**dict.fromkeys(request.args), "city": tuple(cities)})
    city, tier = (
        (home_place if gone else request.args.get("city", home_place)) or None,
        request.args.get("tier") or None,
    )
    year = count_or_none(request.args, "year")
    sought = request.args.get("q", "").strip()
    view = view_register(the_desk(), the_actor(), city, year, tier, day_cursor(request.args, "before"), sought)
    set_breadcrumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"), (t("获奖名录", "Register of awards"), None)
    )
    if city and city in cities:
        about(city)
    exports = _of_city(the_desk(), city) if city else _list_packages(the_desk())
    may_import = GUARDS["register.import"].admits(the_actor())
    conditions = {"place": city, "year": year, "tier": tier, "sought": sought, "gone": gone}
    filters = {"city": city, "year": year, "tier": tier, "q": sought}
    list_context = show_list(AWARDS, filters, view.page)
    return render_template(
        "register/list.html", view=view, may_import=may_import, exports=exports, **conditions, **list_context
    )


@PAGES.get("/register/organisations/<int:body_id>")
@route_guard("register.view")
def winner(body_id: int) -> ResponseReturnValue:
    """Show the awards of an organisation, the notices that name it and what the law lets be published."""
    view = view_winner(the_desk(), the_actor(), body_id)
    set_breadcrumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"),
        (t("获奖名录", "Register of awards"), "/register"),
        (view.name, None),
    )
    return render_template("register/winner.html", view=view, jurisdiction=None)


def _build_template() -> Table:
    key = request.args.get("package", "")
    with the_desk().store.read() as tx:
        package = next((p for p in published(the_desk(), tx).packages if p.key == key), None)
    if package is None:
        raise NotFound(Text("没有这个奖项。", "There is no such award."))
    return Table("往届获奖模板", past_award_columns(tuple((tier.id, tier.name) for tier in package.award.tiers)), [])


@PAGES.get("/register/import")
@route_guard("register.import")
@offer_table("register.import", _build_template)
def import_page() -> ResponseReturnValue:
    """Ask for the list."""
    return _render_page()


@PAGES.post("/register/import")
@route_guard("register.import")
def look_at() -> ResponseReturnValue:
    """Look at a list and say line by line what would become of it."""
    package = request.form.get("package", "")
    try:
        require_keeper(the_desk(), the_actor(), package)
        _, file = posted_file()
        rows = the_desk().sandbox.rows(file.filename or "", file.stream.read(MAX_BYTES + 1))
        report = import_awards(the_desk(), the_actor(), package, rows)
    except Invalid as refusal:
        return _render_page(package, problem=say(refusal.message), status=record_error_status(refusal))
    return _render_page(package, rows, report)


@PAGES.post("/register/import/confirm")
@route_guard("register.import")
def confirm() -> ResponseReturnValue:
    """Put the list on record as it was looked at, doubtful lines as chosen."""
    package = request.form.get("package", "")
    try:
        rows = _parse_rows(request.form.get("rows", ""))
        chosen = {int(k.removeprefix("line_")): v for k, v in request.form.items() if k.startswith("line_") and v}
        report = import_awards(the_desk(), the_actor(), package, rows, chosen, commit=True)
    except Invalid as refusal:
        return _render_page(package, problem=say(refusal.message), status=record_error_status(refusal))
    return _render_page(package, rows, report)


@PAGES.get("/register/doubts")
@route_guard("register.import")
def doubts() -> ResponseReturnValue:
    """Show organisations that may be one under two names or codes."""
    set_breadcrumbs((t("获奖名录", "Register of awards"), "/register"), (t("同一组织确认", "Same organisation?"), None))
    page = list_doubts(the_desk(), the_actor(), find_query_cursor(request.args, "after"))
    return render_template("register/doubts.html", page=page)


@PAGES.post("/register/doubts")
@route_guard("register.import")
def decide_doubt() -> ResponseReturnValue:
    """Write down whether two entries are one organisation."""
    first_id, other = row_id(request.form.get("one", "")), row_id(request.form.get("other", ""))
    confirm_same(the_desk(), the_actor(), first_id, other, same=request.form.get("do") == "same")
    flash(t("已记录，资格审查会据此查找获奖和处理记录。", "Noted; examinations look at both from now on."))
    return redirect("/register/doubts")


def _parse_rows(text: str) -> list[list[str]]:
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Invalid(Text("页面内容不完整，请重新选择表格。", "The page was incomplete: choose the file again."))
    return [[str(cell) for cell in row] for row in rows]


def _render_page(
    package: str = "",
    rows: Sequence[Sequence[str]] = (),
    report: ImportReport | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    set_breadcrumbs(
        (t("获奖名录", "Register of awards"), "/register"), (t("导入往届获奖", "Import past winners"), None)
    )
    page = render_template(
        "register/import.html",
        packages=_list_packages(the_desk()),
        package=package,
        rows=json.dumps([list(row) for row in rows], ensure_ascii=False),
        report=report,
        problem=problem,
        columns=[column.title.zh for column in past_award_columns(())],
    )
    return make_response(page, status)


def _list_packages(desk: Desk) -> list[tuple[str, Text]]:
    offices = [s for s in the_actor().seats if s.in_office]
    with desk.store.read() as tx:
        return [
            (p.key, p.award.text)
            for p in published(desk, tx).packages
            if any(s.serves(p.jurisdiction.id) for s in offices)
        ]


def _of_city(desk: Desk, city: str) -> list[tuple[str, Text]]:
    with desk.store.read() as tx:
        return [(p.key, p.award.text) for p in published(desk, tx).of(city)]
