"""Pages of notices (公示): read by the public, corrected and recalled by the publisher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.notices.correct import BY_ITS_PUBLISHER, NoticeCorrection, correct_notice
from service.casework.notices.recall import recall_notice
from service.casework.queries.public.lodging import lodging_options
from service.casework.queries.public.notices import notice_files, open_notice_file, open_notice_upload
from service.casework.queries.public.portal import NoticeView, view_notice
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about
from service.web.frame.page.parts import qr_code
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import record_error_status

PAGES = Blueprint("notices", __name__)

_CHOOSE = Text(
    "请选择更正的性质：只改文字，还是内容有实质变化。", "Choose: wording only, or a correction of substance."
)


@PAGES.get("/notices/<int:notice_id>")
@route_guard("notice.view")
def notice(notice_id: int) -> ResponseReturnValue:
    """Show a notice as posted."""
    view = view_notice(the_desk(), the_actor(), notice_id)
    _add_crumbs(view, None)
    objecting = lodging_options(the_desk(), the_actor(), notice_id) if view.running else ()
    files = notice_files(the_desk(), the_actor(), notice_id)
    address = f"{the_settings().public_url}/notices/{notice_id}"
    passed_on = {
        "address": address,
        "qr": qr_code(address, t("二维码：本页网址", "Square: the address of this page")),
    }
    administers = the_actor().administers(view.jurisdiction)
    return render_template(
        "notices/notice.html", notice=view, objecting=objecting, files=files, administers=administers, **passed_on
    )


@PAGES.get("/notices/<int:notice_id>/document.<kind>")
@route_guard("notice.download")
def document(notice_id: int, kind: str) -> ResponseReturnValue:
    """Hand out a public notice as .docx or PDF."""
    return hand_out(open_notice_file(the_desk(), the_actor(), notice_id, kind))


@PAGES.get("/notices/<int:notice_id>/files/<upload_id>")
@route_guard("notice.download")
def posted_file(notice_id: int, upload_id: str) -> ResponseReturnValue:
    """Hand out a file that was posted with a notice."""
    return hand_out(open_notice_upload(the_desk(), the_actor(), notice_id, upload_id))


@PAGES.get("/notices/<int:notice_id>/correct")
@route_guard("notice.correct")
def correction_page(notice_id: int) -> ResponseReturnValue:
    """Show what can be corrected and what it causes, to who may correct it."""
    view = _get_editable_notice(notice_id)
    cells = {
        get_cell_field_name(number, view.columns.index(key)): "" if value is None else str(value)
        for number, entry in enumerate(view.entries)
        for key, value in entry.items()
    }
    return _correction_page(view, {"title": view.title, "text": view.text} | cells)


@PAGES.post("/notices/<int:notice_id>/correct")
@route_guard("notice.correct")
def correct(notice_id: int) -> ResponseReturnValue:
    """Correct a running notice."""
    typed = request.form
    wanted = NoticeCorrection(
        typed.get("title", ""),
        typed.get("text", ""),
        typed.get("reason", ""),
        typed.get("of_substance") == "yes",
        typed.get("seen", ""),
        _read_entries(view_notice(the_desk(), the_actor(), notice_id), typed),
    )
    try:
        if typed.get("of_substance") not in ("yes", "no"):
            raise Invalid(_CHOOSE)
        correct_notice(the_desk(), the_actor(), notice_id, wanted)
    except (Invalid, Conflict) as refusal:
        view = view_notice(the_desk(), the_actor(), notice_id)
        return _correction_page(view, dict(typed), say(refusal.message), record_error_status(refusal))
    flash(
        t(
            "公示已更正，更正前后的文本和指纹均已留存。",
            "Corrected; the text before and after and both fingerprints are kept.",
        )
    )
    replacement = view_notice(the_desk(), the_actor(), notice_id).replaced_by
    return redirect(f"/notices/{replacement or notice_id}")


@PAGES.get("/notices/<int:notice_id>/recall")
@route_guard("notice.recall")
def recall_page(notice_id: int) -> ResponseReturnValue:
    """Ask who may recall the notice why it is taken back, and say what it causes."""
    return _recall_page(_get_editable_notice(notice_id))


@PAGES.post("/notices/<int:notice_id>/recall")
@route_guard("notice.recall")
def recall(notice_id: int) -> ResponseReturnValue:
    """Take a running notice back."""
    reason = request.form.get("reason", "")
    try:
        recall_notice(the_desk(), the_actor(), notice_id, reason)
    except (Invalid, Conflict) as refusal:
        view = view_notice(the_desk(), the_actor(), notice_id)
        return _recall_page(view, reason, say(refusal.message), record_error_status(refusal))
    flash(
        t(
            "公示已收回，原文、指纹和收回原因均已留存并公布。",
            "Recalled; text, fingerprint and reason are kept and public.",
        )
    )
    return redirect(f"/notices/{notice_id}")


def _get_editable_notice(notice_id: int) -> NoticeView:
    """Return a notice that the reader may correct or recall; raises NotAllowed, and Conflict where it is over."""
    view = view_notice(the_desk(), the_actor(), notice_id)
    if not view.running:
        raise Conflict(
            Text(
                f"“{view.title}”已不在公示期内，不能更正或者收回。",
                f"“{view.title}” is over and can be neither corrected nor recalled.",
            )
        )
    if not view.correctable:
        raise NotAllowed(BY_ITS_PUBLISHER)
    return view


def get_cell_field_name(row: int, column: int) -> str:
    """Return the name of the field that corrects one cell of a notice's list."""
    return f"entry-{row}-{column}"


def _read_entries(view: NoticeView, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the notice's list as typed; a cell that reads as before stays what it was, number or text."""
    return [
        {key: _read_cell(entry[key], typed.get(get_cell_field_name(number, view.columns.index(key)))) for key in entry}
        for number, entry in enumerate(view.entries)
    ]


def _read_cell(before: Any, typed: str | None) -> Any:
    display = "" if before is None else str(before)
    return before if typed is None or typed.strip() == display else typed.strip()


def _recall_page(view: NoticeView, reason: str = "", problem: str = "", status: int = 200) -> Response:
    _add_crumbs(view, t("收回", "Recall"))
    return make_response(render_template("notices/recall.html", notice=view, reason=reason, problem=problem), status)


def _add_crumbs(view: NoticeView, last: str | None) -> None:
    city = about(view.jurisdiction, view.award)
    steps: list[tuple[str, str | None]] = [
        (t("公示与办法", "Notices and regulations"), "/portal"),
        (city, f"/portal/{view.jurisdiction}"),
        (view.title, f"/notices/{view.id}"),
    ]
    set_breadcrumbs(*steps, *([(last, None)] if last else []))


def _correction_page(view: NoticeView, typed: dict[str, str], problem: str = "", status: int = 200) -> Response:
    _add_crumbs(view, t("更正", "Correct"))
    return make_response(
        render_template("notices/correct.html", notice=view, typed=typed, problem=problem, cell=get_cell_field_name),
        status,
    )
