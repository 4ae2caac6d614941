"""Pages of a draft's calendar: days off with their documents, and what a new notice would move."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from service.casework.studio.study_calendar import NoticeForecast, TypedNotice, foresee_notice, view_calendar
from service.domain.errors import LaurelError
from service.web.frame.current import say, the_actor, the_desk
from service.web.frame.failure_status import status_of
from service.web.frame.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_calendar")
_FIELDS = ("text", "layer", "year", "title", "number", "issued")


@PAGES.get("/calendar")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the days of a year by which the place counts: ?year=."""
    return _page(draft, {})


@PAGES.post("/calendar")
@route_guard("draft.edit")
def notice(draft: int) -> ResponseReturnValue:
    """Show what a notice would move; with ``file`` send the year's file."""
    typed = {key: request.form.get(key, "").strip() for key in _FIELDS}
    year = int(typed["year"]) if typed["year"].isdigit() and len(typed["year"]) == 4 else 0
    asked = TypedNotice(typed["text"], typed["layer"], year, typed["title"], typed["number"], typed["issued"])
    try:
        forecast = foresee_notice(the_desk(), the_actor(), draft, asked)
    except LaurelError as error:
        return _page(draft, typed, say(error.message)), status_of(error)
    if request.form.get("file"):
        answer = Response(forecast.file, mimetype="application/yaml")
        answer.headers["Content-Disposition"] = f'attachment; filename="{year}.yaml"'
        return answer
    return _page(draft, typed, forecast=forecast)


def _page(draft: int, typed: dict[str, str], problem: str = "", forecast: NoticeForecast | None = None) -> str:
    asked = request.args.get("year", "") or typed.get("year", "")
    view = view_calendar(the_desk(), the_actor(), draft, int(asked) if asked.isdigit() and len(asked) == 4 else 0)
    return studio_page(
        "calendar.html",
        view.draft,
        "studio_calendar.index",
        found=view,
        typed=typed,
        problem=problem,
        forecast=forecast,
    )
