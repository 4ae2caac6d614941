"""What waits in a case, as the engine stands and as the tables show it: tasks, timers, messages and barriers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from service.casework.access.case_access import CONFIRM
from service.casework.soundness.fault import called
from service.casework.step.barrier import barrier_of
from service.casework.step.case_state import Projection
from service.casework.step.closing_ballots import KIND as BALLOT
from service.catalog import Package
from service.domain.calendar.clock import CHINA
from service.domain.text import Text
from service.engine import Instance, TimerWait
from service.store import Transaction
from service.store.models import WorkItemRow

_ALIVE = ("waiting", "running", "held", "dead")
_BESIDE = (CONFIRM, BALLOT)
"""Kinds of tasks that stand beside what the engine waits for."""


def differences(
    tx: Transaction, case_id: int, package: Package, projection: Projection, instance: Instance
) -> Iterator[Text]:
    """Yield a sentence for each thing that waits in one place and not, or otherwise, in the other."""
    yield from _tasks(tx, case_id, package, projection, instance)
    yield from _timers(tx, case_id, package, projection, instance)
    yield from _messages(tx, case_id, package, instance)
    yield from _calls(tx, case_id, package, instance)


def _tasks(
    tx: Transaction, case_id: int, package: Package, projection: Projection, instance: Instance
) -> Iterator[Text]:
    rows = [row for row in tx.tasks.open_of_case(case_id) if row.kind not in _BESIDE]
    waiting = {task.id: task for task in instance.person_tasks()}
    listed = Counter(row.engine_id for row in rows)
    for ident, task in waiting.items():
        name = called(package, task.process_id, task.element_id)
        if not listed[ident]:
            yield Text(f"环节{name}等人办理，待办清单里却没有", f"{name} waits for a person, but no task is listed")
        elif listed[ident] > 1:
            yield Text(f"环节{name}列出{listed[ident]}项相同的待办", f"{name} is listed as {listed[ident]} tasks")
    for row in rows:
        name, task_here = called(package, row.process_id, row.element), waiting.get(row.engine_id)
        if task_here is None:
            yield Text(
                f"待办清单里有环节{name}，流程却不停在那里",
                f"a task is listed at {name}, where the case does not stand",
            )
        elif task_here.element_id != row.element:
            yield Text(f"待办{name}列在了别的环节名下", f"the task {name} is listed under another element")
        elif listed[row.engine_id] == 1 and projection.tasks.get(row.engine_id) != row.id:
            yield Text(f"待办{name}不是流程所记的那一项", f"the task {name} is not the one that the case knows")


def _timers(
    tx: Transaction, case_id: int, package: Package, projection: Projection, instance: Instance
) -> Iterator[Text]:
    items = [item for item in tx.work.of_case(case_id, _ALIVE) if item.kind == "timer"]
    running = {timer.id: timer for timer in instance.timers()}
    kept: dict[str, list[WorkItemRow]] = {}
    for item in items:
        kept.setdefault(str(item.payload.get("engine_id")), []).append(item)
    for ident, timer in running.items():
        name = called(package, timer.process_id, timer.element_id)
        yield from _timer(name, timer, kept.pop(ident, []), projection.timers.get(ident))
    for lost in kept.values():
        for item in lost:
            name = called(package, item.process_id or "", item.element or "")
            yield Text(
                f"计时{name}还会到期，流程却没有在等它",
                f"the timer {name} will fire, but the case does not wait for it",
            )


def _timer(name: str, timer: TimerWait, items: list[WorkItemRow], known: list[str] | None) -> Iterator[Text]:
    if not items:
        yield Text(
            f"计时{name}（{_day(timer.due)}到期）没有后台事项，永远不会到期",
            f"the timer {name} (due {_day(timer.due)}) has no work item and will never fire",
        )
        return
    if len(items) > 1:
        yield Text(f"计时{name}有{len(items)}个后台事项，会重复到期", f"the timer {name} has {len(items)} work items")
        return
    item = items[0]
    if known is None or known[0] != item.effect_key:
        yield Text(
            f"计时{name}的后台事项不是流程所记的那一项", f"the work item of the timer {name} is not the one known"
        )
    elif known[1] != timer.due.astimezone(UTC).isoformat() or (_untried(item) and item.due_at != timer.due):
        yield Text(
            f"计时{name}应于{_day(timer.due)}到期，后台事项却定在{_day(item.due_at)}",
            f"the timer {name} is due {_day(timer.due)}, its work item {_day(item.due_at)}",
        )


def _untried(item: WorkItemRow) -> bool:
    """Return whether its day is still its own: a repetition waits longer, a confirmed date passes at once."""
    return item.state == "waiting" and not item.attempts and not item.provisional and item.dispatched_at is None


def _messages(tx: Transaction, case_id: int, package: Package, instance: Instance) -> Iterator[Text]:
    waiting = {wait.id: wait for wait in instance.message_waits()}
    rows = {row.engine_id: row for row in tx.cases.subscriptions(case_id)}
    for ident, wait in waiting.items():
        name, row = called(package, wait.process_id, wait.element_id), rows.get(ident)
        if row is None:
            yield Text(
                f"环节{name}等待消息“{wait.name}”，却没有登记", f"{name} waits for “{wait.name}”, which is not noted"
            )
        elif (row.message, row.barrier or "") != (wait.name, barrier_of(package, wait)):
            yield Text(
                f"环节{name}登记的消息或者条件与流程不同", f"the message or barrier noted for {name} is another one"
            )
    for ident, row in rows.items():
        if ident not in waiting:
            name = called(package, row.process_id, row.element)
            yield Text(
                f"登记了{name}等待消息“{row.message}”，流程却没有在等",
                f"“{row.message}” is noted for {name}, where the case does not wait",
            )


def _calls(tx: Transaction, case_id: int, package: Package, instance: Instance) -> Iterator[Text]:
    rows = [(row.process_id, row.element) for row in tx.calls.open_of_case(case_id)]
    for place in sorted({*rows, *instance.calls()}):
        name, noted = called(package, *place), rows.count(place)
        if noted != (place in instance.calls()):
            yield Text(
                f"调用活动{name}登记了{noted}次在内，与流程所在不符",
                f"the case is noted {noted} times in the call {name}, which is not where it stands",
            )


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
