"""API routes of ratings of how cases were handled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.cases.rate import answer_rating, rate_case
from service.casework.queries.people.ratings import list_ratings, view_rating
from service.web.api.arguments import instant_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import ratings as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import dated_cursor, dated_place


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/cases/<int:case_id>/rating"
    listed = ApiOperation(
        "GET", "/ratings", "rating.view", "List ratings", schemas.RatingsOut, query={"after": instant_place()}
    )
    for operation, work in (
        (listed, list_ratings_given),
        (ApiOperation("GET", one, "rating.view", "Get the rating of a case", schemas.RatingLineOut), rating_of_case),
        (ApiOperation("POST", one, "case.rate", "Rate how a case was handled", None, schemas.RateIn), rate_handling),
        (ApiOperation("POST", f"{one}/answer", "rating.answer", "Answer a bad rating", None, schemas.AnswerRatingIn), answer_bad_rating),
    ):  # fmt: skip
        add_route(api, operation, work)


def list_ratings_given() -> dict[str, Any]:
    """List."""
    view = list_ratings(the_desk(), the_actor(), None, dated_cursor(request.args, "after"))
    return {"ratings": view.all, "waiting": view.waiting, "figures": view.figures, "next": dated_place(view.before)}


def rating_of_case(case_id: int) -> Any:
    """Get."""
    return view_rating(the_desk(), the_actor(), case_id).line


def rate_handling(body: dict[str, Any], case_id: int) -> None:
    """Rate."""
    rate_case(the_desk(), the_actor(), case_id, body["grade"], body["words"])


def answer_bad_rating(body: dict[str, Any], case_id: int) -> None:
    """Answer."""
    answer_rating(the_desk(), the_actor(), case_id, body["words"])
