"""API routes of a round: where its applicants stand, how far they came, how severe reviewers were."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.rounds.export_round import export_round
from service.casework.queries.rounds.round_board import MOST, PAGE, page_board
from service.office.workbooks import XLSX, write_book
from service.web.api.arguments import Query, row_place, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.board import BoardOut
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import count_or_none, cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    case = "/cases/<int:round_id>/board"
    cards: Query = {
        "stage": "id of a column: the cards that stand there alone",
        "limit": whole(f"how many cards a page has; {PAGE} when left out", 1, MOST),
        "after": row_place(),
    }
    for operation, work in (
        (
            ApiOperation("GET", case, "board.view", "Get where the applicants of a round stand", BoardOut, query=cards),
            board,
        ),
        (
            ApiOperation(
                "GET",
                f"{case}/list",
                "applicants.export",
                "Get board, funnel and reviewers as a spreadsheet",
                HandedFileOut,
            ),
            out,
        ),
    ):
        add_route(api, operation, work)


def board(round_id: int) -> dict[str, Any]:
    """Get a page."""
    args = request.args
    limit, after = count_or_none(args, "limit") or PAGE, cursor(args, "after") or 0
    page = page_board(the_desk(), the_actor(), round_id, args.get("stage"), after, limit)
    return {"columns": page.board.columns, "next": page.after}


def out(round_id: int) -> dict[str, Any]:
    """Get."""
    return handed("申报进展.xlsx", XLSX, write_book(*export_round(the_desk(), the_actor(), round_id)))
