"""What a case waits for: which step, with whom, until when, and what comes after it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_see_task
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import closing_day
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.stages import (
    StageView,
    is_awaited,
    limited_by,
    stages_of_case,
    waiting_processes,
    waits_for,
)
from service.casework.scope.record import case_views, child_facts, holding_kinds, objection_kinds
from service.casework.step.decide import decide_condition
from service.casework.step.step import Step
from service.catalog import Diagram, Element, Kind, Package
from service.catalog.bpmn.mainpath import find_needed, main_path
from service.catalog.called_processes import with_called
from service.domain.text import Text
from service.sdk import ChildView
from service.store import NEVER, Transaction
from service.store.models import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class WaitedCase:
    """A case that another waits for; ``limit`` of its most urgent task, None where nobody is to do anything in it."""

    id: int
    title: str
    limit: TimeLimit | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What else the case waits for: time or other cases, in words; ``cases`` are those that keep it waiting."""

    text: Text
    limit: TimeLimit | None
    cases: tuple[WaitedCase, ...] = ()


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


@dataclass(frozen=True, slots=True)
class OwnStep:
    """What the subject of a case has to do next on its way; ``last_day`` where the round's closing day is its limit."""

    name: Text
    last_day: date | None


def waits_of(
    desk: Desk, tx: Transaction, step: Step, tasks: Sequence[TaskRow], below: Sequence[CaseRow], *, conditions: bool
) -> tuple[Waiting, ...]:
    """Return the days and, where it has some, the conditions that a case waits for on its way; never what would interrupt it.

    Where nothing on the way and none of its open ``tasks`` waits, a condition beside the way that cases keep from being met
    is told, else a day that runs in the background, as the end of a regulation; a day on which a task is due is told with it.
    Of the cases ``below`` those are named that a condition waits for.
    """
    calendar = desk.calendar(step.package.jurisdiction.calendar)
    ahead, beside, behind = list[Waiting](), list[Waiting](), list[Waiting]()
    due_with_tasks = {task.due_at for task in tasks}
    for item in tx.work.of_case(step.case.id):
        if item.kind != "timer" or not item.element or not item.process_id:
            continue
        if item.due_at in due_with_tasks:
            continue
        name = limited_by(step.package, item.process_id, item.element)
        limit = time_limit(calendar, item.due_at, item.payload, step.now, state_in(step.case.status))
        found = ahead if is_awaited(step.package, item.process_id, item.element) else behind
        found.append(Waiting(Text(f"正在等待：{name}", f"Waiting for its day: {name}"), limit))
    for wait in tx.subscriptions.in_case(step.case.id) if conditions else ():
        element = step.element(wait.process_id, wait.element)
        if not element.name or not wait.barrier or element.attached_to:
            continue
        waiting = Waiting(
            Text(f"正在等待：{element.name}", f"Waiting until: {element.name}"),
            None,
            _list_waited(step, wait.barrier, below),
        )
        if is_awaited(step.package, wait.process_id, wait.element):
            ahead.append(waiting)
        elif waiting.cases:
            beside.append(waiting)
    return tuple(ahead if ahead or tasks else beside or behind)


def _list_waited(step: Step, barrier: str, below: Sequence[CaseRow]) -> tuple[WaitedCase, ...]:
    """Return the cases that keep a condition from being met, most urgent first: those that do so where each is the only one.

    Where only together they do, those that objections hold.

    Of a case that is held by objections these are named too. A condition that is about something else names none.
    """

    def is_met(*children: ChildView) -> bool:
        scope = step.scope.with_extra({"children": [child_facts(child) for child in children]})
        return decide_condition(barrier, scope, step.environment, step.desk.functions) is True

    kinds = holding_kinds(step.package)
    if not below or "children" not in barrier or not is_met():
        return ()
    lodged = step.tx.cases.select(parent_id=[row.id for row in below], process=kinds)
    children = case_views(step.tx, below, objection_kinds(step.package), kinds, lodged)
    titles = {child.id: child.title for child in children if not is_met(child)}
    if not titles and not is_met(*children):  # it asks for one of several, so that none of them alone is in its way
        titles = {c.id: c.title for c in children if c.status != "ended" and child_facts(c).get("open_objections")}
    titles |= {row.id: row.title for row in lodged if row.parent_id in titles and row.status != "ended"}
    tasks = step.tx.tasks.select("-due_at", case_id=[*titles], state="open")
    limits = {task.case_id: (task.due_at, task.due_reason) for task in tasks}
    calendar, state = step.desk.calendar(step.package.jurisdiction.calendar), state_in(step.case.status)
    return tuple(
        WaitedCase(
            ident, titles[ident], time_limit(calendar, *limits[ident], step.now, state) if ident in limits else None
        )
        for ident in sorted(titles, key=lambda ident: limits.get(ident, (NEVER,))[0])
    )


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


def find_own_step(tx: Transaction, package: Package, case: CaseRow, tasks: Sequence[TaskRow]) -> OwnStep | None:
    """Return what the subject of a running case must do next when nothing goes wrong; None where it need do nothing more.

    What only a turn of the case may ask for, as a correction or a defence, is not told.
    """
    timers = [item for item in tx.work.of_case(case.id) if item.kind == "timer"]
    standing = frozenset(task.element for task in tasks) | {item.element or "" for item in timers}
    inside = waiting_processes(tx, case, tasks)
    step = next(_list_own_steps(package, package.process(case.process).process, standing, inside), None)
    if step is None:
        return None
    above = tx.cases.get(case.parent_id) if case.parent_id is not None else None
    last_day = closing_day(above) if above is not None and "round.deadline" in step.due else None
    return OwnStep(Text(step.name, step.name), last_day)


def _list_own_steps(
    package: Package, process: str, standing: frozenset[str], inside: Collection[str]
) -> Iterator[Element]:
    """Yield the steps of the subject that the main path needs behind where a case stands, in ``process`` and what it calls."""
    diagram = package.processes.get(process)
    if diagram is None:
        return
    points = {around for ident in standing & diagram.elements.keys() for around in _list_around(diagram, ident)}
    path = [diagram.elements[ident] for ident in main_path(diagram)]
    at = next((n for n, one in enumerate(path) if one.id in points or _leads_to(package, one, inside)), None)
    if at is None and inside:  # beside the main path nobody knows what follows
        return
    if at is not None and _leads_to(package, path[at], inside):
        yield from _list_own_steps(package, path[at].called, standing, inside)
    needed = package.derived(("needed steps", process), lambda: find_needed(diagram))
    for element in path[0 if at is None else at + 1 :]:
        role = package.jurisdiction.roles.get(package.role_of(element))
        if element.id not in needed:
            continue
        if element.called:
            yield from _list_own_steps(package, element.called, frozenset(), ())
        elif element.kind is Kind.USER_TASK and role is not None and role.subject:
            yield element


def _list_around(diagram: Diagram, ident: str) -> tuple[str, ...]:
    element = diagram.elements[ident]
    return (ident, element.attached_to, element.parent)


def _leads_to(package: Package, element: Element, inside: Collection[str]) -> bool:
    return bool(element.called) and not with_called(package, element.called).isdisjoint(inside)
