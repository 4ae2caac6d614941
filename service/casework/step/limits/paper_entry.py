"""The working day after a time limit, on which the office enters what came on paper by then."""

from __future__ import annotations

from datetime import date, datetime

from service.casework.step.limits.days import get_statutory_limit, last_day_of
from service.casework.step.step import Step
from service.domain.calendar import add_working_days, end_of_day
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import NEVER
from service.store.models import TaskRow, WorkItemRow

_WAITED = "paper_until"
"""Key of a timer's payload: it has waited for papers once."""


class OnlyOnPaper(Conflict):
    """The limit is over: only what came by then on paper may still be entered."""

    code = "only_on_paper"


def wait_for_papers(step: Step, item: WorkItemRow) -> bool:
    """Let the timer of ``item`` wait until the next working day is over where its task takes papers; return whether it does."""
    until = _find_end(step, item)
    if until is None or until <= step.now or _WAITED in item.payload:
        return False
    step.tx.work.hold(item, step.now)
    step.tx.work.reschedule(item.effect_key, until, payload={**item.payload, _WAITED: until.isoformat()})
    return True


def find_closed_day(step: Step, task: TaskRow, on: date) -> date | None:
    """Return the last day of a task that nothing that came on the day ``on`` can keep any more; None while it may be kept."""
    due_at, reason = get_statutory_limit(task)
    if due_at == NEVER or not step.element(task.process_id, task.element).properties.get("paper_entry"):
        return None
    last = last_day_of(due_at, reason)
    return last if on > last else None


def require_in_time(step: Step, task: TaskRow, received_on: date | None) -> None:
    """Raise OnlyOnPaper where the limit was over when it was sent, or on paper ``received_on``."""
    last = find_closed_day(step, task, received_on or step.today)
    if last is not None:
        raise OnlyOnPaper(describe_closed(last))


def describe_closed(last: date) -> Text:
    """Return that a task takes nothing more, and who still may bring what."""
    day = format_full_day(last)
    return Text(
        f"期限{day.zh}24时已过，这里不再受理；在期限内已经以书面送达办公室的，请告知办公室补录。",
        f"The limit ended on {day.en} at 24:00 and nothing is taken here any more; what reached the office on paper by then,"
        " the office enters: tell them.",
    )


def _find_end(step: Step, item: WorkItemRow) -> datetime | None:
    process, element = item.process_id or "", str(item.payload["element"])
    diagram = step.package.processes.get(process)
    drawn = diagram.elements.get(element) if diagram else None
    if diagram is None or drawn is None or not drawn.attached_to:
        return None
    if not diagram.elements[drawn.attached_to].properties.get("paper_entry"):
        return None
    calendar = step.desk.calendar(step.package.jurisdiction.calendar)
    return end_of_day(add_working_days(calendar, last_day_of(item.due_at, item.payload), 1))
