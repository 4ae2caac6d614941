"""Pages of traps: search the draft for what can go wrong for good, and keep the scenario that shows it."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.scenarios.find_traps import MINUTES, find_traps, keep_trap, view_traps
from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_traps")


@PAGES.get("/traps")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show what the newest search found."""
    found = view_traps(the_desk(), the_actor(), draft)
    return studio_page(
        "traps.html",
        view_draft(the_desk(), the_actor(), draft),
        "studio_traps.index",
        found=found,
        minutes=MINUTES,
        terms=ScenarioTerms(found.package),
    )


@PAGES.post("/traps/search")
@route_guard("draft.view")
def search(draft: int) -> ResponseReturnValue:
    """Search, beside the requests."""
    find_traps(the_desk(), the_actor(), draft, whole_number(request.form.get("minutes", "")) or MINUTES[0])
    return redirect(f"/studio/drafts/{draft}/traps")


@PAGES.post("/traps/keep")
@route_guard("draft.edit")
def keep(draft: int) -> ResponseReturnValue:
    """Keep the scenario that shows a trap in the draft, and play it."""
    number = whole_number(request.form.get("number", ""))
    path = keep_trap(the_desk(), the_actor(), draft, -1 if number is None else number)
    run_scenarios(the_desk(), the_actor(), draft, (path,))
    flash(
        t(
            "已留作草稿的情景，正在运行。隐患消除之后它会变为未通过。",
            "Kept as a scenario; it fails once the trap is gone.",
        )
    )
    return redirect(f"/studio/drafts/{draft}/scenarios/view?path={path}")
