"""Remove a piece of a draft from a page: what still uses it is listed, with a way there."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.remove_piece import PieceGivesWay, PieceInUse, remove_piece
from service.web.frame.page.frame import flash
from service.web.frame.page.names import named
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.refusals import status_of
from service.web.studio.drafts.drafts import names_of
from service.web.studio.frame import studio_page
from service.web.studio.places import editor_of


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
