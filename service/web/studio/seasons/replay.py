"""Pages of replays: past seasons under the draft, and the same applicants in two cities."""

from __future__ import annotations

from datetime import date

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.simulate.seasons.season_difference import Otherwise
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.replay.compare_cities import compare_cities, view_cities
from service.casework.studio.replay.replay_seasons import replay_seasons, view_replay
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.errors import NotFound
from service.web.frame.requests.current import language, say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.presentation import date_words
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.seasons.season_picture import WORDS

PAGES = studio_pages("studio_replay")


@PAGES.get("/replay")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show what would have come out otherwise under the draft."""
    found = view_replay(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page(
        "replay.html",
        view,
        "studio_replay.index",
        found=found,
        Otherwise=Otherwise,
        words=WORDS,
        days=_days,
        terms=ScenarioTerms(found.package),
    )


@PAGES.post("/replay/run")
@route_guard("draft.view")
def run(draft: int) -> ResponseReturnValue:
    """Play the seasons under both versions, beside the requests."""
    replay_seasons(the_desk(), the_actor(), draft, tuple(request.form.getlist("path")))
    return redirect(f"/studio/drafts/{draft}/replay")


@PAGES.get("/replay/cities")
@route_guard("draft.view")
def cities(draft: int) -> ResponseReturnValue:
    """Show the same fictional applicants in two cities."""
    return _cities(draft)


@PAGES.post("/replay/cities")
@route_guard("draft.view")
def compare(draft: int) -> ResponseReturnValue:
    """Play a season of each city, beside the requests."""
    other, _, other_path = request.form.get("other", "").partition("|")
    try:
        compare_cities(the_desk(), the_actor(), draft, request.form.get("path", ""), other, other_path)
    except NotFound as refusal:
        return _cities(draft, say(refusal.message), 404)
    return redirect(f"/studio/drafts/{draft}/replay/cities")


def _cities(draft: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    found = view_cities(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    return make_response(studio_page("cities.html", view, "studio_replay.index", found=found, problem=problem), status)


def _days(text: str) -> str:
    """Return the days of a difference as a reader writes them."""
    return " — ".join(date_words(date.fromisoformat(day), language()) for day in text.split("/"))
