"""Archives of finished rounds, and what is erased after its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.archives.gather import start_archive
from service.casework.archives.view import as_zip, open_archive, view_archives
from service.casework.retention.due import change_rules
from service.casework.retention.erase import TriedErasure, ask_erasures, try_erasures
from service.casework.retention.view import NOT_REACHED, RetentionDesk, view_retention
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.domain.retention import KINDS, PARTS, default_rules
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number
from service.domain.values.typed_times import read_day
from service.domain.wording.numbers import counted
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day, find_query_cursor, refuse_field, row_ids
from service.web.frame.requests.refusals import record_error_status

PAGES = Blueprint("retention", __name__)


_HERE = "/monitor/retention"
_REFUSALS = (Invalid, Conflict, NotAllowed, NotFound)


@PAGES.get("/monitor/retention")
@route_guard("retention.view")
def show_retention() -> ResponseReturnValue:
    """Show rules, what is due and what was erased."""
    return _retention_page()


@PAGES.post("/monitor/retention/trial")
@route_guard("retention.erase")
def try_retention() -> ResponseReturnValue:
    """Count what would go of the chosen cases."""
    try:
        tried = try_erasures(the_desk(), the_actor(), _read_chosen())
    except _REFUSALS as refusal:
        return _retention_page(refusal)
    return _retention_page(tried=tried)


@PAGES.post("/monitor/retention/erasures")
@route_guard("retention.erase")
def erase_due() -> ResponseReturnValue:
    """Let the cases that were tried be erased."""
    cases, reason = row_ids("case"), request.form.get("reason", "")
    try:
        if typed_whole_number(request.form.get("count", "").strip()) != len(set(cases)):
            raise Invalid(
                Text(
                    f"请在“确认件数”中填写 {len(set(cases))}，以确认清除这些办件的内容。",
                    f"Type {len(set(cases))} to confirm that these cases are erased.",
                )
            )
        count = ask_erasures(the_desk(), the_actor(), cases, reason)
    except _REFUSALS as refusal:
        return _render_again(refusal, cases, reason)
    flash(
        t(
            f"已开始清除 {count} 件，完成情况见下面的清除记录。",
            f"{counted(count, 'case is', 'cases are')} being erased; see the list below.",
        )
    )
    return redirect(f"{_HERE}#done")


@PAGES.post("/monitor/retention/rules")
@route_guard("retention.change")
def change_retention() -> ResponseReturnValue:
    """Let other times hold."""
    place = request.form.get("jurisdiction", "")
    try:
        typed = {name.removeprefix("years."): raw for name, raw in request.form.items() if name.startswith("years.")}
        years = {
            name: _parse_years(raw, f"years-{place}-{name}")
            for name, raw in typed.items()
            if raw.strip() != request.form.get(f"shown.{name}")
        }
        change_rules(the_desk(), the_actor(), place, years, day("from_day"), request.form.get("reason", ""))
    except _REFUSALS as refusal:
        return _retention_page(refusal)
    flash(t("已保存，到施行日期起生效。", "Saved; it holds from that day on."))
    return redirect(f"{_HERE}#rules")


def _render_again(refusal: LaurelError, cases: Sequence[int], reason: str) -> ResponseReturnValue:
    try:
        return _retention_page(refusal, try_erasures(the_desk(), the_actor(), cases), reason)
    except _REFUSALS:
        return _retention_page(refusal)


def _read_chosen() -> list[int]:
    """Return the cases ticked, and those that may go of the rounds ticked as a whole."""
    cases, rounds = row_ids("case"), set(row_ids("round"))
    if rounds:
        view = view_retention(the_desk(), the_actor())
        whole = [line for each in view.rounds if each.root.id in rounds for line in each.cases]
        cases += [line.case.id for line in whole if not line.refusals]
    return list(dict.fromkeys(cases))


def _parse_years(raw: str, field: str) -> int | None:
    if not raw.strip():
        return None
    years = typed_whole_number(raw.strip())
    if years is None:
        words = Text("年数请填写整数；长期保存的请留空。", "Years are whole numbers; empty keeps it for good.")
        raise refuse_field(field, words)
    return years


def _retention_page(
    refusal: LaurelError | None = None,
    tried: Sequence[TriedErasure] = (),
    reason: str = "",
    archive: Mapping[str, object] = MappingProxyType({}),
) -> ResponseReturnValue:
    desk = the_desk()
    set_breadcrumbs((t("归档与保存", "Archives and retention"), None))
    makes = GUARDS["archive.make"].admits(the_actor())
    today, by, view = local_date(desk.clock.now()), request.args.get("by", ""), None
    try:
        view = _retention_view(by)
    except Invalid as wrong:
        refusal, view = wrong, _retention_view("")
    page = {
        "view": view, "tried": tried, "going": [attempt for attempt in tried if attempt.found], "reason": reason,
        "problem": say(refusal.message) if refusal and not (isinstance(refusal, Invalid) and refusal.field) else "", "parts": PARTS, "kinds": KINDS,
        "coming": {place: [(default_rules()[row.name].text, row) for row in rows] for place, rows in view.coming.items()},
        "archives": view_archives(desk, the_actor(), find_query_cursor(request.args, "archives")) if makes else None, "typed": archive,
        "not_reached": NOT_REACHED, "today": today, "by": by,
    }  # fmt: skip
    status = record_error_status(refusal) if refusal else 200
    return make_response(render_template("monitor/retention.html", **page), status)


def _retention_view(by: str) -> RetentionDesk:
    before = find_query_cursor(request.args, "before")
    try:
        cutoff_day = read_day(by) if by.strip() else None
        return view_retention(the_desk(), the_actor(), cutoff_day, before)
    except ValueError:
        raise Invalid(Text("日期请写成 2026-06-05 的样子。", "Write dates like 2026-06-05.")) from None


@PAGES.post("/monitor/archives")
@route_guard("archive.make")
def begin_archive() -> ResponseReturnValue:
    """Begin an archive."""
    chosen, purpose, full = row_ids("round"), request.form.get("purpose", ""), "full" in request.form
    try:
        if not chosen:
            raise Invalid(Text("请选择要归档的届次。", "Choose a round."))
        start_archive(the_desk(), the_actor(), chosen[0], purpose, full=full)
    except _REFUSALS as refusal:
        typed = {"purpose": purpose, "round": chosen[0] if chosen else 0, "full": full}
        return _retention_page(refusal, archive=typed)
    flash(t("已开始归档，完成后可以下载。", "The archive has begun; it can be taken out once it is sealed."))
    return redirect(f"{_HERE}#archives")


@PAGES.get("/monitor/archives/<int:ident>.zip")
@route_guard("archive.make")
def download_archive(ident: int) -> ResponseReturnValue:
    """Hand out a sealed archive."""
    desk = the_desk()
    row, files = open_archive(desk, the_actor(), ident)
    answer = Response(as_zip(desk.store, files), content_type="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{row.title}档案{ident}.zip')}"
    return answer
