"""Pages of a draft's calendar: days off with their documents, what a new notice would move, and a year proposed."""

from __future__ import annotations

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.parameters.calendar_years import (
    PROPOSED,
    NoticeForecast,
    TypedNotice,
    foresee_notice,
    list_years,
    propose_year,
    view_calendar,
)
from service.domain.errors import LaurelError
from service.domain.values.typed_numbers import typed_year
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_calendar")
_FIELDS = ("text", "layer", "year", "title", "number", "issued")


@PAGES.get("/calendar")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the days of a year by which the place counts: ?year=."""
    return _render_page(draft, {})


@PAGES.post("/calendar")
@route_guard("draft.edit")
def notice(draft: int) -> ResponseReturnValue:
    """Show what a notice would move; with ``act`` send the year's file, or propose the year."""
    typed = {key: request.form.get(key, "").strip() for key in _FIELDS}
    year = typed_year(typed["year"])
    typed_notice = TypedNotice(typed["text"], typed["layer"], year, typed["title"], typed["number"], typed["issued"])
    forecast = None
    try:
        forecast = foresee_notice(the_desk(), the_actor(), draft, typed_notice)
        if request.form.get("act") == "file":
            return year_file_answer(forecast.file, year)
        if request.form.get("act") == "propose":
            propose_year(the_desk(), the_actor(), typed_notice)
            flash(t("已提出，等待另一人核定。", "Proposed: another person takes it in."))
            return redirect("/studio/calendar")
    except LaurelError as error:
        return _render_page(draft, typed, say(error.message), forecast), status_of(error)
    return _render_page(draft, typed, forecast=forecast)


def year_file_answer(content: str, year: int) -> Response:
    """Return the file of a year, to be saved."""
    answer = Response(content, mimetype="application/yaml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{year}.yaml"'
    return answer


def _render_page(draft: int, typed: dict[str, str], problem: str = "", forecast: NoticeForecast | None = None) -> str:
    year_text = request.args.get("year", "") or typed.get("year", "")
    desk, actor = the_desk(), the_actor()
    view = view_calendar(desk, actor, draft, typed_year(year_text))
    years = [line.row for line in list_years(desk, actor)]
    layers = {layer.key for layer, _ in view.layers}
    proposed = next((row for row in years if row.state == PROPOSED and row.layer in layers), None)
    if not typed and proposed is not None:  # who looks at what it would move need not say again what it is
        typed = {"year": str(proposed.year), "layer": proposed.layer}
    return studio_page(
        "calendar.html",
        view.draft,
        "studio_calendar.index",
        found=view,
        typed=typed,
        problem=problem,
        forecast=forecast,
        years=years,
        waiting=sum(row.state == PROPOSED for row in years),
    )
