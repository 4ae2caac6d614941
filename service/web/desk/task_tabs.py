"""The tabs of the task lists: what waits, what was done, and the cases that the reader began."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS
from service.casework.access.secrets import INSIDE
from service.casework.queries.own_place.signs import waiting_for
from service.casework.queries.tasks.task_list import TASKS, TaskQuery
from service.store import CAP, TaskCounts
from service.web.frame.page.list_page import address_of
from service.web.frame.requests.current import t, the_actor, the_desk


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
    return address_of(TASKS, {**values_of(query), **changed})


def capped(count: int) -> str:
    """Return a count as a badge says it: counting stops at 1000."""
    return f"{CAP}+" if count >= CAP else str(count)


def tabs(query: TaskQuery | None, counts: TaskCounts | None = None, *, active: str = "") -> list[dict[str, object]]:
    """Return the tabs; without ``counts`` the badges of tasks are left out.

    ``query`` is the list of tasks that is shown, or ``active`` another tab: "done", "passed_on", "signs" or "copies".
    """
    query, shown = query or TaskQuery(""), waiting_for(the_desk(), the_actor())
    named = [
        ("mine", t("我的", "Mine")),
        ("body", t("本单位", "My body")),
        ("visible", t("能看到的全部", "All I can see")),
    ]
    if query.scope == "unclaimed" or (counts and 0 < counts.unclaimed < counts.body):
        named.insert(1, ("unclaimed", t("待认领", "To claim")))
    if query.scope == "to_do":
        named.insert(0, ("to_do", t("我的和待认领", "Mine and to claim")))
    if query.scope == "overseen":
        named.append(("overseen", t("全辖区", "Whole place")))
    numbers: Mapping[str, int] = {**counts._asdict(), "to_do": counts.to_do} if counts else {}
    waiting: list[dict[str, object]] = [
        {
            "label": label,
            "href": list_url(query, scope=scope),
            "active": query.scope == scope and not active,
            "count": capped(numbers[scope]) if scope in numbers else None,
        }
        for scope, label in named
    ]
    actor = the_actor()
    inside = _inside(actor)
    if inside or shown.signs or active == "signs":
        waiting.append(_tab(t("会签", "To sign"), "/tasks/signs", shown.signs, active == "signs"))
    if reads_copies(actor, shown.unread) or active == "copies":
        waiting.append(_tab(t("抄送", "For me"), "/tasks/copies", shown.unread, active == "copies"))
    waiting.append(_tab(t("已办", "Done"), "/tasks/done", None, active == "done"))
    waiting.append(_tab(t("转出和催办", "Passed on"), "/tasks/passed-on", None, active == "passed_on"))
    if GUARDS["case.view"].admits(actor):
        waiting.append(_tab(t("我发起", "Begun by me"), "/cases?mine=1", None, False))
    return waiting


def reads_copies(actor: Actor, unread: int = 0) -> bool:
    """Return whether copies and instructions come to the reader: to offices, and to whoever has some to read."""
    return GUARDS["note.read"].admits(actor) and (_inside(actor) or unread > 0)


def _inside(actor: Actor) -> bool:
    return any(seat.body_kind in INSIDE for seat in actor.seats)


def _tab(label: str, href: str, count: int | None, active: bool) -> dict[str, object]:
    return {"label": label, "href": href, "active": active, "count": None if count is None else capped(count)}
