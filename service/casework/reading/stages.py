"""The progress of a case: stages done, current and to come, and on whom it waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from service.casework.step.limits.days import last_day_of
from service.catalog import Diagram, Element, Kind, Package
from service.catalog.bpmn.mainpath import main_path
from service.catalog.called_processes import with_called
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text
from service.domain.values.bounds import OneOf
from service.store import Transaction
from service.store.models import CaseRow, TaskRow, VisitRow, WorkItemRow


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage: state is "done", "now", "next" or "stopped" (the case ended here before its time)."""

    id: str
    name: str
    state: Annotated[str, OneOf(("done", "now", "next", "stopped"))]
    date: datetime | None = None
    note: Text | None = None


def stages_of_case(
    tx: Transaction, package: Package, case: CaseRow, tasks: Sequence[TaskRow] | None = None
) -> tuple[StageView, ...]:
    """Return the stages of ``case``: those it went through in that order, then those that can still come.

    A stage is a call activity of the case's own diagram. Branches not taken (paper instead of online) are left out.
    ``tasks`` are those of the case that are open, where they are known already.
    """
    diagram = package.diagram(package.process(case.process).process)
    tasks = tx.tasks.open_of_case(case.id) if tasks is None else tasks
    visits = [visit for visit in tx.visits.in_case(case.id) if visit.process_id == diagram.process_id]
    begun = _map_entered_stages(visits, diagram)
    now = _find_current_stage(tx, package, diagram, list(begun), case, tasks) if case.status != "ended" else None
    left = [stage for stage in begun if stage != now] if case.status != "ended" else []
    beside = _find_side_stages(tx, package, diagram, left, case)
    begun = {stage: at for stage, at in begun.items() if stage not in beside}
    if case.status != "ended":
        standing = now or next((t.element for t in tasks if t.process_id == diagram.process_id), None)
        again = _find_stages_again(package, diagram, begun, standing)
        begun = {stage: at for stage, at in begun.items() if stage not in again}
    entered = list(begun)
    left_at = _map_left_stages(visits, diagram, begun)
    nexts = [*list(begun.values())[1:], case.ended_at]  # a stage is over when what follows it begins
    end_times = [left_at.get(stage, at) for stage, at in zip(entered, nexts, strict=bool(entered))]
    last = _find_last_step(visits, diagram) if case.status == "ended" else None
    behind = [
        _build_past_stage(diagram.elements[e], at, case, e == now, last is None and e == entered[-1])
        for e, at in zip(entered, end_times, strict=bool(entered))
    ]
    stages = [
        s if s.state != "now" else StageView(s.id, s.name, "now", None, waits_for(package, tasks)) for s in behind
    ]
    if case.status == "ended":
        return (*stages, _build_past_stage(last, case.ended_at, case, False, True)) if last else tuple(stages)
    if now is None:
        stages.append(_build_between_stage(tx, package, diagram, case, tasks))
    start = now or (list(begun)[-1] if begun else diagram_start(diagram))
    return (*stages, *_list_coming_stages(package, case, diagram, start, set(begun)))


def diagram_start(diagram: Diagram) -> str:
    """Return the id of the plain start event."""
    return next(e.id for e in diagram.of(Kind.START))


def waits_for(package: Package, tasks: Sequence[TaskRow]) -> Text | None:
    """Return on whom the open ``tasks`` wait; None when they wait for time or a message only."""
    roles = [package.jurisdiction.roles.get(task.role) for task in tasks]
    names = dict.fromkeys((role.name, role.name_en) for role in roles if role is not None)
    if not names:
        return None
    return Text(f"等{'、'.join(zh for zh, _ in names)}办理", f"with {', '.join(en for _, en in names)}")


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


def _map_entered_stages(visits: Iterable[VisitRow], diagram: Diagram) -> Mapping[str, datetime]:
    """Return the stages the case has entered, by the instant it last did."""
    calls = {call.id for call in diagram.calls}
    return {visit.element: visit.at for visit in visits if visit.element in calls}


def _map_left_stages(
    visits: Sequence[VisitRow], diagram: Diagram, begun: Mapping[str, datetime]
) -> Mapping[str, datetime]:
    """Return the stages that the case left for a step after them, by the instant it did; not those it left otherwise."""
    times_by_stage: dict[str, datetime] = {}
    for stage in begun:
        following = {flow.target for flow in diagram.outgoing(stage)}
        entered = max(place for place, visit in enumerate(visits) if visit.element == stage)
        left = next((visit.at for visit in visits[entered:] if visit.element in following), None)
        times_by_stage |= {} if left is None else {stage: left}
    return times_by_stage


def _find_last_step(visits: Sequence[VisitRow], diagram: Diagram) -> Element | None:
    """Return the step of people with which the case ended, where it came after the last stage; None where none did."""
    passed = [diagram.elements[visit.element] for visit in visits if visit.element in diagram.elements]
    last = next((element for element in reversed(passed) if element.called or element.kind is Kind.USER_TASK), None)
    return last if last is not None and not last.called and last.name else None


def _find_side_stages(
    tx: Transaction, package: Package, diagram: Diagram, begun: Iterable[str], case: CaseRow
) -> set[str]:
    """Return the stages that were entered and wait for a message, beside the way that the case takes: it may never come."""
    calls = {stage: _awaiting_messages(package, diagram.elements[stage].called) for stage in begun}
    awaited = {s.process_id for s in tx.subscriptions.in_case(case.id)} if any(calls.values()) else set()
    return {stage for stage, diagrams in calls.items() if not diagrams.isdisjoint(awaited)}


def _find_stages_again(
    package: Package, diagram: Diagram, begun: Mapping[str, datetime], standing: str | None
) -> set[str]:
    """Return the stages that were entered and lie ahead once more, where the case was led back to ``standing``."""
    path = package.derived(("way", diagram.process_id), lambda: main_path(diagram))
    ways = [standing, *iterate_reachable_elements(diagram, standing)] if standing is not None else []
    place = next((path.index(ident) for ident in ways if ident in path), len(path))
    since = begun.get(standing or "")
    ahead = [stage for stage in path[place:] if stage in begun and stage != standing]
    return {stage for stage in ahead if since is None or begun[stage] < since}


def _awaiting_messages(package: Package, process: str) -> frozenset[str]:
    """Return, of ``process`` and what it calls, the diagrams in which a message is spoken of."""
    called = with_called(package, process)
    return package.derived(
        ("speak of messages", process),
        lambda: frozenset(p for p in called if any(e.message for e in package.processes[p].elements.values())),
    )


def waiting_processes(tx: Transaction, case: CaseRow, tasks: Sequence[TaskRow]) -> Collection[str]:
    """Return the diagrams inside which ``case`` waits for people, time or a condition, else those inside which it waits for a message.

    A message may never come.
    """
    timers = {w.process_id for w in tx.work.of_case(case.id) if w.kind == "timer" and w.process_id}
    awaited = tx.subscriptions.in_case(case.id)
    conditions = {s.process_id for s in awaited if s.barrier}
    return {t.process_id for t in tasks} | timers | conditions or {s.process_id for s in awaited}


def _find_current_stage(
    tx: Transaction, package: Package, diagram: Diagram, begun: Sequence[str], case: CaseRow, tasks: Sequence[TaskRow]
) -> str | None:
    """Return the stage inside which something waits: the one entered last of several.

    Where a task waits inside the last of all, nobody need ask for timers and messages.
    """
    inside = [(stage, with_called(package, diagram.elements[stage].called)) for stage in reversed(begun)]
    if inside and not inside[0][1].isdisjoint(task.process_id for task in tasks):
        return inside[0][0]
    waiting = waiting_processes(tx, case, tasks)
    return next((stage for stage, diagrams in inside if not diagrams.isdisjoint(waiting)), None)


def _build_between_stage(
    tx: Transaction, package: Package, diagram: Diagram, case: CaseRow, tasks: Sequence[TaskRow]
) -> StageView:
    """Return where a case stands that is inside no stage: a step, a time limit or a condition of its own diagram."""
    diagram_tasks = [task for task in tasks if task.process_id == diagram.process_id]
    timers = [w for w in tx.work.of_case(case.id) if w.kind == "timer" and w.process_id == diagram.process_id]
    if diagram_tasks:
        element = diagram.elements.get(diagram_tasks[0].element)
        if element is not None and (ending := _find_ending_day(diagram, element, timers)):
            return ending
        return StageView(
            diagram_tasks[0].element,
            (element.name if element else "") or diagram_tasks[0].title,
            "now",
            None,
            waits_for(package, diagram_tasks),
        )
    waits = [
        (w.element or "", _until(last_day_of(w.due_at, w.payload))) for w in sorted(timers, key=lambda w: w.due_at)
    ]
    waits += [(s.element, _CONDITION) for s in tx.subscriptions.in_case(case.id)]
    named = [(diagram.elements[ident], note) for ident, note in waits if ident in diagram.elements]
    path = path_of(package, diagram)
    # What runs in the background, as the end of a regulation, is told only where nothing on the way waits.
    for element, note in sorted(named, key=lambda one: one[0].id not in path):
        if element.name:
            return StageView(element.id, element.name, "now", None, note)
    return StageView("", "等待其他环节", "now", None, waits_for(package, tasks))


def _find_ending_day(diagram: Diagram, step: Element, timers: Sequence[WorkItemRow]) -> StageView | None:
    """Return the day that ends a step of several bodies: the case goes on by it, whether they all did it or not."""
    for timer in timers if step.multi else ():
        event = diagram.elements.get(timer.element or "")
        if event is not None and event.attached_to == step.id and event.interrupting and event.name:
            return StageView(event.id, event.name, "now", None, _until(last_day_of(timer.due_at, timer.payload)))
    return None


_CONDITION = Text("等待条件具备", "waiting for a condition")


def _until(day: date) -> Text:
    words = format_full_day(day)
    return Text(f"到{words.zh}", f"until {words.en}")


def inside_stage(package: Package, case: CaseRow, stage: StageView) -> Collection[str]:
    """Return the diagrams that run inside a stage of ``case``; of a step that is no stage the case's own."""
    diagram = package.diagram(package.process(case.process).process)
    element = diagram.elements.get(stage.id)
    return with_called(package, element.called) if element is not None and element.called else {diagram.process_id}


def is_ending_day(package: Package, case: CaseRow, stage: StageView) -> bool:
    """Return whether a stage of ``case`` is the day that ends a step of several bodies."""
    element = package.diagram(package.process(case.process).process).elements.get(stage.id)
    return element is not None and bool(element.attached_to)


def is_awaited(package: Package, process_id: str | None, ident: str | None) -> bool:
    """Return whether an event stands on the way of a diagram or limits a step of it: a called process is waited for inside."""
    diagram = package.processes.get(process_id or "")
    event = diagram.elements.get(ident or "") if diagram else None
    if diagram is None or event is None:
        return False
    step = diagram.elements.get(event.attached_to)
    return not (step and step.called) and not path_of(package, diagram).isdisjoint((event.id, event.attached_to))


def path_of(package: Package, diagram: Diagram) -> frozenset[str]:
    """Return the ids of the main path of ``diagram``."""
    return package.derived(("main path", diagram.process_id), lambda: frozenset(main_path(diagram)))


def _build_past_stage(element: Element, at: datetime | None, case: CaseRow, now: bool, last: bool) -> StageView:
    if now:
        return StageView(element.id, element.name, "now")
    if last and case.status == "ended" and case.outcome in EARLY_ENDS:
        return StageView(element.id, element.name, "stopped", case.ended_at)
    return StageView(element.id, element.name, "done", at)


EARLY_ENDS = frozenset(
    {"withdrawn", "refused", "not_accepted", "rejected", "lapsed", "not_recommended", "disqualified", "cancelled"}
)
"""Outcomes shown as an early end; others are an ordinary end."""


def _list_coming_stages(
    package: Package, case: CaseRow, diagram: Diagram, start: str, behind: Collection[str]
) -> Sequence[StageView]:
    coming = package.derived(
        ("reachable", diagram.process_id, start), lambda: frozenset(collect_reachable_elements(diagram, start))
    )
    return [
        StageView(stage.id, stage.name, "next")
        for stage in package.stages(case.process)
        if stage.id in coming and stage.id not in behind
    ]


def collect_reachable_elements(diagram: Diagram, start: str) -> set[str]:
    """Return the ids of what can follow ``start`` along the flows of ``diagram``."""
    return set(iterate_reachable_elements(diagram, start))


def iterate_reachable_elements(diagram: Diagram, start: str) -> Iterator[str]:
    """Yield the ids of what can follow ``start``, nearest first."""
    seen: set[str] = set()
    queue = deque([start])
    while queue:
        for flow in diagram.outgoing(queue.popleft()):
            if flow.target not in seen:
                seen.add(flow.target)
                queue.append(flow.target)
                yield flow.target


_USUAL = {
    "material_review": Text("材料评审", "Document review"),
    "defence": Text("陈述答辩", "Oral defence"),
    "on_site_review": Text("现场评审", "Site visit"),
}


def drawn_name(packages: Iterable[Package], stage: str) -> str:
    """Return the city's own word for a stage, in Chinese, as a step of its id is called; "" where no diagram has one."""
    drawn = (d.elements[stage].name for p in packages for d in p.diagrams.values() if stage in d.elements)
    return next(filter(None, drawn), "")


def usual_name(stage: str) -> Text:
    """Return what most regulations call a stage, its id where they know none."""
    return _USUAL.get(stage, Text(stage, stage))
