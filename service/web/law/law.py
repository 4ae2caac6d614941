"""Clauses and what carries them out, settings, versions of a package."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.amendments.move_case import Applied, apply_amendment, undo_move
from service.casework.definitions.settings import change_setting
from service.casework.queries.law.study_coverage import (
    PiecesView,
    coverage_as_xlsx,
    diagram_state,
    list_cities,
    studied_diagram,
    view_clause,
    view_coverage,
    view_pieces,
)
from service.casework.queries.law.versions import list_versions, version_days, view_comparison, view_version
from service.casework.queries.law.view_moves import list_batches, list_undoable, preview_amendment
from service.casework.queries.law.view_settings import SettingLine, view_setting, view_settings
from service.casework.studio.drafts.compare_draft import compare_versions
from service.casework.studio.parameters.parameter_shape import is_closed, shape_of_value
from service.catalog import Package, Unit
from service.catalog.coverage.matrix import ClauseSource, ClauseStatus, SourceKind
from service.catalog.parameters.subjects import SUBJECTS
from service.catalog.settings.settings import read_value
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.office.workbooks import XLSX
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import city_name
from service.web.frame.page.parts import answer_diagram
from service.web.frame.posted.typed_lines import ITEMS, LineColumn, LineShape, lines_of
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import offer_file, route_guard
from service.web.frame.requests.parse_values import day, find_query_cursor, row_id, row_ids
from service.web.frame.requests.refusals import status_of
from service.web.law.clause_kinds import CLAUSE_KINDS
from service.web.presentation import KIND_NAMES, group_by_article

PAGES = Blueprint("law", __name__)


@PAGES.get("/law")
@route_guard("law.study")
def cities() -> ResponseReturnValue:
    """Show every jurisdiction with how its clauses are accounted for."""
    set_breadcrumbs((t("条款与设置", "Law and settings"), None))
    return render_template("law/cities.html", cities=list_cities(the_desk(), the_actor()), ClauseStatus=ClauseStatus)


def _coverage_file(_format: str, jurisdiction: str) -> Response:
    answer = Response(coverage_as_xlsx(the_desk(), the_actor(), jurisdiction), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="coverage-{jurisdiction}.xlsx"'
    return answer


@PAGES.get("/law/<jurisdiction>")
@route_guard("law.study")
@offer_file("law.study", _coverage_file, "xlsx")
def coverage(jurisdiction: str) -> ResponseReturnValue:
    """Show every clause with what carries it out."""
    status, text = request.args.get("fate", ""), request.args.get("q", "")
    view = view_coverage(the_desk(), the_actor(), jurisdiction, status, text)
    law_crumbs(jurisdiction, view.name)
    groups = group_by_article(view.lines, lambda line: line.clause)
    page = {"view": view, "groups": groups, "status": status, "text": text, "ClauseStatus": ClauseStatus}
    return render_template("law/coverage.html", **page, place_href=place_href)


@PAGES.get("/law/<jurisdiction>/clauses/<clause>")
@route_guard("law.study")
def clause_page(jurisdiction: str, clause: str) -> ResponseReturnValue:
    """Show one clause with everything that carries it out."""
    view = view_clause(the_desk(), the_actor(), jurisdiction, clause)
    law_crumbs(jurisdiction, view.name, (view.line.clause.article, None))
    return render_template("law/clause.html", view=view, place_href=place_href)


@PAGES.get("/law/<jurisdiction>/<award>/diagrams/<process>.bpmn")
@route_guard("law.study")
def diagram_file(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return the BPMN of a published diagram."""
    xml = studied_diagram(the_desk(), the_actor(), f"{jurisdiction}/{award}", process)
    return answer_diagram(xml)


@PAGES.get("/law/<jurisdiction>/<award>/diagrams/<process>")
@route_guard("law.study")
def diagram_page(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Show a diagram with how many clauses each element carries out; ?element= chooses one."""
    key, chosen = f"{jurisdiction}/{award}", request.args.get("element", "")
    package = list_versions(the_desk(), the_actor(), key)[0]
    view = view_pieces(the_desk(), the_actor(), key, package.diagram(process).file, chosen)
    return _render_pieces(view)


@PAGES.get("/law/<jurisdiction>/<award>/pieces")
@route_guard("law.study")
def pieces(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show what of one file carries clauses out: ?file=, ?element=."""
    file, chosen = request.args.get("file", ""), request.args.get("element", "")
    return _render_pieces(view_pieces(the_desk(), the_actor(), f"{jurisdiction}/{award}", file, chosen))


@PAGES.get("/law/<jurisdiction>/<award>/settings")
@route_guard("law.study")
def settings(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show what the regulation leaves open, and what holds."""
    show, text = request.args.get("show", ""), request.args.get("q", "")
    view = view_settings(the_desk(), the_actor(), f"{jurisdiction}/{award}", show, text)
    law_crumbs(jurisdiction, view.package.jurisdiction.text, (t("设置", "Settings"), None))
    return render_template("law/settings.html", view=view, show=show, text=text)


@PAGES.get("/law/<jurisdiction>/<award>/settings/<parameter>")
@route_guard("law.study")
def setting(jurisdiction: str, award: str, parameter: str) -> ResponseReturnValue:
    """Show one setting with its history; administrators may change it."""
    return _render_setting(jurisdiction, award, parameter)


@PAGES.post("/law/<jurisdiction>/<award>/settings/<parameter>")
@route_guard("settings.change")
def change(jurisdiction: str, award: str, parameter: str) -> ResponseReturnValue:
    """Let another value hold from a day on."""
    key, typed = f"{jurisdiction}/{award}", request.form
    _, line = view_setting(the_desk(), the_actor(), key, parameter)
    try:
        value = read_value(line.parameter, typed.get("value", ""))
        change_setting(
            the_desk(),
            the_actor(),
            key,
            parameter,
            value,
            day("since"),
            typed.get("reason", ""),
            changes_seen=typed.get("changes_seen", type=int),
        )
    except (Invalid, Conflict) as refusal:
        return _render_setting(jurisdiction, award, parameter, say(refusal.message), dict(typed), status_of(refusal))
    flash(
        t(
            "已更改，对生效之日起启动的届次有效；已启动的届次不变。",
            "Changed, for rounds that open from that day on; those that run keep their values.",
        )
    )
    return redirect(f"/law/{key}/settings/{parameter}")


@PAGES.get("/law/<jurisdiction>/<award>/running")
@route_guard("amendment.preview")
def running(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show case by case what the current version would change for those that run under earlier ones."""
    return _render_running(f"{jurisdiction}/{award}")


@PAGES.post("/law/<jurisdiction>/<award>/running")
@route_guard("amendment.apply")
def apply(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Apply the current version to the chosen cases, each in a transaction of its own; or take one of them back."""
    key, typed = f"{jurisdiction}/{award}", request.form
    if "undo" in typed:
        try:
            undo_move(the_desk(), the_actor(), row_id(typed["undo"]), typed.get("reason", ""))
        except (Invalid, Conflict) as refusal:
            return _render_running(key, problem=say(refusal.message), status=status_of(refusal))
        flash(t("已撤销，办件仍按原版本办理。", "Undone: the case keeps the version that it had."))
        return redirect(f"/law/{key}/running")
    chosen = row_ids("case")
    reason = typed.get("reason", "")
    try:
        results = apply_amendment(the_desk(), the_actor(), key, chosen, typed.get("version", ""), reason)
    except Invalid as refusal:
        return _render_running(
            key, chosen=chosen, problem=say(refusal.message), reason=reason, status=status_of(refusal)
        )
    return _render_running(key, results=results)


@PAGES.get("/law/compare")
@route_guard("law.study")
def comparison() -> ResponseReturnValue:
    """Show two cities or versions side by side; ?all=1 also what agrees."""
    args = request.args
    view = view_comparison(the_desk(), the_actor(), args.get("left", ""), args.get("right", ""))
    set_breadcrumbs((t("条款与设置", "Law and settings"), "/law"), (t("比较", "Compare"), None))
    found = view.found
    files = compare_versions(found.left, found.right, say) if found is not None and found.one_city else ()
    page = {"view": view, "files": files, "everything": args.get("all") == "1"}
    return render_template("law/compare.html", **page, subjects=SUBJECTS, kinds=CLAUSE_KINDS, file_kinds=KIND_NAMES)


def place_href(place: ClauseSource) -> str:
    """Return where something that carries clauses out is looked at."""
    if place.process:
        return f"/law/{place.package}/diagrams/{place.process}?element={place.element}"
    if place.source_kind is SourceKind.PARAMETER:
        return f"/law/{place.package}/settings/{place.element.removeprefix('parameters.')}"
    return f"/law/{place.package}/pieces?file={place.file}&element={place.element}"


def _render_pieces(view: PiecesView) -> ResponseReturnValue:
    name = view.package.jurisdiction.text
    law_crumbs(view.package.jurisdiction.id, name, (view.title, None))
    state = {"elements": diagram_state(view, language())} if view.process else None
    return render_template("law/pieces.html", view=view, state=state)


def _render_running(
    key: str,
    *,
    results: Sequence[Applied] = (),
    chosen: Sequence[int] = (),
    problem: str = "",
    reason: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    view = preview_amendment(the_desk(), the_actor(), key, find_query_cursor(request.args, "after") or 0)
    back = (t("版本与修订", "Versions"), f"/law/{key}/versions")
    law_crumbs(
        view.package.jurisdiction.id, view.package.jurisdiction.text, back, (t("进行中的办件", "Running cases"), None)
    )
    batches = list_batches(the_desk(), the_actor(), key, find_query_cursor(request.args, "before"))
    page = {
        "view": view,
        "results": results,
        "problem": problem,
        "chosen": chosen,
        "reason": reason,
        "batches": batches,
    }
    page["undoable"] = list_undoable(the_desk(), the_actor(), key)
    page["published"] = version_days(the_desk(), the_actor(), key)
    return make_response(render_template("law/running.html", **page), status)


def _render_setting(
    jurisdiction: str,
    award: str,
    parameter: str,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    view, line = view_setting(the_desk(), the_actor(), f"{jurisdiction}/{award}", parameter)
    back = (t("设置", "Settings"), f"/law/{view.package.key}/settings")
    law_crumbs(jurisdiction, view.package.jurisdiction.text, back, (say(line.parameter.text), None))
    page = render_template(
        "law/setting.html",
        view=view,
        line=line,
        problem=problem,
        typed=typed or {},
        lines=setting_lines(view.package, line),
    )
    return make_response(page, status)


def law_crumbs(jurisdiction: str, name: Text, *rest: tuple[str, str | None]) -> None:
    """Set the way to a page about the law of a city."""
    city = say(name) or city_name(jurisdiction)
    set_breadcrumbs((t("条款与设置", "Law and settings"), "/law"), (city, f"/law/{jurisdiction}"), *rest)


def setting_lines(package: Package, line: SettingLine) -> dict[str, str]:
    """Return the attribute of the text area of a list or a table; of any other value nothing."""
    shape = shape_of_value(package, line.parameter)
    if shape is not None:
        return lines_of(shape, closed=is_closed(package, line.parameter)).attributes()
    if line.parameter.unit is Unit.LIST and not line.alternatives:
        return LineShape(ITEMS, (LineColumn(line.parameter.text),)).attributes()
    return {}


@PAGES.get("/law/<jurisdiction>/<award>/versions")
@route_guard("law.study")
def versions(jurisdiction: str, award: str) -> ResponseReturnValue:
    """Show every published version and how many cases run under it."""
    package, lines = list_versions(the_desk(), the_actor(), f"{jurisdiction}/{award}")
    law_crumbs(jurisdiction, package.jurisdiction.text, (t("版本", "Versions"), None))
    may_look = GUARDS["amendment.preview"].admits(the_actor(), jurisdiction)
    return render_template("law/versions.html", package=package, lines=lines, may_look=may_look)


@PAGES.get("/law/<jurisdiction>/<award>/versions/<version>")
@route_guard("law.study")
def version(jurisdiction: str, award: str, version: str) -> ResponseReturnValue:
    """Show how one version came and went, and the cases that run under it."""
    key = f"{jurisdiction}/{award}"
    view = view_version(the_desk(), the_actor(), key, version, find_query_cursor(request.args, "after") or 0)
    all_of_them = (t("版本", "Versions"), f"/law/{key}/versions")
    law_crumbs(jurisdiction, view.package.jurisdiction.text, all_of_them, (say(view.line.name), None))
    return render_template("law/version.html", view=view)
