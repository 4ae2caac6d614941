"""How a person likes the task list: views kept under a name, columns, density. Kept over sign-out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.people.accounts.kept_views import (
    KEPT,
    KEY,
    KeptView,
    forget_view,
    keep_view,
    kept_views,
    open_first,
    views_in,
)
from service.casework.people.accounts.preferences import keep_setting, settings_of
from service.casework.queries.own_place.count_lists import count_lists
from service.domain.errors import Invalid, NotFound
from service.web.desk.task_tabs import capped
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none
from service.web.frame.requests.sign_in import page_before
from service.web.frame.requests.sought import query_of
from service.web.frame.requests.task_query import read_query

PAGES = Blueprint("task_views", __name__)
LOOK = "tasks.look"
OPTIONAL = ("body", "step", "came", "who")
"""Columns that a person may show or hide; due date, task and case always stand."""

_SHOWN = ("step", "came", "who")


@dataclass(frozen=True, slots=True)
class ListLook:
    """Which columns the list shows, and whether its rows stand close."""

    columns: tuple[str, ...] = _SHOWN
    dense: bool = False


def kept_looks() -> tuple[Sequence[KeptView], ListLook]:
    """Return the views that the reader keeps, and how they like the list, by one question."""
    found = settings_of(the_desk(), the_actor(), KEY, LOOK)
    look = found.get(LOOK) or {}
    columns = tuple(one for one in OPTIONAL if one in look.get("columns", _SHOWN))
    return views_in(found.get(KEY)), ListLook(columns, bool(look.get("dense")))


def views_shown(kept: Sequence[KeptView]) -> list[dict[str, object]]:
    """Return the views as the page shows them, each with how many tasks it holds."""
    here = {key: value for key, value in request.args.items() if value}
    counts = count_lists(the_desk(), the_actor(), [read_query(one.query) for one in kept])
    return [
        {
            "label": one.label,
            "href": view_url(one),
            "active": one.query == here,
            "count": capped(count),
            "first": one.first,
            "number": number,
        }
        for number, (one, count) in enumerate(zip(kept, counts, strict=True))
    ]


def view_url(one: KeptView) -> str:
    """Return the address of a kept view."""
    return f"/tasks?{query_of(one.query)}"


@PAGES.post("/tasks/views")
@route_guard("preference.keep")
def save_view() -> ResponseReturnValue:
    """Keep the list as it is narrowed and ordered under a name."""
    kept = {key: value for key, value in request.form.items() if key in KEPT and value}
    label = request.form.get("label", "").strip() or t("我的视图", "My view")
    try:
        name = keep_view(the_desk(), the_actor(), label, kept)
    except Invalid as full:
        flash(t(full.message.zh, full.message.en), "error")
    else:
        flash(t(f"已存为视图“{name}”，下次登录仍在。", f"Kept the view “{name}”, also for the next time."))
    return redirect(f"/tasks?{query_of(kept)}")


@PAGES.post("/tasks/views/forget")
@route_guard("preference.keep")
def forget() -> ResponseReturnValue:
    """Remove a kept view; one that is gone already is no fault."""
    number = count_or_none(request.form, "number")
    with suppress(NotFound):
        forget_view(the_desk(), the_actor(), -1 if number is None else number)
    return redirect(page_before())


@PAGES.post("/tasks/views/first")
@route_guard("preference.keep")
def open_with() -> ResponseReturnValue:
    """Let the list open with a kept view, or with none when it is the first already."""
    number = count_or_none(request.form, "number")
    kept = kept_views(the_desk(), the_actor())
    if number is not None and 0 <= number < len(kept):
        with suppress(NotFound):
            open_first(the_desk(), the_actor(), number, first=not kept[number].first)
    return redirect(page_before())


@PAGES.post("/tasks/look")
@route_guard("preference.keep")
def keep_look() -> ResponseReturnValue:
    """Keep which columns are shown, and how close the rows stand."""
    chosen = request.form.getlist("column")
    look = {"columns": [one for one in OPTIONAL if one in chosen], "dense": "dense" in request.form}
    keep_setting(the_desk(), the_actor(), LOOK, lambda _before: look)
    return redirect(page_before())
