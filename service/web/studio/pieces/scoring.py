"""Pages of scoring editions: the list with a form for each, items one a line as in a spreadsheet."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.pieces.change_scoring import put_scoring, view_scoring
from service.catalog.scoring.scoring_text import FIELDS
from service.domain.errors import LaurelError, NotFound
from service.domain.text import Text
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import opened_at, studio_page, studio_pages
from service.web.studio.pieces.pieces import remove_asked

PAGES = studio_pages("studio_scoring")
_HERE = "studio_basics.index"


@PAGES.get("/scoring")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the scoring editions of a draft."""
    view, lines = view_scoring(the_desk(), the_actor(), draft)
    return studio_page("scoring.html", view, _HERE, lines=lines)


@PAGES.get("/scoring/edition")
@route_guard("draft.view")
def edition(draft: int) -> ResponseReturnValue:
    """Show one edition as a form: ?id=, without it a new one."""
    ident = request.args.get("id", "")
    _, lines = view_scoring(the_desk(), the_actor(), draft)
    held = next((line.fields for line in lines if line.ident == ident), None)
    if ident and held is None:
        raise NotFound(Text(f"没有评分标准“{ident}”。", f"There is no scoring edition “{ident}”."))
    return _edition(
        draft, ident, not ident, dict(held or {"total_points": "100", "bands": "0 10 20 30 40 50 60 70 80 90 100"})
    )


@PAGES.post("/scoring/edition")
@route_guard("draft.edit")
def put(draft: int) -> ResponseReturnValue:
    """Write one edition."""
    typed = {key: request.form.get(key, "").replace("\r\n", "\n") for key in FIELDS}
    ident, new = request.form.get("id", "").strip(), bool(request.form.get("new"))
    try:
        put_scoring(the_desk(), the_actor(), draft, ident, typed, new, opened_at())
    except LaurelError as refusal:
        return _edition(draft, ident, new, typed, say(refusal.message)), status_of(refusal)
    flash(t("已保存。", "Saved."))
    return redirect(url_for("studio_scoring.index", draft=draft))


@PAGES.post("/scoring/remove")
@route_guard("draft.edit")
def remove(draft: int) -> ResponseReturnValue:
    """Remove an edition of the award's own; what is still in use stays, and where is told."""
    return remove_asked(draft, "studio_scoring.index")


def _edition(draft: int, ident: str, new: bool, typed: dict[str, str], problem: str = "") -> str:
    view, _ = view_scoring(the_desk(), the_actor(), draft)
    return studio_page("scoring_edition.html", view, _HERE, ident=ident, new=new, typed=typed, problem=problem)
