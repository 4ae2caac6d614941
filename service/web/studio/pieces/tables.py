"""Pages of decision tables and scoring editions of a draft: the editor of a table, an edition as a form."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.change_scoring import put_scoring, view_scoring
from service.casework.studio.pieces.tables import VERBATIM_RULES, add_table, view_table
from service.catalog.scoring.scoring_text import FIELDS
from service.domain.errors import NotFound
from service.domain.text import Text
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import guarded_page, opened_at, studio_page, studio_pages

PAGES = studio_pages("studio_tables")
_HERE = "studio_forms.index"


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
    return studio_page("table.html", view, _HERE, table=table, file=file, told=VERBATIM_RULES)


@PAGES.get("/scoring")
@route_guard("draft.view")
def edition(draft: int) -> ResponseReturnValue:
    """Show one edition as a form: ?id=, without it a new one."""
    ident = request.args.get("id", "")
    _, editions = view_scoring(the_desk(), the_actor(), draft)
    fields = next((line.fields for line in editions if line.ident == ident), None)
    if ident and fields is None:
        raise NotFound(Text(f"没有评分标准“{ident}”。", f"There is no scoring edition “{ident}”."))
    return _render_edition(
        draft, ident, not ident, dict(fields or {"total_points": "100", "bands": "0 10 20 30 40 50 60 70 80 90 100"})
    )


@PAGES.post("/scoring")
@route_guard("draft.edit")
def put(draft: int) -> ResponseReturnValue:
    """Write one edition."""
    typed = {key: request.form.get(key, "").replace("\r\n", "\n") for key in FIELDS}
    ident, new = request.form.get("id", "").strip(), bool(request.form.get("new"))

    def put_edition() -> ResponseReturnValue:
        put_scoring(the_desk(), the_actor(), draft, ident, typed, new, opened_at())
        flash(t("已保存。", "Saved."))
        return redirect(url_for(_HERE, draft=draft, _anchor="scoring"))

    return guarded_page(put_edition, lambda problem: _render_edition(draft, ident, new, typed, problem))


def _render_edition(draft: int, ident: str, new: bool, typed: dict[str, str], problem: str = "") -> str:
    view, _ = view_scoring(the_desk(), the_actor(), draft)
    return studio_page("scoring_edition.html", view, _HERE, ident=ident, new=new, typed=typed, problem=problem)
