"""What the pages of forms and of documents share: a piece added, and JSON in the order of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.compare_draft import named_difference
from service.casework.studio.drafts.save_file import Saved
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.remove_piece import PieceGivesWay, PieceInUse, remove_piece
from service.casework.studio.pieces.shared_pieces import give_piece, list_shared, take_piece, view_shared
from service.catalog.differences.differences import FileDifference
from service.catalog.pieces.piece_kinds import PieceKind
from service.domain.errors import LaurelError, NotFound
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.page.names import named
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.drafts.drafts import KIND_NAMES, names_of
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.places import editor_of

Index = Callable[[int, str, int], ResponseReturnValue]


def add_asked(draft: int, make: Callable[..., Saved], editor: str, index: Index) -> ResponseReturnValue:
    """Add the piece that a post describes and open it in ``editor``; what is refused is told on the page ``index`` makes."""
    ident, title, like = (request.form.get(name, "") for name in ("ident", "title", "like"))
    try:
        saved = make(the_desk(), the_actor(), draft, ident.strip(), title, like)
    except LaurelError as refusal:
        return index(draft, say(refusal.message), status_of(refusal))
    return redirect(url_for(editor, draft=draft, path=saved.path))


def ordered_json(answer: dict[str, Any]) -> Response:
    """Return JSON with the order of keys kept: it is that of the files."""
    return Response(orjson.dumps(answer), mimetype="application/json")


def remove_asked(draft: int, endpoint: str) -> ResponseReturnValue:
    """Remove the piece that a post names and go back to ``endpoint``; what is still in use stays, and where is told.

    Where another piece would be used in its place that is told first, with a way to it, and asked.
    """
    path, base = request.form.get("path", ""), request.form.get("base", "")
    back = url_for(endpoint, draft=draft)
    called = named(names_of(view_draft(the_desk(), the_actor(), draft)).get(path, path))
    try:
        remove_piece(the_desk(), the_actor(), draft, path, base, give_way=bool(request.form.get("give_way")))
    except PieceInUse as used:
        view = view_draft(the_desk(), the_actor(), draft)
        users = [{"user": user, "href": editor_of(draft, user.file, user.place)} for user in used.users]
        instead = used.instead if isinstance(used, PieceGivesWay) else ""
        page = studio_page(
            "in_use.html", view, endpoint, path=path, base=base, users=users, message=say(used.message), back=back,
            instead=instead, preview=editor_of(draft, instead) if instead else "", names=names_of(view),
        )  # fmt: skip
        return make_response(page, status_of(used))
    flash(t(f"已删除“{called}”，可在“历史”中恢复。", f"“{called}” is removed; “History” brings it back."))
    return redirect(back)


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
