"""Pages of how applicants found the handling of their cases (好差评)."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.cases.rate import answer_rating, rate_case
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.people.ratings import list_ratings, view_rating
from service.casework.reading.ratings import GRADES, MOST
from service.domain.errors import Invalid
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import dated_cursor, dated_place, day_cursor

PAGES = Blueprint("ratings", __name__)


@PAGES.get("/ratings")
@route_guard("rating.view")
def ratings() -> ResponseReturnValue:
    """List the bad ratings that wait for an answer, and all ratings, with the figures of a year."""
    crumbs((t("好差评", "Ratings"), None))
    view = list_ratings(
        the_desk(), the_actor(), day_cursor(request.args, "after"), dated_cursor(request.args, "before")
    )
    after = f"{view.after[0].isoformat()}_{view.after[1]}" if view.after else None
    return render_template("cases/ratings.html", view=view, after=after, before=dated_place(view.before))


@PAGES.get("/cases/<int:case_id>/rating")
@route_guard("rating.view")
def one(case_id: int) -> ResponseReturnValue:
    """Show the rating of a case, and answer it."""
    return _page(case_id)


@PAGES.post("/cases/<int:case_id>/rating")
@route_guard("case.rate")
def rate(case_id: int) -> ResponseReturnValue:
    """Rate."""
    words = request.form.get("words", "")
    try:
        rate_case(the_desk(), the_actor(), case_id, whole_number(request.form.get("grade", "")) or 0, words)
    except Invalid as refusal:
        return _again(case_id, say(refusal.message))
    flash(t("谢谢，评价已记录。", "Thank you, your rating is on record."))
    return redirect(f"/cases/{case_id}#rating", 303)


@PAGES.post("/cases/<int:case_id>/rating/answer")
@route_guard("rating.answer")
def answer(case_id: int) -> ResponseReturnValue:
    """Answer a bad rating."""
    try:
        answer_rating(the_desk(), the_actor(), case_id, request.form.get("words", ""))
    except Invalid as refusal:
        return _page(case_id, say(refusal.message))
    flash(t("已答复，申报组织会收到消息。", "Answered; the organisation gets a message."))
    return redirect("/ratings", 303)


def _page(case_id: int, problem: str = "") -> Response:
    view = view_rating(the_desk(), the_actor(), case_id)
    crumbs((t("好差评", "Ratings"), "/ratings"), (view.line.title, f"/cases/{case_id}"), (t("评价", "Rating"), None))
    shown = render_template("cases/rating_page.html", view=view, problem=problem, most=MOST)
    return make_response(shown, 422 if problem else 200)


def _again(case_id: int, problem: str) -> Response:
    """Show the rating again as it was typed, with what is wrong."""
    view = view_case(the_desk(), the_actor(), case_id)
    crumbs((t("办件", "Cases"), "/cases"), (view.brief.title, f"/cases/{case_id}"), (t("评价", "Rating"), None))
    shown = render_template("cases/rate_again.html", view=view, brief=view.brief, problem=problem)
    return make_response(shown, 422)


@PAGES.app_context_processor
def _words() -> dict[str, object]:
    return {"rating_grades": GRADES, "rating_most": MOST}
