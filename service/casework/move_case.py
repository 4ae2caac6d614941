"""A running case moves to the present version of its regulation: first told what would change, then done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from service.casework.actor import Actor
from service.casework.amendments import Reach, ValueChange, moved_parameters, reach_of, value_changes
from service.casework.desk import Desk
from service.casework.explain import explained
from service.casework.fill import in_words
from service.casework.guards import guarded
from service.casework.instants import as_instant
from service.casework.save import save_step
from service.casework.settle import settle
from service.casework.step import Step
from service.casework.task_row import NO_DUE_DATE, columns_of
from service.catalog import Package
from service.domain.calendar import Window, local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.engine import Obstacle
from service.store import Transaction
from service.store.rows import CaseRow, SubscriptionRow, TaskRow

_SHOWN = ("title", "role", "body_id", "form", "clauses")
"""What of an open task is brought in line with the new diagram."""


@dataclass(frozen=True, slots=True)
class DateChange:
    """A time limit that moves: of task ``task``, or of timer ``timer``; ``passed`` where the new one is over already."""

    name: str
    old: date
    new: date
    passed: bool
    due: datetime
    window: Window | None
    task: int | None = None
    timer: str | None = None


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What moving one case would do: nothing where it ``stays``, for the ``reasons`` given."""

    case: CaseRow
    target: Package
    reach: Reach
    reasons: tuple[Text, ...]
    parameters: Mapping[str, Any]
    values: tuple[ValueChange, ...]
    dates: tuple[DateChange, ...]

    @property
    def moves(self) -> bool:
        """Whether the case may move."""
        return not self.reasons


def plan_move(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, target: Package) -> MovePlan:
    """Return what moving ``case`` (with its state) to ``target`` would do; nothing is written."""
    today = local_date(desk.clock.now())
    before = Step(desk, tx, case, actor)
    reach = reach_of(desk, tx, case.definition, target, today)
    reasons: tuple[Text, ...] = () if reach.allowed else (reach.why,)
    if case.status == "ended":
        reasons = (Text("办件已经结束。", "The case has ended."),)
    obstacles = desk.engine.obstacles(case.definition, target.version, before.engine_state)
    reasons += tuple(dict.fromkeys(_in_words(before.package, o) for o in obstacles))
    if reasons:
        return MovePlan(case, target, reach, reasons, case.parameters, (), ())
    before.instance = desk.engine.restore(case.definition, before.engine_state, before.environment)
    parameters = moved_parameters(tx, before.package, target, case, today)
    after = _moved(before, target, parameters)
    values = value_changes(before.package, target, case.parameters, parameters)
    return MovePlan(case, target, reach, (), parameters, tuple(values), tuple(_dates(before, after)))


def _in_words(package: Package, obstacle: Obstacle) -> Text:
    """Say what stands in the way by the name on the diagram, with the id only where there is none."""
    ident, diagram = obstacle.element_id, package.processes.get(obstacle.process_id)
    drawn = diagram.elements.get(ident) if diagram else None
    name = (drawn.name if drawn else "") or ident
    said = obstacle.message
    return Text(said.zh.replace(f"“{ident}”", f"“{name}”"), said.en.replace(f"“{ident}”", f"“{name}”"))


@guarded("amendment.apply")
def move_case(desk: Desk, actor: Actor, case_id: int, version: str, reason: str) -> MovePlan:
    """Move a running case to ``version``, the current one of its package, in one transaction; returns what was done.

    What was done so far, drafts and messages stay; frozen values change only where the amendment changed them, time
    limits with them. Goes on record in the case with the reason and the clauses that allow it.

    Raises:
        Conflict: the case may not move (the sentence says why), or another version has become current.
        Invalid: no reason is given.
        NotAllowed: the person does not administer the jurisdiction.
    """
    if not reason.strip():
        raise Invalid(Text("请写明理由，会记入每个办件的记录。", "Say why; the reason goes on record in every case."))
    with desk.store.write() as tx:
        case = tx.cases.lock(case_id)
        if not actor.administers(case.jurisdiction):
            raise NotAllowed(
                Text("修订由本辖区管理员适用。", "Only an administrator of the jurisdiction may apply an amendment.")
            )
        target = desk.packages.current(f"{case.jurisdiction}/{case.award}", tx)
        _demand_version(target, version)
        plan = plan_move(desk, tx, actor, case, target)
        if not plan.moves:
            raise Conflict(plan.reasons[0])
        _carry_out(desk, tx, actor, plan, reason.strip())
        return plan


def _demand_version(target: Package, version: str) -> None:
    if target.version != version:
        raise Conflict(
            Text(
                "您查看之后又发布了新版本，请重新查看会改变什么。",
                "Another version was published since you looked: look again at what would change.",
            )
        )


def _carry_out(desk: Desk, tx: Transaction, actor: Actor, plan: MovePlan, reason: str) -> None:
    case = plan.case
    step = _moved(Step(desk, tx, case, actor), plan.target, plan.parameters)
    step.change(definition=plan.target.version, parameters=dict(plan.parameters))
    for change in plan.dates:
        if change.timer is not None:
            step.instance.move_timer(change.timer, change.due, change.window)
    _keep_starts(step)
    _renew_tasks(step, plan.dates)
    renewed = _renew_waits(step)
    step.audit("moved", _story(plan, reason), None, _record(plan, reason))
    if renewed:
        settle(step)
    save_step(step)


def _moved(before: Step, target: Package, parameters: Mapping[str, Any]) -> Step:
    """Return a step on the case as it would be: new version, new values, the instance where it stood."""
    desk, case = before.desk, before.case
    row = replace(case, definition=target.version, parameters=dict(parameters))
    after = Step(desk, before.tx, row, before.actor)
    state = desk.engine.move(case.definition, target.version, before.engine_state)
    after.instance = desk.engine.restore(target.version, state, after.environment)
    return after


def _dates(before: Step, after: Step) -> Iterator[DateChange]:
    """Yield time limits that come out differently, of those that today's rules still explain as they stand."""
    rows = {row.id: row for row in before.tx.tasks.open_of_case(before.case.id)}
    for task in after.instance.person_tasks():
        row = rows.get(before.projection.tasks.get(task.id, 0))
        if row is not None:
            yield from _task_date(before, after, row, task.data)
    started = {str(w.payload.get("engine_id")): w.payload.get("set_at") for w in before.tx.work.of_case(before.case.id)}
    for timer in after.instance.timers():
        since = started.get(timer.id)
        if since:
            yield from _timer_date(before, after, timer.id, timer.due, datetime.fromisoformat(str(since)))


def _task_date(before: Step, after: Step, row: TaskRow, data: dict[str, object]) -> Iterator[DateChange]:
    usual, _ = _due(before, row, data)
    new, window = _due(after, row, data)
    if usual == row.due_at and new != usual and NO_DUE_DATE not in (usual, new):
        yield _change(after, row.title, row.due_at, new, window, task=row.id)


def _due(step: Step, row: TaskRow, data: dict[str, object]) -> tuple[datetime, Window | None]:
    """Return when a task is due that began to wait when this one did."""
    expression = step.element(row.process_id, row.element).properties.get("due")
    if not expression:
        return NO_DUE_DATE, None
    value, windows = step.instance.evaluate_as_of(expression, data, row.created_at)
    return as_instant(value) or NO_DUE_DATE, windows[-1] if windows else None


def _timer_date(before: Step, after: Step, timer: str, due: datetime, since: datetime) -> Iterator[DateChange]:
    usual, new = before.instance.timer_as_of(timer, since), after.instance.timer_as_of(timer, since)
    if usual is None or new is None or usual[0] != due or new[0] == due:
        return
    waiting = next(t for t in after.instance.timers() if t.id == timer)
    name = after.element(waiting.process_id, waiting.element_id).name or waiting.element_id
    yield _change(after, name, due, new[0], new[1], timer=timer)


def _change(
    step: Step,
    name: str,
    old: datetime,
    new: datetime,
    window: Window | None,
    *,
    task: int | None = None,
    timer: str | None = None,
) -> DateChange:
    return DateChange(name, _last_day(old), _last_day(new), new <= step.now, new, window, task, timer)


def _last_day(due: datetime) -> date:
    """Return the day that ends at ``due``, or on which it lies."""
    return local_date(due - timedelta(seconds=1))


def _keep_starts(step: Step) -> None:
    """A timer that moves goes on counting from when it was set."""
    for item in step.tx.work.of_case(step.case.id):
        if item.kind == "timer" and item.payload.get("set_at"):
            step.set_at[str(item.payload["engine_id"])] = datetime.fromisoformat(str(item.payload["set_at"]))


def _renew_tasks(step: Step, dates: tuple[DateChange, ...]) -> None:
    moved = {change.task: change for change in dates if change.task is not None}
    rows = {row.id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    entries = dict(step.projection.entries)
    for task in step.instance.person_tasks():
        row = rows.get(step.projection.tasks.get(task.id, 0))
        if row is None:
            continue
        fresh = columns_of(step, task)
        changes = {name: fresh[name] for name in _SHOWN if fresh[name] != getattr(row, name)}
        if row.id in moved:
            change = moved[row.id]
            changes |= {"due_at": change.due, "due_reason": explained(change.window) or row.due_reason}
        if changes:
            step.tx.tasks.update(row.id, row.version, **changes)
    step.projection.entries = entries


def _renew_waits(step: Step) -> bool:
    """Let barriers be those of the new diagram; returns whether any changed."""
    known = {row.engine_id: row for row in step.tx.cases.subscriptions(step.case.id)}
    fresh = []
    for wait in step.instance.message_waits():
        row = known.get(wait.id)
        barrier = step.element(wait.process_id, wait.element_id).properties.get("barrier")
        if row is not None and row.barrier != barrier:
            fresh.append(SubscriptionRow(step.case.id, wait.id, wait.process_id, wait.element_id, wait.name, barrier))
    if fresh:
        step.tx.cases.replace_subscriptions(step.case.id, fresh, [row.engine_id for row in fresh])
    return bool(fresh)


def _story(plan: MovePlan, reason: str) -> str:
    parts = [f"改按{plan.target.version[:8]}版办理：{reason}", plan.reach.why.zh]
    parts += [f"{v.name.zh}由{v.old.zh}改为{v.new.zh}" for v in plan.values]
    parts += [f"“{d.name}”的期限由{in_words(d.old)}改为{in_words(d.new)}" for d in plan.dates]
    return "；".join(part.rstrip("。") for part in parts if part)


def _record(plan: MovePlan, reason: str) -> dict[str, Any]:
    return {
        "reason": reason,
        "from": plan.case.definition,
        "to": plan.target.version,
        "clauses": list(plan.reach.clauses),
        "parameters": {
            v.parameter: [plan.case.parameters.get(v.parameter), plan.parameters.get(v.parameter)] for v in plan.values
        },
        "dates": [{"name": d.name, "from": d.old.isoformat(), "to": d.new.isoformat()} for d in plan.dates],
    }
