"""Routes for what offices do beside a task: urge who must do it."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.tasks.urge import urge_task
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("office_acts", __name__)
_NAMED = 5


@PAGES.post("/tasks/<int:task_id>/urge")
@route_guard("task.urge")
def urge(task_id: int) -> ResponseReturnValue:
    """Urge who must do the task; go back to the page of the case where it was urged there."""
    told = urge_task(the_desk(), the_actor(), task_id, request.form.get("words", "")[:200])
    names = told[:_NAMED]
    others = t(f"等{len(told)}人", f" and {len(told) - _NAMED} more") if len(told) > _NAMED else ""
    flash(t(f"已催办：{'、'.join(names)}{others}会收到消息。", f"Urged: {', '.join(names)}{others} get a message."))
    case = whole_number(request.form.get("case", ""))
    return redirect(f"/tasks/{task_id}" if case is None else f"/cases/{case}")
