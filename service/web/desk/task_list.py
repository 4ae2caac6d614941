"""The task list page: scopes, filters, polling for new tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.sessions import change_session
from service.casework.queries.list_tasks import TaskPage, TaskQuery, count_new_tasks, due_day, list_tasks
from service.casework.queries.task_choices import steps_of
from service.web.frame.cookies import session_token
from service.web.frame.current import language, say, t, the_actor, the_desk, the_session
from service.web.frame.frame import flash
from service.web.frame.guarding import route_guard
from service.web.frame.names import award_name, city_name, kind_name, role_title
from service.web.frame.parse_values import count_or_none, cursor
from service.web.frame.sign_in import safe_path
from service.web.frame.task_query import read_query
from service.web.presentation import date_short

PAGES = Blueprint("task_list", __name__)
_MOST_FILTERS = 12
_KEPT = ("scope", "q", "jurisdiction", "award", "kind", "role", "step", "due", "round")


@PAGES.get("/tasks")
@route_guard("task.list")
def tasks() -> ResponseReturnValue:
    """Show what waits for the person, most urgent first."""
    desk, actor, query = the_desk(), the_actor(), read_query(request.args)
    page = list_tasks(desk, actor, query, language(), choosing=True)
    if "scope" not in request.args and not page.lines and not _is_filtered(query):
        wider = "body" if page.counts.body else "visible" if page.counts.visible else "mine"
        if wider != query.scope:
            query = TaskQuery(wider)
            page = list_tasks(desk, actor, query, language(), choosing=True)
    return render_template("tasks/list.html", **_shown(page, query))


@PAGES.get("/tasks/new")
@route_guard("task.list")
def new_tasks() -> ResponseReturnValue:
    """Tell how many tasks came since the list was shown."""
    since = cursor(request.args, "since") or 0
    return jsonify(count=count_new_tasks(the_desk(), the_actor(), request.args.get("scope", "mine"), since))


@PAGES.post("/tasks/filters")
@route_guard("task.list")
def save_filter() -> ResponseReturnValue:
    """Keep the filter of the list under a name made from what it says, or forget a kept one."""
    kept = {key: value for key, value in request.form.items() if key in _KEPT and value}
    label = request.form.get("label", "").strip()[:40] or _label(
        read_query(kept), dict(steps_of(the_desk(), the_actor()))
    )
    forget = count_or_none(request.form, "forget")

    def change(details: dict[str, Any]) -> None:
        saved = [one for n, one in enumerate(details.get("filters", [])) if n != forget]
        fresh = [] if forget is not None else [{"label": label, "query": kept}]
        details["filters"] = [one for one in saved if one["query"] != kept or forget is not None][
            -_MOST_FILTERS:
        ] + fresh

    change_session(the_desk(), session_token()[0] or "", change)
    if forget is None:
        flash(t(f"已存为常用筛选“{label}”。", f"Saved the filter “{label}”."))
    return redirect(f"/tasks?{urlencode(kept)}" if forget is None else safe_path(request.form.get("next")))


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


def _url(query: TaskQuery, **changed: object) -> str:
    values = {
        "scope": query.scope,
        "q": query.text,
        "jurisdiction": query.jurisdiction,
        "award": query.award,
        "kind": query.sort,
        "role": query.role,
        "step": query.step,
        "due": query.due,
        "round": query.round_id or "",
    }
    return f"/tasks?{urlencode({k: v for k, v in {**values, **changed}.items() if v not in ('', None)})}"


def _shown(page: TaskPage, query: TaskQuery) -> Mapping[str, Any]:
    steps, rounds = [(step, say(name)) for step, name in page.choices.steps], page.choices.rounds
    dues = [
        ("late", t("已逾期", "Overdue")),
        ("today", t("今天到期", "Due today")),
        ("week", t("本周到期", "Due this week")),
    ]
    session = the_session()
    return {
        "page": page,
        "counts": page.counts,
        "filter": {"scope": query.scope, "query": query.text, "after": query.after, "kept": _hidden(query)},
        "scopes": _scopes(page, query),
        "selects": [
            _select("round", t("届次", "Round"), query.round_id or "", [(str(i), name) for i, name in rounds]),
            _select("step", t("环节", "Step"), query.step, steps),
            _select("due", t("期限", "Due"), query.due, dues),
        ],
        "chips": _chips(query, dict(steps), dict(dues), dict(rounds)),
        "saved": _saved(session.details.get("filters", []) if session else []),
        "here": _url(query),
        "first_url": _url(query),
        "next_url": _url(query, after=f"{page.after[0].isoformat()}_{page.after[1]}") if page.after else None,
    }


def _hidden(query: TaskQuery) -> dict[str, str]:
    """Return what the filters keep without showing it as a choice."""
    kept = {
        "scope": query.scope,
        "jurisdiction": query.jurisdiction,
        "award": query.award,
        "kind": query.sort,
        "role": query.role,
    }
    return {name: value for name, value in kept.items() if value}


def _scopes(page: TaskPage, query: TaskQuery) -> list[dict[str, object]]:
    named = [
        ("mine", t("我的", "Mine"), page.counts.mine),
        ("body", t("本单位", "My body"), page.counts.body),
        ("visible", t("我可见", "All I see"), page.counts.visible),
        *([("overseen", t("全辖区", "Whole place"), None)] if query.scope == "overseen" else []),
    ]
    return [
        {
            "label": label,
            "href": _url(query, scope=scope),
            "active": query.scope == scope,
            "count": f"{count}+" if count is not None and count >= 1000 else count,
        }
        for scope, label, count in named
    ]


def _select(name: str, label: str, value: object, options: Sequence[tuple[str, str]]) -> dict[str, object]:
    return {"name": name, "label": label, "value": value, "options": [{"value": v, "label": n} for v, n in options]}


def _chips(
    query: TaskQuery, steps: Mapping[str, str], dues: Mapping[str, str], rounds: Mapping[int, str]
) -> list[dict[str, str]]:
    found = [
        (query.text, f"“{query.text}”", "q"),
        (query.jurisdiction, city_name(query.jurisdiction), "jurisdiction"),
        (query.award, award_name(query.jurisdiction, query.award), "award"),
        (query.sort, kind_name(query.jurisdiction, query.sort), "kind"),
        (query.round_id, rounds.get(query.round_id or 0, str(query.round_id)), "round"),
        (query.step, steps.get(query.step, query.step), "step"),
        (query.role, role_title(query.jurisdiction, query.role) if query.role else "", "role"),
        (query.due, dues.get(query.due) or _on_day(query.due), "due"),
    ]
    return [{"label": label, "href": _url(query, **{key: ""})} for value, label, key in found if value]


def _on_day(due: str) -> str:
    day = due_day(due)
    return t(f"{date_short(day, 'zh')}到期", f"due {date_short(day, 'en')}") if day else due


def _saved(filters: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    here = {key: value for key, value in request.args.items() if value}
    return [
        {
            "label": one["label"],
            "href": f"/tasks?{urlencode(one['query'])}",
            "active": one["query"] == here,
            "number": n,
        }
        for n, one in enumerate(filters)
    ]


def _label(query: TaskQuery, steps: Mapping[str, str]) -> str:
    dues = {"late": t("已逾期", "overdue"), "today": t("今天到期", "due today"), "week": t("本周到期", "due this week")}
    words = [query.text, steps.get(query.step, ""), dues.get(query.due, "")]
    return " · ".join(w for w in words if w) or t("全部", "all")
