"""The proof sheet of a draft: for every clause the scenarios that fail without it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from service.casework.studio.view_draft import view_draft
from service.casework.studio.view_proofs import view_proofs
from service.web.frame.current import the_actor, the_desk
from service.web.frame.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_proof")


@PAGES.get("/proof")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the proof sheet, to be printed too."""
    found = view_proofs(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("proof.html", view, "studio_proof.index", sheet=found)
