"""What a case waits for: which step, with whom, until when, and what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_see_task
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.stages import StageView, limited_by, path_of, stages_of_case, waits_for
from service.casework.step.step import Step
from service.catalog import Package
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class Waiting:
    """What else the case waits for: time or other cases, in words."""

    text: Text
    limit: TimeLimit | None


@dataclass(frozen=True, slots=True)
class ComesNext:
    """What is waited for and what follows; each part "" or None where the page says it elsewhere or nobody knows.

    ``round`` is the case above, where its ``step`` is waited for, "" for a step of the case itself; ``who`` does it,
    ``limit`` is its last day. ``then`` is the stage of the case that comes after the present one.
    """

    round: str
    step: str
    who: Text | None
    limit: TimeLimit | None
    then: str


def waits_of(
    desk: Desk, tx: Transaction, step: Step, tasks: Sequence[TaskRow], *, conditions: bool
) -> tuple[Waiting, ...]:
    """Return the days and, where it has some, the conditions that a case waits for on its way; never what would interrupt it.

    What runs in the background, as the end of a regulation, is told where nothing on the way and none of its open
    ``tasks`` waits; a day on which one of these is due is told with it.
    """
    calendar = desk.calendar(step.package.jurisdiction.calendar)
    ahead, behind = list[Waiting](), list[Waiting]()
    due_with_tasks = {task.due_at for task in tasks}
    for item in tx.work.of_case(step.case.id):
        if item.kind != "timer" or not item.element or not item.process_id:
            continue
        if item.due_at in due_with_tasks:
            continue
        name = limited_by(step.package, item.process_id, item.element)
        limit = time_limit(calendar, item.due_at, item.payload, step.now, state_in(step.case.status))
        found = ahead if _is_on_path(step, item.process_id, item.element) else behind
        found.append(Waiting(Text(f"等待期限届满：{name}", f"Waiting for a time limit: {name}"), limit))
    for wait in tx.subscriptions.select(case_id=step.case.id) if conditions else ():
        element = step.element(wait.process_id, wait.element)
        if element.name and wait.barrier and not element.attached_to:
            found = ahead if _is_on_path(step, wait.process_id, wait.element) else behind
            found.append(Waiting(Text(f"等待条件具备：{element.name}", f"Waiting until: {element.name}"), None))
    return tuple(ahead if ahead or tasks else behind)


def _is_on_path(step: Step, process_id: str, element: str) -> bool:
    diagram = step.package.processes.get(process_id)
    if diagram is None or element not in diagram.elements:
        return False
    return not path_of(step.package, diagram).isdisjoint((element, diagram.elements[element].attached_to))


def comes_next(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    step: Step,
    stages: Sequence[StageView],
    tasks: Sequence[TaskRow],
    timed: bool,
) -> ComesNext:
    """Return what the reader of a running case waits for.

    ``tasks`` are the open ones of the case, of which those that the reader may see are shown with it; ``timed`` says
    that the case waits for a day of its own. Tasks of single persons are told by their stage, the soonest day of all.
    """
    then = next((stage.name for stage in stages if stage.state == "next"), "")
    hidden = [task for task in tasks if not may_see_task(actor, task)]
    if hidden:
        name = next((stage.name for stage in stages if stage.state == "now"), "")
        return ComesNext("", name, waits_for(step.package, hidden), _find_nearest_limit(desk, step, hidden), then)
    if tasks or timed or step.case.parent_id is None:
        return ComesNext("", "", None, None, then)
    above = tx.cases.get(step.case.parent_id)
    if above.status == "ended":
        return ComesNext("", "", None, None, then)
    return _in_round(desk, tx, step, above, then)


def _in_round(desk: Desk, tx: Transaction, step: Step, above: CaseRow, then: str) -> ComesNext:
    package: Package = desk.packages.get(above.definition, tx)
    tasks = tx.tasks.open_of_case(above.id)
    now = next((stage for stage in stages_of_case(tx, package, above, tasks) if stage.state == "now"), None)
    if now is None or not now.id:
        return ComesNext("", "", None, None, then)
    return ComesNext(above.title, now.name, now.note, _find_nearest_limit(desk, step, tasks), then)


def _find_nearest_limit(desk: Desk, step: Step, tasks: Sequence[TaskRow]) -> TimeLimit | None:
    if not tasks:
        return None
    calendar = desk.calendar(step.package.jurisdiction.calendar)
    first = min(tasks, key=lambda task: task.due_at)
    limit = time_limit(calendar, first.due_at, first.due_reason, step.now)
    return limit if limit.last_day else None
