"""Lists taken in and handed out: experts, applicants, scores, people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.lists import Table
from service.casework.review.register_of_experts import require_office
from service.casework.spreadsheets.applicants import columns_of, export_applicants, import_applicants
from service.casework.spreadsheets.experts import COLUMNS as EXPERT_COLUMNS
from service.casework.spreadsheets.experts import import_experts
from service.casework.spreadsheets.people import COLUMNS as PEOPLE_COLUMNS
from service.casework.spreadsheets.people import import_people
from service.casework.spreadsheets.scores import export_scores, import_scores, open_sheets
from service.casework.tasks.attach_upload import attach_upload
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.forms import UploadRules
from service.domain.spreadsheets.import_report import ImportReport
from service.domain.spreadsheets.lists import Column
from service.domain.text import Text
from service.office.tables import MAX_BYTES
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.list_page import hand_out_tables, offer_table
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import row_id
from service.web.frame.requests.refusals import status_of

PAGES = Blueprint("lists", __name__)


Rows = Sequence[Sequence[str]]
Filled = tuple[tuple[Column, ...], list[list[object]]]


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list; ``place`` is what it belongs to: a jurisdiction, a round's number, or nothing.

    ``template`` gives the table to be filled in, ``look`` the report of an import (carried out when told so); ``admit`` raises
    NotAllowed for who may not import there.
    """

    title: Text
    note: Text
    action: str
    template: Callable[[str], Filled]
    look: Callable[[str, Rows, str, bool], ImportReport]
    back: Callable[[str], tuple[str, Text]]
    admit: Callable[[str], None]
    receipt: bool = False


def _admit_to_experts(place: str) -> None:
    require_office(the_actor(), place)


def _admit_to_applicants(place: str) -> None:
    columns_of(the_desk(), the_actor(), row_id(place))


def _admit_to_scores(_place: str) -> None:
    if not open_sheets(the_desk(), the_actor()).rows:
        raise NotAllowed(Text("您目前没有待填写的评分表。", "You have no score sheet to fill in."))


def _look_at_experts(place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:  # noqa: ARG001
    return import_experts(the_desk(), the_actor(), place, rows, commit=commit)


def _look_at_applicants(place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:
    return import_applicants(the_desk(), the_actor(), row_id(place), rows, receipt or None, commit=commit)


def _look_at_scores(place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:  # noqa: ARG001
    return import_scores(the_desk(), the_actor(), rows, commit=commit)


def _look_at_people(_place: str, rows: Rows, receipt: str, commit: bool) -> ImportReport:  # noqa: ARG001
    return import_people(the_desk(), the_actor(), rows, commit=commit)


KINDS: Mapping[str, ListKind] = {
    "experts": ListKind(
        Text("导入评审专家", "Import experts"),
        Text(
            "按登录名识别是否同一人：新的入库，已有的按填写的列更新，空格不改。",
            "The login name tells who is who: new people are added, others brought up to date; an empty cell changes nothing.",
        ),
        "experts.manage",
        lambda _place: (EXPERT_COLUMNS, []),
        _look_at_experts,
        lambda place: (f"/experts?jurisdiction={place}", Text("评审专家", "Experts")),
        _admit_to_experts,
    ),
    "people": ListKind(
        Text("导入人员", "Import people"),
        Text(
            "按登录名识别是否同一人：新的开通账号，已有的按填写的列更新、增加角色，空格不改。表格不得有密码；"
            "新账号由管理员当面设一次性密码后才能登录。",
            "The login name tells who is who: new people get an account, others are brought up to date and get the role; an "
            "empty cell changes nothing. A table never holds passwords: set a one-time password in person.",
        ),
        "people.manage",
        lambda _place: (PEOPLE_COLUMNS, []),
        _look_at_people,
        lambda _place: ("/people", Text("人员", "People")),
        lambda _place: None,
    ),
    "applicants": ListKind(
        Text("导入申报组织", "Import applicants"),
        Text(
            "每行登记一件申报，如同柜台收到纸质材料后补录；本届已有申报的不重复登记。",
            "Each line enters an application as the counter does for one on paper; those who apply already are left as they are.",
        ),
        "applicants.import",
        lambda place: (columns_of(the_desk(), the_actor(), row_id(place)), []),
        _look_at_applicants,
        lambda place: (f"/cases/{place}", Text("届次", "Round")),
        _admit_to_applicants,
        receipt=True,
    ),
    "scores": ListKind(
        Text("以表格填写评分", "Fill in score sheets as a table"),
        Text(
            "下载的表格已列出您的全部未提交评分；填写后上传，内容写入草稿，由您核对后逐件提交。已提交的不受影响。",
            "The table lists every sheet you have not sent in. What you upload goes into your drafts: read and send them. "
            "Sheets sent in are not touched.",
        ),
        "scores.fill",
        lambda _place: open_sheets(the_desk(), the_actor())[1:],
        _look_at_scores,
        lambda _place: ("/tasks", Text("待办", "Tasks")),
        _admit_to_scores,
    ),
}


def _build_template(kind: str) -> Table:
    list_kind = _get_kind(kind)
    return Table(f"{list_kind.title.zh}模板", *list_kind.template(_get_place()))


@PAGES.get("/lists/<kind>")
@route_guard("lists.use")
@offer_table("lists.use", _build_template)
def page(kind: str) -> ResponseReturnValue:
    """Offer the template and ask for the filled table."""
    return _render_page(kind, _get_place())


@PAGES.post("/lists/<kind>")
@route_guard("lists.use")
def look_at(kind: str) -> ResponseReturnValue:
    """Look at a table and say line by line what would become of it."""
    list_kind, place = _get_kind(kind), _get_place()
    list_kind.admit(place)  # before the file is opened
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Invalid(Text("请选择表格文件。", "Choose the file with the list."))
        rows = the_desk().sandbox.rows(file.filename, file.stream.read(MAX_BYTES + 1))
        receipt = _store_receipt() if list_kind.receipt else ""
        report = list_kind.look(place, rows, receipt, False)
    except Invalid as refusal:
        return _render_page(kind, place, problem=say(refusal.message), status=status_of(refusal))
    return _render_page(kind, place, rows, report, receipt)


@PAGES.post("/lists/<kind>/confirm")
@route_guard("lists.use")
def confirm(kind: str) -> ResponseReturnValue:
    """Take what was looked at."""
    list_kind, place = _get_kind(kind), _get_place()
    try:
        rows, receipt = rows_of(request.form.get("rows", "")), request.form.get("receipt", "")
        report = list_kind.look(place, rows, receipt, True)
    except Invalid as refusal:
        return _render_page(kind, place, problem=say(refusal.message), status=status_of(refusal))
    return _render_page(kind, place, rows, report)


@PAGES.get("/cases/<int:round_id>/applicants.<any(xlsx, csv):form>")
@route_guard("applicants.export")
def applicants(round_id: int, form: str) -> ResponseReturnValue:
    """Hand out who applies in a round."""
    return hand_out_tables(form, export_applicants(the_desk(), the_actor(), round_id))


@PAGES.get("/cases/<int:round_id>/scores.<any(xlsx, csv):form>")
@route_guard("scores.export")
def scores(round_id: int, form: str) -> ResponseReturnValue:
    """Hand out the scores of a round."""
    return hand_out_tables(form, export_scores(the_desk(), the_actor(), round_id))


def rows_of(text: str) -> list[list[str]]:
    """Return the rows a page carries along from the look to the confirmation; raises Invalid."""
    try:
        rows = orjson.loads(text)
        assert isinstance(rows, list)
        return [[str(cell) for cell in row] for row in rows]
    except (ValueError, TypeError, AssertionError) as broken:
        raise Invalid(Text("请重新选择表格。", "Choose the file again.")) from broken


def _get_kind(kind: str) -> ListKind:
    if kind not in KINDS:
        raise NotFound(Text("没有这种表格。", "There is no such list."))
    GUARDS[KINDS[kind].action].demand(the_actor())
    return KINDS[kind]


def _get_place() -> str:
    return request.args.get("place") or request.form.get("place", "")


def _store_receipt() -> str:
    """Keep the scan of the counter's receipt, where one came along; returns its id, or that of the one kept before."""
    file = request.files.get("receipt")
    if file is None or not file.filename:
        return ""
    upload = attach_upload(the_desk(), the_actor(), None, "counter_receipt", file.filename, file.stream, UploadRules())
    return upload.id


def _render_page(
    kind: str,
    place: str,
    rows: Rows | None = None,
    report: ImportReport | None = None,
    receipt: str = "",
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    list_kind = _get_kind(kind)
    columns, _ = list_kind.template(place)
    back, word = list_kind.back(place)
    sheets = {row[0] for row in (rows or ())[1:] if row and row[0].isdecimal()} if kind == "scores" else set()
    set_breadcrumbs((say(word), back), (say(list_kind.title), None))
    page = render_template(
        "lists/import.html",
        kind=kind,
        list=list_kind,
        place=place,
        columns=columns,
        rows=json.dumps(rows, ensure_ascii=False) if rows is not None else "",
        report=report,
        receipt=receipt,
        back=back,
        sheet=sheets.pop() if len(sheets) == 1 else "",
        problem=problem,
    )
    return make_response(page, status)
