"""A draft that others wrote into the database: shown apart from the form, taken over knowingly or dropped."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.queries.tasks.view_task import TaskView
from service.casework.tasks.settle_draft import settle_draft
from service.web.desk.lodged import lodged_values
from service.web.desk.together import unsent_values
from service.web.frame.page.form_shown import show_values
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("doubted_draft", __name__)


@PAGES.post("/tasks/<int:task_id>/doubted-draft")
@route_guard("task.draft")
def settle(task_id: int) -> ResponseReturnValue:
    """Take the draft over, or drop it."""
    take_over = request.form.get("do") == "take-over"
    settle_draft(the_desk(), the_actor(), task_id, take_over=take_over)
    flash(
        t("已采用，填入下面的表单，请逐项核对后提交。", "Taken over and filled in below: check each item, then submit.")
        if take_over
        else t("不可信的草稿已丢弃。", "The draft that others wrote was dropped.")
    )
    return redirect(f"/tasks/{task_id}")


def kept_apart(view: TaskView) -> dict[str, Markup | None]:
    """Return what stands beside the form of a task and not in it: what was typed in vain, what others wrote, what began the case."""
    return {"unsent": unsent_values(view), "doubted": _doubted(view), "lodged": lodged_values(view)}


def _doubted(view: TaskView) -> Markup | None:
    if view.doubted is None or view.form is None or view.why_not is not None:
        return None
    values = view.doubted.values
    return show_values(view.form, values, view.today, outside={**view.stored, **values}, reveal=True)
