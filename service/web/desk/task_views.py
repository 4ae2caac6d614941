"""How a person likes the task list: views kept under a name, columns, density. Kept over sign-out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.people.preferences import keep_setting, settings_of
from service.casework.queries.count_lists import count_lists
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.rows import Json
from service.web.desk.task_tabs import capped
from service.web.frame.current import t, the_actor, the_desk
from service.web.frame.frame import flash
from service.web.frame.guarding import route_guard
from service.web.frame.parse_values import count_or_none
from service.web.frame.sign_in import page_before
from service.web.frame.task_query import read_query

PAGES = Blueprint("task_views", __name__)
VIEWS, LOOK = "tasks.views", "tasks.look"
COLUMNS = ("body", "step", "came", "who")
"""Columns that a person may show or hide; due date, task and case always stand."""

LONGEST_NAME = 40
_SHOWN = ("step", "came", "who")
_MOST = 12
_KEPT = ("scope", "q", "jurisdiction", "award", "kind", "role", "step", "due", "round", "order")


@dataclass(frozen=True, slots=True)
class ListLook:
    """Which columns the list shows, and whether its rows stand close."""

    columns: tuple[str, ...] = _SHOWN
    dense: bool = False


def kept_looks() -> tuple[Sequence[Mapping[str, Any]], ListLook]:
    """Return the views that the reader keeps, as {label, query, first}, and how they like the list."""
    found = settings_of(the_desk(), the_actor(), VIEWS, LOOK)
    look = found.get(LOOK) or {}
    columns = tuple(one for one in COLUMNS if one in look.get("columns", _SHOWN))
    return found.get(VIEWS) or [], ListLook(columns, bool(look.get("dense")))


def views_shown(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Return the views as the page shows them, each with how many tasks it holds."""
    here = {key: value for key, value in request.args.items() if value}
    counts = count_lists(the_desk(), the_actor(), [read_query(one["query"]) for one in kept])
    return [
        {
            "label": one["label"],
            "href": view_url(one),
            "active": one["query"] == here,
            "count": capped(count),
            "first": bool(one.get("first")),
            "number": number,
        }
        for number, (one, count) in enumerate(zip(kept, counts, strict=True))
    ]


def view_url(one: Mapping[str, Any]) -> str:
    """Return the address of a kept view."""
    return f"/tasks?{urlencode(one['query'])}"


@PAGES.post("/tasks/views")
@route_guard("preference.keep")
def save_view() -> ResponseReturnValue:
    """Keep the list as it is narrowed and ordered under a name; the same list kept before takes the new name."""
    kept = {key: value for key, value in request.form.items() if key in _KEPT and value}
    label = request.form.get("label", "").strip()[:LONGEST_NAME] or t("我的视图", "My view")

    def change(before: Json) -> Json:
        others = [one for one in before or [] if one["query"] != kept]
        if len(others) >= _MOST:
            raise Invalid(
                Text(
                    f"最多存 {_MOST} 个视图，请先移除一个不用的。",
                    f"At most {_MOST} views are kept: remove one that you do not use.",
                )
            )
        return [*others, {"label": label, "query": kept}]

    try:
        keep_setting(the_desk(), the_actor(), VIEWS, change)
    except Invalid as full:
        flash(t(full.message.zh, full.message.en), "error")
    else:
        flash(t(f"已存为视图“{label}”，下次登录仍在。", f"Kept the view “{label}”, also for the next time."))
    return redirect(f"/tasks?{urlencode(kept)}")


@PAGES.post("/tasks/views/forget")
@route_guard("preference.keep")
def forget_view() -> ResponseReturnValue:
    """Remove a kept view."""
    number = count_or_none(request.form, "number")

    def change(before: Json) -> Json:
        return [one for n, one in enumerate(before or []) if n != number]

    keep_setting(the_desk(), the_actor(), VIEWS, change)
    return redirect(page_before())


@PAGES.post("/tasks/views/first")
@route_guard("preference.keep")
def open_first() -> ResponseReturnValue:
    """Let the list open with a kept view, or with none when it is the first already."""
    number = count_or_none(request.form, "number")

    def change(before: Json) -> Json:
        return [{**one, "first": n == number and not one.get("first")} for n, one in enumerate(before or [])]

    keep_setting(the_desk(), the_actor(), VIEWS, change)
    return redirect(page_before())


@PAGES.post("/tasks/look")
@route_guard("preference.keep")
def keep_look() -> ResponseReturnValue:
    """Keep which columns are shown, and how close the rows stand."""
    chosen = request.form.getlist("column")
    look = {"columns": [one for one in COLUMNS if one in chosen], "dense": "dense" in request.form}
    keep_setting(the_desk(), the_actor(), LOOK, lambda _before: look)
    return redirect(page_before())
