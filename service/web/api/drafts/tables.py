"""API routes of decision tables in drafts: opened as a sheet, tried, saved."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, request

from service.casework.studio.pieces.compare_spreadsheet import SpreadsheetPreview, compare_spreadsheet
from service.casework.studio.pieces.save_table import save_table
from service.casework.studio.pieces.try_table import TriedTable, try_table
from service.casework.studio.pieces.view_table import OpenedTable, view_table
from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.arguments import needed
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.tables import (
    DraftTableIn,
    DraftTableOut,
    SpreadsheetIn,
    SpreadsheetPreviewOut,
    TableTrialIn,
    TableTrialOut,
)
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/drafts/<int:draft>/table"
    path = {"path": needed("the file, such as processes/CITY/AWARD/eligibility.dmn")}
    routes = (
        (
            ApiOperation("GET", one, "draft.view", "Get a decision table as a sheet", DraftTableOut, None, path),
            draft_table,
        ),
        (ApiOperation("PUT", one, "draft.edit", "Save a decision table", DraftTableOut, DraftTableIn), put_draft_table),
        (
            ApiOperation(
                "POST", f"{one}/trial", "draft.view", "Check and try a decision table", TableTrialOut, TableTrialIn
            ),
            try_draft_table,
        ),
        (
            ApiOperation(
                "POST",
                f"{one}/spreadsheet",
                "draft.view",
                "Compare a spreadsheet with its table",
                SpreadsheetPreviewOut,
                SpreadsheetIn,
            ),
            compare_draft_spreadsheet,
        ),
    )
    for route, work in routes:
        add_route(api, route, work)


def draft_table(draft: int) -> dict[str, Any]:
    """Get."""
    return _described(view_table(the_desk(), the_actor(), draft, request.args.get("path", "")), merged=False)


def put_draft_table(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Save."""
    sheet = read_sheet_json(body["table"])
    ancestor = body["ancestor"] and read_sheet_json(body["ancestor"])
    words = (body["base"], body["note"], body["removed"])
    saved = save_table(the_desk(), the_actor(), draft, body["path"], sheet, *words, ancestor)
    return _described(view_table(the_desk(), the_actor(), draft, body["path"]), merged=saved.merged)


def try_draft_table(body: dict[str, Any], draft: int) -> TriedTable:
    """Try."""
    sheet = read_sheet_json(body["table"])
    return try_table(the_desk(), the_actor(), draft, body["path"], sheet, body["case"], body["facts"])


def compare_draft_spreadsheet(body: dict[str, Any], draft: int) -> SpreadsheetPreview:
    """Compare."""
    try:
        content = base64.b64decode(body["content"], validate=True)
    except (binascii.Error, ValueError) as mistake:
        raise Invalid(Text("content 不是 base64。", "content is no base64.")) from mistake
    rows = the_desk().sandbox.rows(body["name"], content)
    return compare_spreadsheet(the_desk(), the_actor(), draft, body["path"], rows)


def read_sheet_json(sent: dict[str, Any]) -> TableSheet:
    """Return the sheet that a script sent; its shape was checked by the schema."""
    return TableSheet(
        sent["id"],
        sent["name"],
        sent["hit_policy"],
        sent["aggregation"],
        tuple(SheetColumn(**column) for column in sent["inputs"]),
        tuple(SheetColumn(**column) for column in sent["outputs"]),
        tuple(
            TableSheetRow(row["id"], row["was"], row["description"], tuple(row["inputs"]), tuple(row["outputs"]))
            for row in sent["rows"]
        ),
    )


def _described(opened: OpenedTable, *, merged: bool) -> dict[str, Any]:
    return {
        "path": opened.path,
        "hash": opened.hash,
        "revision": opened.revision,
        "merged": merged,
        "table": opened.sheet,
        "uses": opened.uses,
        "called": opened.called,
        "choices": opened.choices,
    }
