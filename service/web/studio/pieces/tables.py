"""Pages of decision tables in a draft: the list, the editor, spreadsheets out."""

from __future__ import annotations

import io

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.tables import add_table, view_table
from service.casework.studio.pieces.try_table import TOLD_BY_TRIAL
from service.catalog.pieces.piece_kinds import PieceKind
from service.catalog.table_sheets.spreadsheet import headings, lines
from service.office.workbooks import XLSX, write_xlsx
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.pieces.pieces import remove_asked

PAGES = studio_pages("studio_tables")


@PAGES.get("/tables")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the decision tables of a draft."""
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("tables.html", view, "studio_tables.index", tables=view.of(PieceKind.TABLE))


@PAGES.post("/tables")
@route_guard("draft.edit")
def add(draft: int) -> ResponseReturnValue:
    """Make a new table and open it."""
    saved = add_table(the_desk(), the_actor(), draft, request.form.get("id", "").strip(), request.form.get("name", ""))
    return redirect(url_for("studio_tables.edit", draft=draft, path=saved.path))


@PAGES.get("/tables/edit")
@route_guard("draft.view")
def edit(draft: int) -> ResponseReturnValue:
    """Open a table in its editor."""
    view = view_draft(the_desk(), the_actor(), draft)
    table = view_table(the_desk(), the_actor(), draft, request.args.get("path", ""))
    file = next((file for file in view.files if file.path == table.path), None)
    return studio_page("table.html", view, "studio_tables.index", table=table, file=file, told=TOLD_BY_TRIAL)


@PAGES.post("/tables/remove")
@route_guard("draft.edit")
def remove(draft: int) -> ResponseReturnValue:
    """Remove a table; what is still in use stays, and where is told."""
    return remove_asked(draft, "studio_tables.index")


@PAGES.get("/tables/export")
@route_guard("draft.view")
def export(draft: int) -> ResponseReturnValue:
    """Hand out a table as a spreadsheet that can be taken back."""
    sheet = view_table(the_desk(), the_actor(), draft, request.args.get("path", "")).sheet
    content = write_xlsx(sheet.name, headings(sheet), lines(sheet))
    return send_file(io.BytesIO(content), XLSX, as_attachment=True, download_name=f"{sheet.name}.xlsx")
