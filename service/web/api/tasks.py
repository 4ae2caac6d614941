"""API routes of tasks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.tasks.done_tasks import list_done
from service.casework.queries.tasks.list_tasks import SCOPES, list_tasks
from service.casework.queries.tasks.task_form import FormerRound, view_task_form
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.send_back import send_back
from service.domain.values.value_at import value_at
from service.web.api.arguments import (
    Query,
    due_within,
    instant_place,
    people_sought,
    whole,
    words,
)
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.common import CompletedOut, CompleteIn, ReturnIn, TaskPageOut, VersionIn
from service.web.api.schemas.done import DonePageOut
from service.web.api.schemas.tasks import TaskDetailOut
from service.web.frame.requests.current import language, the_actor, the_desk
from service.web.frame.requests.parse_values import dated_cursor, dated_place
from service.web.frame.requests.task_query import read_query

_QUERY: Query = {
    "scope": words("whose; mine when left out", *SCOPES),
    "q": people_sought("text"),
    "step": "process/element",
    "due": due_within(),
    "jurisdiction": "one city",
    "award": "tasks of one award",
    "kind": "tasks of one kind of case",
    "role": "tasks of one role",
    "round": whole("id of a round"),
    "after": instant_place(),
}

_DONE: Query = {"q": people_sought("text"), "after": instant_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/tasks/<int:task_id>"
    add_route(
        api,
        ApiOperation("GET", "/tasks", "task.list", "List tasks, most urgent first", TaskPageOut, query=_QUERY),
        tasks,
    )
    add_route(
        api,
        ApiOperation(
            "GET", "/tasks/done", "task.list", "List what one has done, newest first", DonePageOut, query=_DONE
        ),
        done,
    )
    add_route(api, ApiOperation("GET", one, "task.view", "Get a task with its form", TaskDetailOut), task)
    add_route(api, ApiOperation("POST", f"{one}/claim", "task.claim", "Claim a task", None, VersionIn), claim)
    add_route(
        api,
        ApiOperation("POST", f"{one}/complete", "task.complete", "Submit its form", CompletedOut, CompleteIn),
        complete,
    )
    add_route(api, ApiOperation("POST", f"{one}/return", "task.send_back", "Send it back", None, ReturnIn), return_task)


def tasks() -> dict[str, Any]:
    """List."""
    page = list_tasks(the_desk(), the_actor(), read_query(request.args), language())
    return {"tasks": page.lines, "counts": page.counts._asdict(), "next": dated_place(page.after)}


def done() -> dict[str, Any]:
    """List."""
    page = list_done(the_desk(), the_actor(), request.args.get("q", ""), dated_cursor(request.args, "after"))
    return {"tasks": page.lines, "next": dated_place(page.before)}


def task(task_id: int) -> dict[str, Any]:
    """Get one."""
    view = view_task_form(the_desk(), the_actor(), task_id)
    form = view.form.fields() if view.form else ()
    answer = {name: getattr(view, name) for name in ("id", "version", "case_id", "title", "subject", "state", "limit")}
    return {
        **answer,
        "consequence": view.consequence,
        "clauses": view.clauses,
        "may_act": view.why_not is None,
        "why_not": view.why_not,
        "fields_": [
            {"path": f.path, "label": f.label, "type": f.type.value if f.type else None, "required": f.required}
            for f in form
        ],
        "values": view.values if view.why_not is None else {},
        "former": _former(view.former) if view.why_not is None and view.former else None,
    }


def _former(former: FormerRound) -> dict[str, Any]:
    """Return what was answered before in the fields that must be decided again, by their paths."""
    return {
        "who": former.who,
        "at": former.at,
        "values": {path: value_at(former.values, path.split(".")) for path in former.blank},
    }


def claim(body: dict[str, Any], task_id: int) -> None:
    """Claim."""
    claim_task(the_desk(), the_actor(), task_id, body["version"])


def complete(body: dict[str, Any], task_id: int) -> Any:
    """Complete."""
    return complete_task(the_desk(), the_actor(), task_id, body["version"], body["values"])


def return_task(body: dict[str, Any], task_id: int) -> None:
    """Send back."""
    send_back(the_desk(), the_actor(), task_id, body["version"], body["reason"], body["to"], inside=body["note"])
