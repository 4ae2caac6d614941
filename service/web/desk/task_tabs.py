"""The tabs of the task lists: what waits, what was done, and the cases that the reader began."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from service.casework.queries.list_tasks import TaskQuery
from service.store import CAP, TaskCounts
from service.web.frame.current import t


def values_of(query: TaskQuery) -> dict[str, object]:
    """Return what the address of a list says, by name; what is left open is empty."""
    return {
        "scope": query.scope,
        "q": query.text,
        "jurisdiction": query.jurisdiction,
        "award": query.award,
        "kind": query.sort,
        "role": query.role,
        "step": query.step,
        "due": query.due,
        "round": query.round_id or "",
        "order": query.order,
    }


def list_url(query: TaskQuery, **changed: object) -> str:
    """Return the address of a list, narrowed otherwise by ``changed``."""
    kept = {k: v for k, v in {**values_of(query), **changed}.items() if v not in ("", None)}
    return f"/tasks?{urlencode(kept)}"


def capped(count: int) -> str:
    """Return a count as a badge says it: counting stops at 1000."""
    return f"{CAP}+" if count >= CAP else str(count)


def tabs(query: TaskQuery, counts: TaskCounts | None = None, *, done: bool = False) -> list[dict[str, object]]:
    """Return the tabs; without ``counts`` their badges are left out. ``done`` is what the reader has done."""
    named = [("mine", t("我的", "Mine")), ("body", t("本单位", "My body")), ("visible", t("我可见", "All I see"))]
    if query.scope == "overseen":
        named.append(("overseen", t("全辖区", "Whole place")))
    numbers: Mapping[str, int] = counts._asdict() if counts else {}
    waiting: list[dict[str, object]] = [
        {
            "label": label,
            "href": list_url(query, scope=scope),
            "active": query.scope == scope and not done,
            "count": capped(numbers[scope]) if scope in numbers else None,
        }
        for scope, label in named
    ]
    return [
        *waiting,
        {"label": t("已办", "Done"), "href": "/tasks/done", "active": done, "count": None},
        {"label": t("我发起", "Begun by me"), "href": "/cases?mine=1", "active": False, "count": None},
    ]
