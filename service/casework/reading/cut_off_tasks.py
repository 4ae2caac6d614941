"""Tasks that ended with their time limit, for those who had to do them."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.reading.contacts import contacts_of
from service.casework.reading.published import Published
from service.casework.reading.signs import last_day
from service.casework.reading.stages import waits_for
from service.catalog import Package
from service.catalog.bpmn.ahead import list_interrupting_timers
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


def describe_cut_off(desk: Desk, tx: Transaction, package: Package, case: CaseRow, task: TaskRow) -> Text | None:
    """Return what became of a task that its time limit ended, None where something else did."""
    limit = last_day(task)
    timers = list_interrupting_timers(package.processes[task.process_id], task.element)
    if limit is None or task.done_at is None or task.done_at < task.due_at or not timers:
        return None
    open_tasks = tx.tasks.open_of_case(case.id)
    day, who = format_full_day(limit), waits_for(package, open_tasks)
    steps = dict.fromkeys(package.element(row.process_id, row.element).name for row in open_tasks)
    now = Text(f"，现在{who.zh}“{'”“'.join(steps)}”", f" and is now {who.en}") if who is not None else Text("", "")
    if "paper" not in package.element(task.process_id, task.element).properties:
        return Text(
            f"办理期限（{day.zh}）已过，流程已按没有办理继续{now.zh}。",
            f"The time limit ({day.en}) is over; the procedure goes on without it{now.en}.",
        )
    reach = contacts_of(desk, tx, Published((package,)), case.jurisdiction)[case.jurisdiction].words
    later = Text(
        f"这里不再收取意见；仍有意见的，请把盖章的复函送办公室{f'（{reach}）' if reach else ''}，登记为逾期答复，"
        "不改变已经办理的环节。",
        f" No opinion is taken here any more: a later one goes on paper, stamped, to the office{f' ({reach})' if reach else ''},"
        " which notes it as late; what was done without it stays as it is.",
    )
    ended = Text("", "") if case.status != "running" else later
    return Text(
        f"答复期限（{day.zh}）已过，流程已按没有答复继续{now.zh}。{ended.zh}",
        f"The time limit of the reply ({day.en}) is over; the procedure goes on without it{now.en}.{ended.en}",
    )
