"""Pieces of any kind: added and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.studio.drafts.save_file import Saved
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.remove_piece import PieceGivesWay, PieceInUse, remove_piece
from service.catalog.pieces.piece_kinds import kind_of
from service.web.frame.page.frame import flash
from service.web.frame.page.names import translate_name
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import LISTED, editor_of, guarded_page, names_of, studio_page, studio_pages


def add_posted_piece(
    draft: int, make: Callable[..., Saved], editor: str, index: Callable[[int, str], str]
) -> ResponseReturnValue:
    """Add the piece that a post describes and open it in ``editor``; what is refused is told on the page ``index`` makes."""
    ident, title, like = (request.form.get(name, "") for name in ("ident", "title", "like"))

    def add_piece() -> ResponseReturnValue:
        saved = make(the_desk(), the_actor(), draft, ident.strip(), title, like)
        return redirect(url_for(editor, draft=draft, path=saved.path))

    return guarded_page(add_piece, lambda problem: index(draft, problem))


def ordered_json(answer: dict[str, Any]) -> Response:
    """Return JSON with the order of keys kept: it is that of the files."""
    return Response(orjson.dumps(answer), mimetype="application/json")


def inline_json(data: dict[str, Any]) -> Markup:
    """Return what a script of the page is to know, in the order of keys of the files, as it stands within a script element."""
    return Markup(orjson.dumps(data).decode().replace("<", "\\u003c"))  # noqa: S704  nothing in it can end the element


PAGES = studio_pages("studio_pieces")


@PAGES.post("/remove")
@route_guard("draft.edit")
def remove(draft: int) -> ResponseReturnValue:
    """Remove the piece that a post names and go back to the list of its kind; what is still in use stays, and where is told.

    Where another piece would be used in its place that is told first, with a way to it, and asked.
    """
    path, base = request.form.get("path", ""), request.form.get("base", "")
    endpoint = LISTED.get(kind_of(path), "studio_forms.index")
    back = url_for(endpoint, draft=draft)
    called = translate_name(names_of(view_draft(the_desk(), the_actor(), draft)).get(path, path))
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
