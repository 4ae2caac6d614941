"""Answers that wait beside the empty form of a task: of a self-check, or of an earlier application; filled in when asked for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.queries.tasks.task_form import TaskForm
from service.casework.reading.corrections import corrected_forms
from service.casework.reading.earlier_application import EarlierAnswers
from service.casework.tasks.take_earlier import take_earlier, view_earlier
from service.domain.forms import Form
from service.domain.wording.counted import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.carried_answers import answers_offered
from service.web.frame.requests.carried_text import CarriedAnswers
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard

PAGES = Blueprint("earlier_answers", __name__)


@dataclass(frozen=True, slots=True)
class AnswersAtHand:
    """What the reader may take into a form: ``checked`` of a self-check, ``earlier`` of an application that has ended."""

    checked: CarriedAnswers | None = None
    earlier: EarlierAnswers | None = None


def answers_at_hand(view: TaskForm, form: Form) -> AnswersAtHand:
    """Return what is offered beside the form of a task that nobody typed into yet."""
    asked = form.id in corrected_forms(view.package) and request.args.get("earlier") != "no"
    earlier = view_earlier(the_desk(), the_actor(), view.id) if asked else None
    return AnswersAtHand(answers_offered(view.package.key, form.id), earlier)


@PAGES.post("/tasks/<int:task_id>/earlier-answers")
@route_guard("task.draft")
def take(task_id: int) -> ResponseReturnValue:
    """Fill them into the blank fields, as a draft."""
    taken = take_earlier(the_desk(), the_actor(), task_id)
    flash(
        t(
            f"此前填写的内容和 {taken.files} 个附件已带入并暂存，请逐项核对，重新勾选声明后提交。",
            f"What you filled in before is taken over with {counted(taken.files, 'file')} and saved as a draft: check it,"
            " confirm the statements and submit.",
        )
    )
    if taken.left_out:
        flash(
            t(
                f"这些附件不能再次使用，请重新上传：{'、'.join(taken.left_out)}。",
                f"These files cannot be used again, upload them anew: {', '.join(taken.left_out)}.",
            ),
            "warning",
        )
    return redirect(f"/tasks/{task_id}")
