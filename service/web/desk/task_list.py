"""The list of tasks: its tabs, what narrows it, what came since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS
from service.casework.access.secrets import INSIDE
from service.casework.lists import Page
from service.casework.queries.own_place.next_up import view_next
from service.casework.queries.own_place.signs import waiting_for
from service.casework.queries.people.ratings import rating_tasks
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.queries.tasks.task_list import (
    SCOPES,
    TASKS,
    FilterChoice,
    TaskLine,
    TaskPage,
    TaskQuery,
    count_new_tasks,
    due_day,
    export_tasks,
    list_tasks,
)
from service.domain.text import Text
from service.store import CAP, TaskCounts
from service.web.frame.page.list_page import address_of, offer_table, read_order, show_list
from service.web.frame.page.names import award_name, city_name, kind_name, role_title, translate_name
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.list_query import read_query
from service.web.frame.requests.parse_values import find_query_cursor
from service.web.presentation import date_signed

PAGES = Blueprint("task_list", __name__)


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


def format_capped_count(count: int) -> str:
    """Return a count as a badge says it: counting stops at 1000."""
    return f"{CAP}+" if count >= CAP else str(count)


def build_task_tabs(
    query: TaskQuery | None, counts: TaskCounts | None = None, *, active: str = ""
) -> list[dict[str, object]]:
    """Return the tabs; without ``counts`` the badges of tasks are left out.

    ``query`` is the list of tasks that is shown, or ``active`` another tab: "done", "passed_on" or "asked".
    """
    query, pending = query or TaskQuery(""), waiting_for(the_desk(), the_actor())
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
    if query.scope == "others":
        named.append(("others", t("外单位", "Other bodies")))
    numbers: Mapping[str, int] = {**counts._asdict(), "to_do": counts.to_do} if counts else {}
    waiting = [
        _build_tab(label, list_url(query, scope=scope), numbers.get(scope), query.scope == scope and not active)
        for scope, label in named
    ]
    actor = the_actor()
    if _is_inside(actor) or pending.signs or pending.unread or active == "asked":
        waiting.append(
            _build_tab(t("等我", "Asked of me"), "/tasks/asked", pending.signs + pending.unread, active == "asked")
        )
    waiting.append(_build_tab(t("已办", "Done"), "/tasks/done", None, active == "done"))
    waiting.append(_build_tab(t("转出和催办", "Passed on"), "/tasks/passed-on", None, active == "passed_on"))
    if GUARDS["case.view"].admits(actor):
        waiting.append(_build_tab(t("我发起", "Begun by me"), "/cases?mine=1", None, False))
    return waiting


def _is_inside(actor: Actor) -> bool:
    return any(seat.body_kind in INSIDE for seat in actor.seats)


def _build_tab(label: str, href: str, count: int | None, active: bool) -> dict[str, object]:
    return {
        "label": label,
        "href": href,
        "active": active,
        "count": None if count is None else format_capped_count(count),
    }


_LOOKED_AT = 5
"""So many free tasks are looked at for the next one."""
_OF_OTHERS = ("body", "visible", "overseen", "others")


@PAGES.get("/tasks")
@route_guard("task.list")
@offer_table("task.export", lambda: export_tasks(the_desk(), the_actor(), _read_query(), translate_name, language()))
def tasks() -> ResponseReturnValue:
    """Show what waits for the person, most urgent first."""
    desk, actor = the_desk(), the_actor()
    raw_query = _read_query()
    query = raw_query if raw_query.scope in SCOPES else replace(raw_query, scope="mine")
    page = list_tasks(desk, actor, query, language(), choosing=True)
    if "scope" not in request.args and not page.lines and not _is_filtered(query):
        others = bool(page.counts.visible) and not _is_government(actor)
        if others and request.args.get("done") and not page.counts.body:
            return redirect("/home")  # nothing is left for the reader: what others do is no list to land in
        wider = "body" if page.counts.body else "visible" if others else "mine"
        if wider != query.scope:
            query = TaskQuery(wider)
            page = list_tasks(desk, actor, query, language(), choosing=True)
    if query.scope == "unclaimed" and page.counts.unclaimed == page.counts.body:
        query = replace(query, scope="body")  # nobody has claimed anything: the same rows, under one name
    # what stands in no diagram has no step or round by which the list is narrowed, and stands on its first page alone
    ratings = () if _is_filtered(query) or query.page > 1 or query.order else rating_tasks(desk, actor)
    context = _list_context(page, query)
    done = find_query_cursor(request.args, "done") if request.args.get("done") else None
    like = request.args.get("like", "")
    next_task = _find_next_task(page, done, like) if done else None
    if raw_query.scope not in SCOPES:
        context["gone"] = [say(_GONE["scope"]), *context["gone"]]
    empty = not page.lines and not _is_filtered(query) and not page.counts.unclaimed
    next_up = view_next(the_desk(), the_actor()) if empty else None
    return render_template(
        "tasks/list.html", **context, ratings=ratings, next_up_view=next_up, next_one=next_task, like=like
    )


def _is_government(actor: Actor) -> bool:
    """Return whether the reader decides few things and sees everybody's: what others do is no work of theirs."""
    return any(seat.body_kind == "government" for seat in actor.seats)


def _find_next_task(page: TaskPage, case_id: int | None, like: str) -> TaskLine | None:
    """Return the first task that the reader may go on with at once: of the case in which they did one, then of its kind.

    None that is suspended or waits for others; ``like`` is the step of the task done, as "process/element".
    """
    lines = sorted(page.lines, key=lambda line: (line.case_id != case_id, line.at != like))
    free = islice((line for line in lines if line.is_free), _LOOKED_AT)
    return next((line for line in free if view_task_form(the_desk(), the_actor(), line.id).may_act), None)


@PAGES.get("/tasks/new")
@route_guard("task.list")
def new_tasks() -> ResponseReturnValue:
    """Tell how many tasks came since the list was shown."""
    since = find_query_cursor(request.args, "since") or 0
    return jsonify(count=count_new_tasks(the_desk(), the_actor(), request.args.get("scope", "mine"), since))


def _read_query() -> TaskQuery:
    """Return the list that the address asks for, with the order of its rows."""
    order, page = read_order()
    query = read_query(request.args)
    return replace(query, order=order, page=page, due=request.args.get("on") or query.due)


def _is_filtered(query: TaskQuery) -> bool:
    return bool(
        query.text
        or query.step
        or query.due
        or query.round_id
        or query.jurisdiction
        or query.sort
        or query.award
        or query.role
        or query.after
    )


_PERIODS = {
    "late": ("已逾期", "Overdue"),
    "today": ("今天到期", "Due today"),
    "soon": ("5个工作日内到期", "Due in 5 working days"),
    "none": ("无期限", "No time limit"),
}


def _list_context(page: TaskPage, query: TaskQuery) -> dict[str, Any]:
    choices = page.choices
    names = {"step": _by_value(choices.steps), "round": _by_value(choices.rounds)}
    many = getattr(page.counts, query.scope, 0)
    list_context = show_list(TASKS, values_of(query), Page(page.lines, page.after, page.pages, many))
    return {
        **list_context,
        "page": page,
        "counts": page.counts,
        "filter": {"scope": query.scope, "query": query.text, "kept": _list_hidden_filters(query)},
        "scopes": build_task_tabs(query, page.counts),
        "periods": _list_periods(query, choices.periods),
        "selects": [
            _build_select("round", t("届次", "Round"), query.round_id or "", choices.rounds),
            _build_select("step", t("环节", "Step"), query.step, choices.steps),
            *_list_days(query),
        ],
        "chips": _list_chips(query, names["step"], names["round"]),
        "gone": [
            *(say(_GONE[name]) for name in ("round", "step", "due") if name in choices.gone),
            *list_context["unread"],
        ],
        "here": list_url(query),
    }


_GONE = {
    "scope": Text(
        "没有所要的待办范围，因此列出您名下的待办。请从“我的、本单位、能看到的全部”中选择。",
        "There is no such scope of tasks, so your own are listed: choose one of those above the list.",
    ),
    "step": Text(
        "所筛选的环节已不在现行流程中，没有待办属于它。去掉此条件，即可看到其余待办。",
        "The step of this filter is in no procedure any more, so no task stands at it: remove it to see the others.",
    ),
    "round": Text(
        "所筛选的届次已不存在，或不在您的可见范围。去掉此条件，即可看到其余待办。",
        "The round of this filter is gone, or not yours to see: remove it to see the other tasks.",
    ),
    "due": Text(
        "看不懂所筛选的期限，因此未按期限筛选。请从“已逾期、今天到期、5个工作日内到期、无期限”中选择。",
        "The due date of this filter cannot be read, so it was left out: choose one of those above the list.",
    ),
}


def _by_value(choices: Sequence[FilterChoice]) -> dict[str, str]:
    return {choice.value: choice.name for choice in choices}


def _list_periods(query: TaskQuery, counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Return the periods in which something is due, and the one in force, which is left by pressing it again.

    Where nothing is due soon the list as it stands says as much, and none is offered.
    """
    if not query.due and not any(counts.get(word) for word in ("late", "today", "soon")):
        return []
    return [
        {
            "word": word,
            "label": t(*names),
            "count": format_capped_count(counts.get(word, 0)),
            "active": query.due == word,
            "href": list_url(query, due="" if query.due == word else word),
        }
        for word, names in _PERIODS.items()
        if counts.get(word) or query.due == word
    ]


def _list_hidden_filters(query: TaskQuery) -> dict[str, str]:
    """Return what the filters keep without showing it as a choice."""
    filters = {
        "scope": query.scope,
        "jurisdiction": query.jurisdiction,
        "award": query.award,
        "kind": query.sort,
        "role": query.role,
        "due": "" if _list_days(query) and due_day(query.due) else query.due,
        "order": query.order,
    }
    return {name: value for name, value in filters.items() if value}


def _list_days(query: TaskQuery) -> list[dict[str, object]]:
    """Return the choice of a due day, where the list is not of one's own tasks alone."""
    day = query.due if due_day(query.due) else ""
    return [{"name": "on", "label": t("到期日", "Due on"), "day": day}] if query.scope in _OF_OTHERS else []


def _build_select(name: str, label: str, value: object, choices: Sequence[FilterChoice]) -> dict[str, object]:
    options = [
        {
            "value": choice.value,
            "label": translate_name(choice.name)
            + ("" if choice.tasks is None else t(f"（{choice.tasks}）", f" ({choice.tasks})")),
        }
        for choice in choices
    ]
    return {"name": name, "label": label, "value": value, "options": options}


def _list_chips(query: TaskQuery, steps: Mapping[str, str], rounds: Mapping[str, str]) -> list[dict[str, str]]:
    gone = t("（已不存在）", "(gone)")
    filters = [
        (query.text, f"“{query.text}”", "q"),
        (query.jurisdiction, city_name(query.jurisdiction), "jurisdiction"),
        (query.award, award_name(query.jurisdiction, query.award), "award"),
        (query.sort, kind_name(query.jurisdiction, query.sort), "kind"),
        (query.round_id, rounds.get(str(query.round_id)) or t("届次", "round") + gone, "round"),
        (query.step, translate_name(steps.get(query.step, "")) or t("环节", "step") + gone, "step"),
        (query.role, role_title(query.jurisdiction, query.role) if query.role else "", "role"),
        (query.due, t(*_PERIODS[query.due]) if query.due in _PERIODS else _on_day(query.due), "due"),
    ]
    return [{"label": label, "href": list_url(query, **{key: ""})} for value, label, key in filters if value]


def _on_day(due: str) -> str:
    day = due_day(due)
    return t(f"{date_signed(day, 'zh')}到期", f"due {date_signed(day, 'en')}") if day else due
