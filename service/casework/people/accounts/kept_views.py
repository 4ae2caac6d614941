"""Views of the task list that a person keeps under names of their own: what each is narrowed by, and which opens first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.accounts.preferences import keep_setting, setting_of
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store.models import Json

KEY = "tasks.views"
LONGEST_NAME, MOST = 40, 12
KEPT = ("scope", "q", "jurisdiction", "award", "kind", "role", "step", "due", "round", "order")
"""What a view keeps of the query of the list."""


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view; ``query`` is what the list is asked by, ``first`` whether the list opens with it."""

    label: str
    query: Mapping[str, str]
    first: bool


def views_in(kept: Json) -> list[KeptView]:
    """Return the views that are kept in what was chosen."""
    return [KeptView(one["label"], one["query"], bool(one.get("first"))) for one in kept or []]


@guarded("preference.keep")
def kept_views(desk: Desk, actor: Actor) -> Sequence[KeptView]:
    """Return the views that the actor keeps, in the order in which they were kept."""
    return views_in(setting_of(desk, actor, KEY))


@guarded("preference.keep")
def keep_view(desk: Desk, actor: Actor, label: str, query: Mapping[str, str]) -> str:
    """Keep a list under a name, which is returned ("" takes a usual one); the same list kept before takes the new name.

    Raises Invalid where as many are kept as may be.
    """
    name = label.strip()[:LONGEST_NAME] or "我的视图"
    chosen = {key: query[key] for key in KEPT if query.get(key)}

    def change(before: list[dict[str, Any]]) -> list[dict[str, Any]]:
        others = [one for one in before if one["query"] != chosen]
        if len(others) >= MOST:
            raise Invalid(
                Text(
                    f"最多存 {MOST} 个视图，请先移除一个不用的。",
                    f"At most {MOST} views are kept: remove one that you do not use.",
                )
            )
        return [*others, {"label": name, "query": chosen}]

    _change(desk, actor, change)
    return name


@guarded("preference.keep")
def forget_view(desk: Desk, actor: Actor, number: int) -> None:
    """Remove a view by its place, from 0; raises NotFound where there is none."""

    def change(before: list[dict[str, Any]]) -> list[dict[str, Any]]:
        gone = _at(before, number)
        return [one for one in before if one is not gone]

    _change(desk, actor, change)


@guarded("preference.keep")
def open_first(desk: Desk, actor: Actor, number: int, *, first: bool) -> None:
    """Let the list open with the view at a place, from 0, or not with it any more; raises NotFound where there is none."""

    def change(before: list[dict[str, Any]]) -> list[dict[str, Any]]:
        chosen = _at(before, number)
        return [{**one, "first": first if one is chosen else bool(one.get("first")) and not first} for one in before]

    _change(desk, actor, change)


def _at(views: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    if not 0 <= number < len(views):
        raise NotFound(Text("这个视图已经移除了，请刷新页面。", "This view is gone: load the page again."))
    return views[number]


def _change(desk: Desk, actor: Actor, change: Callable[[list[dict[str, Any]]], Json]) -> None:
    keep_setting(desk, actor, KEY, lambda before: change(list(before or [])))
