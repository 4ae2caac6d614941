"""Move a running case to the current version of its package."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import title_for
from service.casework.access.guards import guarded
from service.casework.amendments.move_plan import (
    MovePlan,
    Renames,
    moved_step,
    plan_move,
    rename_projection,
)
from service.casework.ballots.box import OPEN
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.reading.published import version_name
from service.casework.step.calls import rename_calls
from service.casework.step.case_state import unpack_case_state
from service.casework.step.end_signs import RENEWED, SIGNED_AS, end_signs
from service.casework.step.fill import timer_label
from service.casework.step.limits.changes import LimitChange, tell_changes
from service.casework.step.limits.days import last_day_before
from service.casework.step.limits.move import changed_tasks, find_display_days, move_limits, plan_moves
from service.casework.step.project import build_subscription
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step
from service.casework.step.task_row import new_task
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.domain.text import Text
from service.domain.values.bounds import Inside, Reason, VersionHash
from service.engine import CannotMove
from service.store import Transaction
from service.store.models import CaseMoveRow, TaskRow

_SHOWN = ("element", "title", "role", "body_id", "form", "clauses")
"""Columns of an open task that are updated from the new diagram."""


@guarded("amendment.apply")
def move_case(
    desk: Desk,
    actor: Actor,
    case_id: int,
    version: VersionHash,
    reason: Reason,
    renames: Inside[Renames] = MappingProxyType({}),
) -> MovePlan:
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
        if not actor.secures(case.jurisdiction):
            raise NotAllowed(
                Text(
                    "修订由本辖区安全管理员适用。",
                    "Only a security administrator of the jurisdiction may apply an amendment.",
                )
            )
        target = desk.packages.current(f"{case.jurisdiction}/{case.award}", tx)
        _require_version(target, version)
        plan = plan_move(desk, tx, actor, case, target, (), renames)
        if not plan.moves:
            raise Conflict(plan.reasons[0])
        mark = f"case:{case.id}:{case.version}"
        tx.moves.insert_new(carry_out(desk, tx, actor, plan, reason.strip(), mark))
        return plan


def _require_version(target: Package, version: str) -> None:
    if target.version != version:
        raise Conflict(
            Text(
                "您查看之后又发布了新版本，请重新查看会改变什么。",
                "Another version was published since you looked: look again at what would change.",
            )
        )


def carry_out(desk: Desk, tx: Transaction, actor: Actor, plan: MovePlan, reason: str, mark: str) -> CaseMoveRow:
    """Move the locked case of a plan; returns the record of it, by which it can be undone.

    Raises CannotMove when the saved case, loaded again, does not stand where it stood.
    """
    case = plan.case
    tasks = {str(row.id): _as_it_was(row) for row in tx.tasks.open_of_case(case.id)}
    step = moved_step(Step(desk, tx, case, actor), plan.target, plan.parameters, plan.renames)
    step.change(definition=plan.target.version, parameters=dict(plan.parameters))
    closing = {str(b.id): b.closes_at for b in tx.ballots.select(case_id=case.id) if b.closes_at is not None}
    _rename_timers(step, plan)
    rename_calls(tx, case.id, plan.renames)
    _renew_tasks(step)
    step.audit("moved", _describe_move(tx, plan), None, _build_move_record(plan, reason))
    days = {change.key: (change.due, change.window) for change in plan.dates}
    why = Text(f"{reason}。{plan.reach.why.zh}", f"{reason}. {plan.reach.why.en}")
    move_limits(step, plan_moves(step, days), why)
    renewed = _renew_waits(step)
    if renewed:
        settle_instance(step)
    save_step(step)
    _require_reloadable(step)
    details = {
        "parameters": dict(case.parameters),
        "tasks": tasks,
        "ballots": closing,
        "facts": {name: case.facts[name] for name, value in step.facts.items() if case.facts.get(name, value) != value},
        "facts_new": sorted(step.facts.keys() - case.facts.keys()),
        "renames": {p: dict(n) for p, n in plan.renames.items()},
    }
    return CaseMoveRow(
        mark=mark, case_id=case.id, verdict="moved", from_version=case.definition, before=case.state,
        after=state_hash(tx, case.id), details=to_json_value(details), at=step.now,
    )  # fmt: skip


def state_hash(tx: Transaction, case_id: int) -> str:
    """Return what tells whether a case has gone on since: the hash of its state."""
    return hashlib.sha256(tx.cases.get(case_id).state).hexdigest()


def _as_it_was(row: TaskRow) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in (*_SHOWN, "due_reason")}
    return {**columns, "due_at": row.due_at.isoformat()}


def _require_reloadable(step: Step) -> None:
    again = step.desk.engine.restore(step.case.definition, step.engine_state, step.environment)
    if again.tokens() != step.instance.tokens():
        raise CannotMove(
            Text("存储后再读出时办件变了，没有迁移。", "Saved and loaded again the case differs; it was not moved.")
        )


def _rename_timers(step: Step, plan: MovePlan) -> None:
    for item in step.tx.work.of_case(step.case.id):
        after = plan.renames.get(item.process_id or "", {}).get(item.element or "")
        if after is not None:
            step.tx.work.change(item.id, element=after, payload={**item.payload, "element": after})


def _renew_tasks(step: Step) -> None:
    rows = {row.id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    entries = dict(step.projection.entries)
    for task in step.instance.person_tasks():
        row = rows.get(step.projection.tasks.get(task.id, 0))
        if row is None:
            continue
        fresh = new_task(step, task)
        changes = {name: value for name in _SHOWN if (value := getattr(fresh, name)) != getattr(row, name)}
        if changes:
            if SIGNED_AS.intersection(changes):
                end_signs(step, row, RENEWED)
            now = step.tx.tasks.get(row.id)
            step.tx.tasks.step(now.id, now.version, **changes)
    step.projection.entries = entries


def _renew_waits(step: Step) -> bool:
    """Replace barriers by those of the new diagram; returns whether any changed."""
    subscription_rows = {row.engine_id: row for row in step.tx.subscriptions.select(case_id=step.case.id)}
    fresh = []
    for wait in step.instance.message_waits():
        row = subscription_rows.get(wait.id)
        renewed = build_subscription(step, wait)
        if row is not None and (row.barrier, row.element) != (renewed.barrier, renewed.element):
            fresh.append(renewed)
    if fresh:
        step.tx.cases.replace_subscriptions(step.case.id, fresh, [row.engine_id for row in fresh])
    return bool(fresh)


def _describe_move(tx: Transaction, plan: MovePlan) -> str:
    name = version_name(tx, plan.target.key, plan.target.version).zh
    parts = [f"改按{name}办理", plan.reach.why.zh]
    parts += [f"{v.name.zh}由{v.old.zh}改为{v.new.zh}" for v in plan.values]
    parts += [change.record for change in plan.dates]
    return "；".join(part.rstrip("。") for part in parts if part)


def _build_move_record(plan: MovePlan, reason: str) -> dict[str, Any]:
    return {
        "reason": reason,
        "from": plan.case.definition,
        "to": plan.target.version,
        "clauses": list(plan.reach.clauses),
        "renames": {process: dict(names) for process, names in plan.renames.items()},
        "parameters": {
            v.parameter: [plan.case.parameters.get(v.parameter), plan.parameters.get(v.parameter)] for v in plan.values
        },
        "dates": [{"name": d.name, "from": d.old.isoformat(), "to": d.new.isoformat()} for d in plan.dates],
    }


@guarded("amendment.apply")
def undo_move(desk: Desk, actor: Actor, move: int, reason: str) -> int:
    """Bring a case back to the version, values and time limits that it had before a move; returns the case's id.

    Raises:
        NotFound: there is no such move.
        NotAllowed: the person does not administer the jurisdiction.
        Invalid: no reason is given.
        Conflict: the case has gone on since, it was undone already, or an open ballot would end sooner by it.
    """
    why = require_undo_reason(reason)
    with desk.store.write() as tx:
        return undo_within(desk, tx, actor, move, why)


def require_undo_reason(reason: str) -> str:
    """Return why moves are undone; raises Invalid where nothing is said."""
    if not reason.strip():
        raise Invalid(Text("请写明撤销的理由，会记入办件的记录。", "Say why; the reason goes on record in the case."))
    return reason.strip()


def undo_within(desk: Desk, tx: Transaction, actor: Actor, move: int, reason: str) -> int:
    """Undo a move within a unit of work that is open; see `undo_move`."""
    row = tx.moves.get(move)
    case = tx.cases.lock(row.case_id)
    require_undoing(actor, case.jurisdiction)
    if row.before is None or not may_undo(tx, row):
        raise Conflict(
            Text(
                "办件迁移以后已经继续办理（或者已经撤销过），不能再撤销。",
                "The case has gone on since it was moved, or this was undone already.",
            )
        )
    _require_votes_not_shortened(tx, row)
    _bring_back(desk, tx, actor, row, reason)
    tx.moves.change_where({"id": row.id, "undone_at": None}, undone_at=desk.clock.now(), before=None)
    return case.id


def require_undoing(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed for whoever decides on no versions there."""
    if not actor.secures(jurisdiction):
        raise NotAllowed(
            Text("迁移由本辖区安全管理员撤销。", "Only a security administrator of the jurisdiction may undo a move.")
        )


def may_undo(tx: Transaction, row: CaseMoveRow) -> bool:
    """Return whether a case still stands as its move left it."""
    return row.verdict == "moved" and row.undone_at is None and state_hash(tx, row.case_id) == row.after


def _require_votes_not_shortened(tx: Transaction, row: CaseMoveRow) -> None:
    """Raise Conflict where an open ballot would end sooner than its members were told by the move, or since.

    One that was called since, in the place of a void one, goes by the limits of the move alone.
    """
    before = row.details.get("ballots", {})
    for ballot in tx.ballots.select(case_id=row.case_id):
        if ballot.state == OPEN and ballot.opened_at >= row.at and str(ballot.id) not in before:
            raise Conflict(
                Text(
                    f"“{ballot.title}”在迁移以后发起，正在投票，截止时间按迁移后的版本告知成员，不能撤销迁移。",
                    f"“{ballot.title}” was called after the move and is being voted on by its limits: the move is not undone.",
                )
            )
        was = before.get(str(ballot.id))
        if (
            ballot.state == OPEN
            and was
            and (ballot.closes_at is None or datetime.fromisoformat(was) < ballot.closes_at)
        ):
            raise Conflict(
                Text(
                    f"“{ballot.title}”正在投票，迁移以后的截止时间已经告知成员，撤销迁移会使其提前截止，不能撤销。",
                    f"“{ballot.title}” is being voted on until a day that its members were told with the move: undoing it"
                    " would make it end sooner.",
                )
            )


def _bring_back(desk: Desk, tx: Transaction, actor: Actor, row: CaseMoveRow, reason: str) -> None:
    assert row.before is not None
    case = tx.cases.get(row.case_id)
    _, before = unpack_case_state(row.before)
    back: Renames = {p: {new: old for old, new in names.items()} for p, names in row.details["renames"].items()}
    step = Step(desk, tx, replace(case, definition=row.from_version, parameters=row.details["parameters"]), actor)
    step.stored = case
    days = find_display_days(step)
    stood = Step(desk, tx, case, actor)
    stood.instance = desk.engine.restore(case.definition, stood.engine_state, stood.environment)
    ends = {timer.id: timer.due for timer in stood.instance.timers()}
    rename_projection(step, back)
    step.instance = desk.engine.restore(row.from_version, before, step.environment)
    step.change(definition=row.from_version, parameters=row.details["parameters"])
    for item in tx.work.of_case(case.id):
        old = back.get(item.process_id or "", {}).get(item.element or "")
        if old is not None:
            tx.work.change(item.id, element=old, payload={**item.payload, "element": old})
    rename_calls(tx, case.id, back)
    _tasks_as_they_were(step, row.details["tasks"])
    for ballot, closes_at in row.details.get("ballots", {}).items():
        tx.ballots.change(int(ballot), closes_at=datetime.fromisoformat(closes_at))
    step.set_facts(row.details.get("facts", {}), row.details.get("facts_new", ()))
    waits = [build_subscription(step, wait) for wait in step.instance.message_waits()]
    tx.cases.replace_subscriptions(case.id, waits, [wait.engine_id for wait in waits])
    name = version_name(tx, f"{case.jurisdiction}/{case.award}", row.from_version).zh
    step.audit("moved_back", f"撤销迁移，仍按{name}办理：{reason}", None, {"move": row.id})
    tasks = list(changed_tasks(step, days))
    timers = _iterate_returned_timers(step, ends, {(task.old, task.new) for task in tasks})
    tell_changes(step, [*tasks, *timers], Text(f"撤销迁移：{reason}", f"the move was undone: {reason}"))
    save_step(step)


def _iterate_returned_timers(
    step: Step, ends: Mapping[str, datetime], returned_tasks: Collection[tuple[date, date]]
) -> Iterator[LimitChange]:
    """Yield the timers that ended as ``ends`` say and end otherwise again, but those with which the limit of a task went."""
    for timer in step.instance.timers():
        old, new = last_day_before(ends.get(timer.id, timer.due)), last_day_before(timer.due)
        if old != new and (old, new) not in returned_tasks:
            bounds = step.element(timer.process_id, timer.element_id).attached_to or ""
            name = timer_label(step.package, timer)
            yield LimitChange(f"timer:{timer.id}", name, old, new, timer.due, attached_to=bounds)


def _tasks_as_they_were(step: Step, tasks: dict[str, dict[str, Any]]) -> None:
    for task in step.tx.tasks.open_of_case(step.case.id):
        was = tasks.get(str(task.id))
        if was is not None:
            changes = {**was, "due_at": datetime.fromisoformat(was["due_at"])}
            if any(changes.get(name, getattr(task, name)) != getattr(task, name) for name in SIGNED_AS):
                end_signs(step, task, RENEWED)
            now = step.tx.tasks.get(task.id)
            step.tx.tasks.step(now.id, now.version, **changes)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one case: ``done``, or ``refusal`` says why it stays; ``title`` as far as it is known."""

    case_id: int
    title: str
    done: MovePlan | None
    refusal: Text | None


@guarded("amendment.apply")
def apply_amendment(
    desk: Desk, actor: Actor, package_key: str, case_ids: Sequence[int], version: str, reason: str
) -> tuple[Applied, ...]:
    """Move ``case_ids`` to ``version``, the current one of the package, each in a transaction of its own.

    Parent cases come before child cases. A case that cannot move stays as it was and does not delay the others.
    Raises Invalid without cases or reason.
    """
    if not case_ids:
        raise Invalid(Text("请至少选择一件办件。", "Choose at least one case."))
    if not reason.strip():
        raise Invalid(Text("请写明理由，会记入每个办件的记录。", "Say why; the reason goes on record in every case."))
    return tuple(_try_case_move(desk, actor, package_key, ident, version, reason) for ident in sorted(set(case_ids)))


def _try_case_move(desk: Desk, actor: Actor, package_key: str, case_id: int, version: str, reason: str) -> Applied:
    title = ""
    try:
        with desk.store.read() as tx:
            case = tx.cases.get(case_id)
        if f"{case.jurisdiction}/{case.award}" != package_key:
            raise NotFound(Text("这个办件不属于该奖项。", "This case does not belong to that award."))
        title = title_for(actor, case)
        return Applied(case_id, title, move_case(desk, actor, case_id, version, reason), None)
    except LaurelError as refusal:
        return Applied(case_id, title, None, refusal.message)
