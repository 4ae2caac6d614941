"""Pages that move all running cases of an earlier version: elements matched on both diagrams, a batch, what it came to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.amendments.move_case import undo_move
from service.casework.amendments.move_plan import read_renames
from service.casework.due.move_batch import BatchWish, begin_batch, begin_tried, stop_batch
from service.casework.due.undo_batch import begin_undo, stop_undo
from service.casework.queries.law.versions import version_days
from service.casework.queries.law.view_moves import RenamesView, moved_diagram, view_batch, view_renames
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import city_name
from service.web.frame.page.parts import answer_diagram, show_progress
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor
from service.web.frame.requests.refusals import status_of

PAGES = Blueprint("law_moves", __name__, url_prefix="/law/<jurisdiction>/<award>/running")

_FIELD = "after:"
"""How the fields begin that say what an element became: its process and id follow."""


@PAGES.get("/from/<version>")
@route_guard("amendment.preview")
def match(jurisdiction: str, award: str, version: str) -> ResponseReturnValue:
    """Show which elements of an earlier version the current one lacks, on both diagrams; ?process= chooses one."""
    return _render_match(f"{jurisdiction}/{award}", version)


@PAGES.post("/from/<version>")
@route_guard("amendment.apply")
def begin(jurisdiction: str, award: str, version: str) -> ResponseReturnValue:
    """Try the move on all cases, or carry it out."""
    key, typed = f"{jurisdiction}/{award}", request.form
    view = view_renames(the_desk(), the_actor(), key, version)
    try:
        wish = BatchWish(
            typed.get("target", ""),
            typed.get("reason", ""),
            read_renames(view.old, view.package, _read_renames(view)),
            typed.get("choice", ""),
            typed.get("act") != "move",
        )
        batch = begin_batch(the_desk(), the_actor(), key, wish)
    except (Invalid, Conflict) as refusal:
        return _render_match(key, version, say(refusal.message), status_of(refusal))
    return redirect(f"/law/{key}/running/batches/{batch}")


@PAGES.get("/from/<version>/<process>.bpmn")
@route_guard("amendment.preview")
def diagram(jurisdiction: str, award: str, version: str, process: str) -> ResponseReturnValue:
    """Return the BPMN of a diagram of a version."""
    xml = moved_diagram(the_desk(), the_actor(), f"{jurisdiction}/{award}", version, process)
    return answer_diagram(xml)


@PAGES.get("/batches/<int:ident>")
@route_guard("amendment.preview")
def batch(jurisdiction: str, award: str, ident: int) -> ResponseReturnValue:
    """Show how far a batch is and what became of each case; ?verdict= shows those alone."""
    return _render_batch(f"{jurisdiction}/{award}", ident)


@PAGES.post("/batches/<int:ident>/do")
@route_guard("amendment.apply")
def carry_out(jurisdiction: str, award: str, ident: int) -> ResponseReturnValue:
    """Carry out what was tried: the same elements, choice and reason."""
    try:
        begun = begin_tried(the_desk(), the_actor(), ident)
    except (Invalid, Conflict) as refusal:
        return _render_batch(f"{jurisdiction}/{award}", ident, say(refusal.message), status_of(refusal))
    return redirect(f"/law/{jurisdiction}/{award}/running/batches/{begun}")


@PAGES.post("/batches/<int:ident>/stop")
@route_guard("amendment.apply")
def stop(jurisdiction: str, award: str, ident: int) -> ResponseReturnValue:
    """Stop a batch."""
    try:
        stop_batch(the_desk(), the_actor(), ident)
    except Conflict as refusal:
        flash(say(refusal.message), "error")
    return redirect(f"/law/{jurisdiction}/{award}/running/batches/{ident}")


@PAGES.post("/batches/<int:ident>/undo/<int:move>")
@route_guard("amendment.apply")
def undo(jurisdiction: str, award: str, ident: int, move: int) -> ResponseReturnValue:
    """Take one case back to the version that it had."""
    try:
        undo_move(the_desk(), the_actor(), move, request.form.get("reason", ""))
        flash(t("已撤销，办件仍按原版本办理。", "Undone: the case keeps the version that it had."))
    except (Invalid, Conflict) as refusal:
        return _render_batch(f"{jurisdiction}/{award}", ident, say(refusal.message), status_of(refusal))
    return redirect(f"/law/{jurisdiction}/{award}/running/batches/{ident}")


@PAGES.post("/batches/<int:ident>/undo")
@route_guard("amendment.apply")
def undo_all(jurisdiction: str, award: str, ident: int) -> ResponseReturnValue:
    """Begin to take back every case that the batch moved."""
    try:
        begin_undo(the_desk(), the_actor(), ident, request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        return _render_batch(f"{jurisdiction}/{award}", ident, say(refusal.message), status_of(refusal))
    return redirect(f"/law/{jurisdiction}/{award}/running/batches/{ident}")


@PAGES.post("/batches/<int:ident>/undo/stop")
@route_guard("amendment.apply")
def stop_undoing(jurisdiction: str, award: str, ident: int) -> ResponseReturnValue:
    """Leave the cases as moved that were not taken back yet."""
    try:
        stop_undo(the_desk(), the_actor(), ident)
    except Conflict as refusal:
        flash(say(refusal.message), "error")
    return redirect(f"/law/{jurisdiction}/{award}/running/batches/{ident}")


def _read_renames(view: RenamesView) -> dict[tuple[str, str], str]:
    return {
        (rename.process, rename.element.id): request.form.get(
            f"{_FIELD}{rename.process}:{rename.element.id}", ""
        ).strip()
        for rename in view.missing
    }


def _render_match(key: str, version: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    view = view_renames(the_desk(), the_actor(), key, version)
    _add_crumbs(key, view.package.jurisdiction.text, t("对应节点", "Match elements"))
    processes = list(dict.fromkeys(rename.process for rename in view.missing))
    process = request.values.get("process", "")
    process = process if process in processes else (processes[0] if processes else "")
    typed = {
        (rename.process, rename.element.id): rename.proposed.id if rename.proposed else "" for rename in view.missing
    }
    if request.method == "POST":
        typed = _read_renames(view)
    page = {"view": view, "process": process, "shown": processes, "typed": typed, "problem": problem, "field": _FIELD}
    page |= {"states": _list_states(view, process, typed), "form_values": request.form}
    page["published"] = version_days(the_desk(), the_actor(), key)
    return make_response(render_template("law/match.html", **page), status)


def _list_states(view: RenamesView, process: str, typed: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Return what the two pictures mark: before, what is missing or became something; after, what it became."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for number, rename in enumerate((o for o in view.missing if o.process == process), 1):
        became = typed.get((process, rename.element.id), "")
        words = t("对应新图同号", "becomes the same number") if became else t("新版本没有", "missing")
        before[rename.element.id] = {
            "state": "done" if became else "incident", "count": number, "text": words, "look": not before,
        }  # fmt: skip
        if became:
            words = t("由旧图同号而来", "was the same number")
            after[became] = {"state": "active", "count": number, "text": words, "look": not after}
    return [{"elements": before}, {"elements": after}]


def _render_batch(key: str, ident: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    verdict, after = request.args.get("verdict", ""), find_query_cursor(request.args, "after") or 0
    view = view_batch(the_desk(), the_actor(), ident, verdict, after)
    _add_crumbs(key, None, t("批量迁移", "All at once"))
    page = {"view": view, "key": key, "verdict": verdict, "problem": problem}
    page["published"] = version_days(the_desk(), the_actor(), view.batch.package)
    progress = {"batch": (view.batch.total, view.done)}
    if view.undoing:
        progress["undo"] = (view.undoing.total, view.undoing.total - view.undoing.waiting)
    return make_response(show_progress("law/batch.html", progress, **page), status)


def _add_crumbs(key: str, name: Any, last: str) -> None:
    city = (say(name) if name else "") or city_name(key.split("/")[0])
    set_breadcrumbs(
        (t("条款与设置", "Law and settings"), "/law"),
        (city, f"/law/{key.split('/')[0]}"),
        (t("进行中的办件", "Running cases"), f"/law/{key}/running"),
        (last, None),
    )
