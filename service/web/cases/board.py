"""Pages of a round: its applicants as a board, as a table, and how far they came."""

from __future__ import annotations

import io

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.export_round import export_round
from service.casework.queries.files import Download
from service.casework.queries.round_board import ORDERS, BoardView, ordered, view_board
from service.casework.queries.round_funnel import FunnelView, view_funnel
from service.casework.queries.round_reviewers import view_reviewers
from service.casework.tasks.urge_many import urge_cases
from service.office.workbooks import XLSX, write_book
from service.web.frame.current import t, the_actor, the_desk
from service.web.frame.files import hand_out
from service.web.frame.frame import crumbs, flash
from service.web.frame.guarding import route_guard
from service.web.frame.heading import about_package
from service.web.frame.parse_values import row_ids
from service.web.frame.unheeded import unheeded

PAGES = Blueprint("board", __name__)


@PAGES.get("/cases/<int:round_id>/board")
@route_guard("board.view")
def board(round_id: int) -> ResponseReturnValue:
    """Show where every applicant stands: stages as columns, or one table."""
    view = view_board(the_desk(), the_actor(), round_id)
    _crumbs(view, t("申报进展", "Progress"))
    known = {"view": ("board", "table"), "sort": ORDERS, "came": [column.id for column in view.columns]}
    told = unheeded(known)
    if request.args.get("view") == "table":
        order = request.args.get("sort", "")
        order = order if order in ORDERS else ORDERS[0]
        asked = request.args.get("came") or None
        came = next((column for column in view.columns if column.id == asked), None)
        lines = ordered(view, order, came.id if came else "")
        return render_template("cases/board_table.html", view=view, lines=lines, order=order, came=came, told=told)
    return render_template("cases/board.html", view=view, told=told)


@PAGES.post("/cases/<int:round_id>/board/urge")
@route_guard("task.urge")
def urge(round_id: int) -> ResponseReturnValue:
    """Urge who holds up the picked applications, and say of each what became of it."""
    view = view_board(the_desk(), the_actor(), round_id)
    below = {card.id for card in view.cards}
    picked = [ident for ident in row_ids("case") if ident in below]
    if not picked:
        flash(t("请先勾选要催办的办件。", "Pick the applications first."), "warning")
        return redirect(f"/cases/{round_id}/board", 303)
    urged = urge_cases(the_desk(), the_actor(), picked, request.form.get("words", "")[:200])
    _crumbs(view, t("催办", "Urged"))
    return render_template("cases/urged.html", view=view, urged=urged)


@PAGES.get("/cases/<int:round_id>/board/funnel")
@route_guard("board.view")
def funnel(round_id: int) -> ResponseReturnValue:
    """Show how far the applicants came, by what they chose when they applied."""
    view = view_funnel(the_desk(), the_actor(), round_id, request.args.get("by", "")[:120])
    crumbs(
        *_way_to(view),
        (t("申报进展", "Progress"), f"/cases/{round_id}/board"),
        (t("各环节人数", "How far"), None),
    )
    return render_template("cases/funnel.html", view=view)


@PAGES.get("/cases/<int:round_id>/reviewers")
@route_guard("experts.view")
def reviewers(round_id: int) -> ResponseReturnValue:
    """Show how severe each reviewer was beside the rest of the panels."""
    view = view_reviewers(the_desk(), the_actor(), round_id)
    about_package(view.package)
    crumbs(
        (t("办件", "Cases"), "/cases"),
        (view.round.title, f"/cases/{round_id}"),
        (t("评审员宽严", "Severity of reviewers"), None),
    )
    return render_template("cases/reviewers.html", view=view)


@PAGES.get("/cases/<int:round_id>/board.xlsx")
@route_guard("applicants.export")
def board_out(round_id: int) -> ResponseReturnValue:
    """Hand out the board, the funnel and the reviewers as lists of one workbook, the board as its table is ordered."""
    order, came = request.args.get("sort", "stage"), request.args.get("came", "")[:120]
    content = write_book(*export_round(the_desk(), the_actor(), round_id, order, came))
    answer: Response = hand_out(Download("申报进展.xlsx", XLSX, len(content), io.BytesIO(content)))
    return answer


def _crumbs(view: BoardView, last: str) -> None:
    about_package(view.package)
    crumbs(*_way_to(view), (last, None))


def _way_to(view: BoardView | FunnelView) -> tuple[tuple[str, str | None], ...]:
    """Return the way to the page of the round for those who may open it, to their own place for heads who may not."""
    if not view.overseen:
        return ((t("工作台", "My place"), "/home"),)
    return (t("办件", "Cases"), "/cases"), (view.round.title, f"/cases/{view.round.id}")
