"""Page of the handbook of a procedure: made as PDF or Word for a meeting, and downloaded."""

from __future__ import annotations

import io

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.queries.downloads.files import Download
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.handbook import FORMS, SIDES, make_handbook, open_handbook, view_handbooks
from service.domain.errors import LaurelError
from service.web.frame.page.files import hand_out
from service.web.frame.requests.current import language, say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_handbook")
_NAMES = {"pdf": "PDF", "docx": "Word"}


@PAGES.get("/handbook")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show which handbooks there are, and how one is made."""
    return _page(draft)


@PAGES.post("/handbook")
@route_guard("draft.view")
def make(draft: int) -> ResponseReturnValue:
    """Begin to make one, beside the requests."""
    form, side = request.form.get("form", ""), request.form.get("side", "")
    try:
        make_handbook(the_desk(), the_actor(), draft, form, side, language())
    except LaurelError as refusal:
        return make_response(_page(draft, say(refusal.message)), status_of(refusal))
    return redirect(f"/studio/drafts/{draft}/handbook")


@PAGES.get("/handbook/file")
@route_guard("draft.view")
def file(draft: int) -> ResponseReturnValue:
    """Hand one out: ?form=."""
    form = request.args.get("form", "")
    name, content = open_handbook(the_desk(), the_actor(), draft, form)
    return hand_out(Download(name, FORMS[form], len(content), io.BytesIO(content)))


def _page(draft: int, problem: str = "") -> str:
    found = view_handbooks(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("handbook.html", view, "studio.draft", found=found, problem=problem, names=_NAMES, sides=SIDES)
