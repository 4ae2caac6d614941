"""Pages of a round: its applicants as a board and as a table, its clauses and its scores."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.lists import Table
from service.casework.queries.rounds.round_board import ORDERS, BoardView, export_board, list_board, view_board
from service.casework.queries.rounds.round_proof import clause_list_file, score_book_file, view_clause_list
from service.casework.tasks.urge_many import urge_cases
from service.catalog.applications import application_below, is_application
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.list_page import offer_table
from service.web.frame.page.names import about_package, translate_name
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import offer_file, route_guard
from service.web.frame.requests.list_query import list_unheeded
from service.web.frame.requests.parse_values import row_ids
from service.web.presentation import group_by_article

PAGES = Blueprint("board", __name__)
PAGES.add_app_template_global(application_below)
PAGES.add_app_template_global(is_application)
EACH = 30
"""So many cards a column of the board shows; the others are in its table."""


def _export_board(round_id: int) -> Table:
    order, came = request.args.get("sort", ORDERS[0]), request.args.get("came", "")[:120]
    return export_board(the_desk(), the_actor(), round_id, translate_name, order, came)


@PAGES.get("/cases/<int:round_id>/board")
@route_guard("board.view")
@offer_table("applicants.export", _export_board)
def board(round_id: int) -> ResponseReturnValue:
    """Show where every applicant stands: stages as columns, or one table."""
    if request.args.get("view") == "table":
        return _render_table(round_id)
    view = view_board(the_desk(), the_actor(), round_id, EACH)
    _add_crumbs(view, t("申报进展", "Progress"))
    return render_template("cases/board.html", view=view, told=list_unheeded(_get_allowed_query(view)))


def _render_table(round_id: int) -> ResponseReturnValue:
    order, came, stage = (request.args.get(name, "")[:120] for name in ("sort", "came", "stage"))
    order = order if order in ORDERS else ORDERS[0]
    page = whole_number(request.args.get("page", "")) or 1
    table = list_board(the_desk(), the_actor(), round_id, order, came, stage if "stage" in request.args else None, page)
    view = table.board
    _add_crumbs(view, t("申报进展", "Progress"))
    columns = {column.id: column for column in view.columns}
    return render_template(
        "cases/board_table.html",
        view=view,
        table=table,
        order=order,
        came=columns.get(came) if came else None,
        stage=columns.get(stage) if "stage" in request.args else None,
        told=list_unheeded(_get_allowed_query(view)),
    )


def _get_allowed_query(view: BoardView) -> dict[str, Collection[str] | None]:
    """Return what the address may say, to the board and to its table."""
    ids = [column.id for column in view.columns]
    allowed_values: dict[str, Collection[str] | None] = {
        "view": ("board", "table"),
        "sort": ORDERS,
        "came": ids,
        "page": None,
    }
    return {**allowed_values, "stage": ids} if request.args.get("view") == "table" else allowed_values


@PAGES.post("/cases/<int:round_id>/board/urge")
@route_guard("task.urge")
def urge(round_id: int) -> ResponseReturnValue:
    """Urge who holds up the picked applications, and say of each what became of it."""
    view = view_board(the_desk(), the_actor(), round_id, 0)
    picked = [ident for ident in row_ids("case") if ident in view.ids]
    if not picked:
        flash(t("请先勾选要催办的办件。", "Pick the applications first."), "warning")
        return redirect(f"/cases/{round_id}/board", 303)
    urged = urge_cases(the_desk(), the_actor(), picked, request.form.get("words", "")[:200])
    _add_crumbs(view, t("催办", "Urged"))
    return render_template("cases/urged.html", view=view, urged=urged)


def _clause_list(kind: str, round_id: int) -> Response:
    return hand_out(clause_list_file(the_desk(), the_actor(), round_id, kind))


@PAGES.get("/cases/<int:round_id>/clauses")
@route_guard("monitor.view")
@offer_file("clauses.export", _clause_list, "pdf", "docx")
def clauses(round_id: int) -> ResponseReturnValue:
    """Show what was done for each clause of the regulation."""
    state = request.args.get("state", "")[:20]
    view = view_clause_list(the_desk(), the_actor(), round_id, state)
    about_package(view.package)
    round_page = (view.round.title, f"/cases/{round_id}")
    set_breadcrumbs((t("办件", "Cases"), "/cases"), round_page, (t("依法办理清单", "Clauses carried out"), None))
    groups = group_by_article(view.records, lambda record: record.clause)
    return render_template("cases/clauses.html", view=view, state=state, groups=groups)


@PAGES.get("/cases/<int:round_id>/score-book.xlsx")
@route_guard("scores.export")
def score_book(round_id: int) -> ResponseReturnValue:
    """Hand out the workbook in which the scores are calculated again."""
    return hand_out(score_book_file(the_desk(), the_actor(), round_id))


def _add_crumbs(view: BoardView, last: str) -> None:
    about_package(view.package)
    set_breadcrumbs(*_way_to(view), (last, None))


def _way_to(view: BoardView) -> tuple[tuple[str, str | None], ...]:
    """Return the way to the page of the round for those who may open it, to their own place for heads who may not."""
    if not view.overseen:
        return ((t("工作台", "My place"), "/home"),)
    return (t("办件", "Cases"), "/cases"), (view.round.title, f"/cases/{view.round.id}")
