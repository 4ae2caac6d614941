"""Pages of shared pieces: who uses each, what a change would mean for the others, and taking a version over."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.named_differences import named_difference
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.shared_pieces import give_piece, list_shared, take_piece, view_shared
from service.catalog.differences.differences import FileDifference
from service.catalog.pieces.piece_kinds import PieceKind
from service.domain.errors import NotFound
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.drafts.drafts import KIND_NAMES
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.places import editor_of

PAGES = studio_pages("studio_shared")

_KINDS = (PieceKind.DIAGRAM, PieceKind.TABLE, PieceKind.FORM, PieceKind.DOCUMENT)


@PAGES.get("/shared")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show every shared piece with the cities that use it."""
    view = view_draft(the_desk(), the_actor(), draft)
    lines = list_shared(the_desk(), the_actor(), draft)
    groups = [(kind, KIND_NAMES[kind], [line for line in lines if line.kind is kind]) for kind in _KINDS]
    return studio_page("shared/index.html", view, "studio_shared.index", groups=groups)


@PAGES.get("/shared/piece")
@route_guard("draft.view")
def piece(draft: int) -> ResponseReturnValue:
    """Show one shared piece with the copies of the others: ?path=."""
    path = request.args.get("path", "")
    found = view_shared(the_desk(), the_actor(), draft, path)
    view = view_draft(the_desk(), the_actor(), draft)
    href = editor_of(draft, path)
    names = [say(use.city) for use in found.line.others]

    def in_words(difference: FileDifference) -> FileDifference:
        return named_difference(difference, view.package, view.package, say)

    page = {"found": found, "in_words": in_words, "line": found.line, "href": href, "names": names}
    return studio_page("shared/piece.html", view, "studio_shared.index", **page)


@PAGES.post("/shared/take")
@route_guard("draft.edit")
def take(draft: int) -> ResponseReturnValue:
    """Take the published copy of another package into this draft."""
    path, key = request.form.get("path", ""), request.form.get("package", "")
    take_piece(the_desk(), the_actor(), draft, path, key)
    flash(t(f"已采用 {key} 的版本。", f"Took the version of {key}."))
    return redirect(url_for("studio_shared.piece", draft=draft, path=path))


@PAGES.post("/shared/give")
@route_guard("draft.edit")
def give(draft: int) -> ResponseReturnValue:
    """Put this draft's version into another draft."""
    path, to = request.form.get("path", ""), whole_number(request.form.get("to", ""))
    if to is None:
        raise NotFound(Text("请选择放入哪个草稿。", "Choose the draft that takes it."))
    give_piece(the_desk(), the_actor(), draft, path, to)
    flash(
        t(
            "已放入所选草稿，经那里的评审、发布后才生效。",
            "It is in the other draft, and takes effect once that is published.",
        )
    )
    return redirect(url_for("studio_shared.piece", draft=draft, path=path))
