"""Which tasks have no form to submit: a ballot, and a provisional day to settle, each done on a page of its own."""

from __future__ import annotations

from service.casework.access.case_access import BALLOT, CONFIRM
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store.models import TaskRow


def require_form_task(task: TaskRow) -> None:
    """Raise Conflict where ``task`` is not done by submitting a form; says where it is done."""
    if task.kind == BALLOT:
        raise Conflict(
            Text(
                f"“{task.title}”不是表单，提交无效，没有投出任何票。请从待办打开选票投票；表决已经截止的，在办件页查看计票结果。",
                f"“{task.title}” is no form: nothing was cast. Open the ballot from your tasks and vote there; "
                "once it is closed, see the count on the page of the case.",
            )
        )
    if task.kind == CONFIRM:
        raise Conflict(
            Text(
                f"“{task.title}”不是表单，提交无效。请从待办打开，填写最后一日后提交；期限已经确认的，不用再办理。",
                f"“{task.title}” is no form: nothing was settled. Open it from your tasks, enter the last day and submit; "
                "where the day is settled already, nothing is left to do.",
            )
        )
