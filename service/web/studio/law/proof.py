"""The proof sheet of a draft: for every clause the scenarios that fail without it, and whether they do."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.law.try_clauses import try_clauses, view_trials
from service.casework.studio.law.view_proofs import view_proofs
from service.catalog.law.clause_trials import TrialVerdict
from service.domain.errors import LaurelError
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_proof")


@PAGES.get("/proof")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the proof sheet, to be printed too."""
    found = view_trials(the_desk(), the_actor(), draft)
    sheet = view_proofs(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("proof.html", view, "studio_proof.index", sheet=sheet, found=found, Verdict=TrialVerdict)


@PAGES.post("/proof/try")
@route_guard("draft.view")
def attempt(draft: int) -> ResponseReturnValue:
    """Take out what cites the chosen clauses, all where none is chosen, beside the requests."""
    clauses = request.form.getlist("clause")
    try:
        try_clauses(the_desk(), the_actor(), draft, clauses)
    except LaurelError as error:
        flash(say(error.message), "warning")
    place = f"clauses?clause={clauses[0]}#chosen" if request.form.get("bench") and clauses else "proof"
    return redirect(f"/studio/drafts/{draft}/{place}")
