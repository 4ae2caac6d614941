"""API routes of what people choose for themselves: views of the task list, the ways messages reach them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.people.accounts.kept_views import forget_view, keep_view, kept_views, open_first
from service.casework.people.accounts.message_ways import CHOICES, choose_language, choose_ways, view_ways
from service.casework.queries.own_place.count_lists import count_lists
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import own_choices as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.task_query import read_query


def register(api: Blueprint) -> None:
    """Add the routes."""
    every, one, own, ways = "/tasks/views", "/tasks/views/<int:number>", "preference.keep", "/account/messages"
    for operation, work in (
        (ApiOperation("GET", every, own, "List the views that one keeps of the task list", schemas.KeptViewsOut), task_views),
        (ApiOperation("POST", every, own, "Keep a view of the task list", None, schemas.KeepViewIn), keep_task_view),
        (ApiOperation("DELETE", one, own, "Remove a kept view", None), forget_task_view),
        (ApiOperation("PUT", f"{one}/first", own, "Let the list open with a kept view", None, schemas.FirstViewIn), open_with_view),
        (ApiOperation("GET", ways, own, "See by which ways messages reach one", schemas.MessageWaysOut), message_ways),
        (ApiOperation("PUT", ways, own, "Choose by which ways they do", None, schemas.MessageWaysIn), choose_message_ways),
    ):  # fmt: skip
        add_route(api, operation, work)


def task_views() -> dict[str, Any]:
    """List."""
    kept = kept_views(the_desk(), the_actor())
    counts = count_lists(the_desk(), the_actor(), [read_query(one.query) for one in kept])
    return {
        "views": [
            {"number": number, "label": one.label, "query": one.query, "first": one.first, "count": count}
            for number, (one, count) in enumerate(zip(kept, counts, strict=True))
        ]
    }


def keep_task_view(body: dict[str, Any]) -> None:
    """Keep."""
    keep_view(the_desk(), the_actor(), body["label"], body["query"])


def forget_task_view(number: int) -> None:
    """Remove."""
    forget_view(the_desk(), the_actor(), number)


def open_with_view(body: dict[str, Any], number: int) -> None:
    """Choose."""
    open_first(the_desk(), the_actor(), number, first=body["first"])


def message_ways() -> dict[str, Any]:
    """See."""
    view = view_ways(the_desk(), the_actor())
    ways = [
        {"kind": kind, "channel": channel, "chosen": view.chosen[kind, channel], "choices": choices}
        for (kind, channel), choices in CHOICES.items()
    ]
    return {"channels": view.channels, "email": view.email, "language": view.language, "ways": ways}


def choose_message_ways(body: dict[str, Any]) -> None:
    """Choose."""
    if "language" in body:
        choose_language(the_desk(), the_actor(), body["language"])
    choose_ways(the_desk(), the_actor(), {(one["kind"], one["channel"]): one["chosen"] for one in body["ways"]})
