"""What a case waits for and what followed on a step: which step, with whom, until when, and what comes after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_see_task, may_view_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.case_summary import outcome_name
from service.casework.reading.stages import StageView, path_of, stages_of_case, waits_for
from service.casework.step.reminders import last_day_of
from service.casework.step.step import Step
from service.catalog import Package
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text
from service.store import NEVER, Transaction
from service.store.models import BodyRow, CaseRow, DocumentRow, NoticeRow, TaskRow


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


def limited_by(package: Package, process_id: str, ident: str) -> str:
    """Return what a timer of a diagram ends, by name: the step it is attached to, else what is named after it itself.

    An attached one is named for what becomes of the step when nobody does it in time, which need not come.
    """
    diagram = package.processes.get(process_id)
    event = diagram.elements.get(ident) if diagram else None
    if diagram is None or event is None:
        return ""
    step = diagram.elements.get(event.attached_to) if event.interrupting else None
    return (step.name if step is not None else "") or event.name or ident


def waits_of(
    desk: Desk, tx: Transaction, step: Step, tasks: Sequence[TaskRow], *, conditions: bool
) -> tuple[Waiting, ...]:
    """Return the days and, where it has some, the conditions that a case waits for on its way.

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
        name = step.element(wait.process_id, wait.element).name
        if name and wait.barrier:
            found = ahead if _is_on_path(step, wait.process_id, wait.element) else behind
            found.append(Waiting(Text(f"等待条件具备：{name}", f"Waiting until: {name}"), None))
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


@guarded("task.complete")
def tell_followed(desk: Desk, actor: Actor, case_id: int, published_since: datetime | None) -> Text | None:
    """Return what followed in a case on what was submitted: what was issued to whom, and who does what until when.

    Nothing was issued where ``published_since`` is None. Tasks of single persons are told by the role alone. None where
    the reader may not look at the case, or nothing is known.
    """
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        if not may_view_case(actor, case, tx):
            return None
        package = desk.packages.get(case.definition, tx)
        parts = _list_published(tx, package, case_id, published_since) if published_since is not None else []
        if case.status == "ended":
            parts.append(Text(f"办件结束：{outcome_name(package, case)}", "The case has ended"))
        else:
            parts += _waits_now(tx, actor, package, case)
    if not parts:
        return None
    return Text("。".join(part.zh for part in parts) + "。", ". ".join(part.en for part in parts) + ".")


def _list_published(tx: Transaction, package: Package, case_id: int, since: datetime) -> list[Text]:
    documents = tx.documents.select(case_id=case_id, issued_at__ge=since)
    parties = tx.cases.parties(case_id) if documents else {}
    issued = [_format_issued_document(package, row, parties) for row in documents]
    return issued + [_format_posted_notice(row) for row in tx.notices.select(case_id=case_id, posted_at__ge=since)]


def _format_issued_document(package: Package, row: DocumentRow, parties: Mapping[str, Sequence[BodyRow]]) -> Text:
    names = [body.name for role in row.recipients for body in parties.get(role, ())]
    names = names or [role.name for ident in row.recipients if (role := package.jurisdiction.roles.get(ident))]
    whom = _format_names(list(dict.fromkeys(names)))
    return Text(
        f"已制发《{row.title}》{f'，送{whom}' if whom else ''}",
        f"Issued: “{row.title}”{f', to {whom}' if whom else ''}",
    )


def _format_posted_notice(row: NoticeRow) -> Text:
    last = format_full_day(row.last_day)
    if row.content.get("announcement"):
        return Text(f"已发布“{row.title}”", f"Posted: “{row.title}”")
    return Text(f"已发布“{row.title}”，{last.zh}期满", f"Posted: “{row.title}”, until {last.en}")


def _waits_now(tx: Transaction, actor: Actor, package: Package, case: CaseRow) -> list[Text]:
    """Return who does what until when; the timers of a case that waits for nobody."""
    tasks = tx.tasks.open_of_case(case.id)
    hidden = [task for task in tasks if not may_see_task(actor, task)]
    steps: dict[tuple[str, str], list[TaskRow]] = {}
    for task in tasks:
        if task not in hidden:
            steps.setdefault((task.process_id, task.element), []).append(task)
    bodies = tx.bodies.by_id({task.body_id for task in tasks if task.body_id is not None})
    waits = []
    for (process_id, ident), rows in steps.items():
        role = package.jurisdiction.roles.get(rows[0].role)
        names = [bodies[row.body_id].name for row in rows if row.body_id in bodies]
        who = _format_names(list(dict.fromkeys(names))) or (role.name if role is not None else "")
        name = package.diagram(process_id).elements[ident].name or rows[0].title
        last = _last_day(min(row.due_at for row in rows), rows[0].due_reason)
        waits.append(Text(f"接下来由{who}办理“{name}”{last.zh}", f"Next: “{name}”, with {who}{last.en}"))
    waiting = waits_for(package, hidden)
    if waiting is not None:
        waits.append(Text(f"接下来{waiting.zh}", f"Next: {waiting.en}"))
    if not waits:
        for item in tx.work.of_case(case.id):
            if item.kind == "timer" and item.element and item.process_id:
                name = limited_by(package, item.process_id, item.element)
                last = format_full_day(last_day_of(item.due_at, item.payload))
                waits.append(Text(f"接下来等“{name}”，{last.zh}期满", f"Next: “{name}”, over on {last.en}"))
    return waits


def _last_day(due_at: datetime, reason: Mapping[str, Any] | None) -> Text:
    if due_at == NEVER:
        return Text("", "")
    last = format_full_day(last_day_of(due_at, reason))
    return Text(f"，最迟{last.zh}", f", by {last.en}")


_MOST_NAMED = 3


def _format_names(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}家" if len(names) > _MOST_NAMED else "")


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
