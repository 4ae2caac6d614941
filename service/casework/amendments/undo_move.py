"""Undo a move to another version, as long as the case has not gone on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.amendments.move_case import state_hash
from service.casework.amendments.move_plan import rename_projection
from service.casework.amendments.renames import Renames
from service.casework.ballots.box import OPEN
from service.casework.desk.desk import Desk
from service.casework.step.calls import rename_calls
from service.casework.step.case_state import unpack
from service.casework.step.end_signs import RENEWED, SIGNED_AS, end_signs
from service.casework.step.project import subscription
from service.casework.step.reminders import renew_reminder
from service.casework.step.save import save_step
from service.casework.step.step import Step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseMoveRow


@guarded("amendment.apply")
def undo_move(desk: Desk, actor: Actor, move: int, reason: str) -> int:
    """Bring a case back to the version, values and time limits that it had before a move; returns the case's id.

    Raises:
        NotFound: there is no such move.
        NotAllowed: the person does not administer the jurisdiction.
        Invalid: no reason is given.
        Conflict: the case has gone on since, it was undone already, or an open ballot would end sooner by it.
    """
    why = demand_undo_reason(reason)
    with desk.store.write() as tx:
        return undo_within(desk, tx, actor, move, why)


def demand_undo_reason(reason: str) -> str:
    """Return why moves are undone; raises Invalid where nothing is said."""
    if not reason.strip():
        raise Invalid(Text("请写明撤销的理由，会记入办件的记录。", "Say why; the reason goes on record in the case."))
    return reason.strip()


def undo_within(desk: Desk, tx: Transaction, actor: Actor, move: int, reason: str) -> int:
    """Undo a move within a unit of work that is open; see `undo_move`."""
    row = tx.moves.get(move)
    case = tx.cases.lock(row.case_id)
    demand_undoing(actor, case.jurisdiction)
    if row.before is None or not may_undo(tx, row):
        raise Conflict(
            Text(
                "办件迁移以后已经继续办理（或者已经撤销过），不能再撤销。",
                "The case has gone on since it was moved, or this was undone already.",
            )
        )
    _demand_votes_kept(tx, row)
    _bring_back(desk, tx, actor, row, reason)
    tx.moves.undone(row.id, desk.clock.now())
    return case.id


def demand_undoing(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed for whoever decides on no versions there."""
    if not actor.secures(jurisdiction):
        raise NotAllowed(
            Text("迁移由本辖区安全管理员撤销。", "Only a security administrator of the jurisdiction may undo a move.")
        )


def may_undo(tx: Transaction, row: CaseMoveRow) -> bool:
    """Return whether a case still stands as its move left it."""
    return row.verdict == "moved" and row.undone_at is None and state_hash(tx, row.case_id) == row.after


def _demand_votes_kept(tx: Transaction, row: CaseMoveRow) -> None:
    """Raise Conflict where an open ballot would end sooner than its members were told by the move, or since.

    One that was called since, in the place of a void one, goes by the limits of the move alone.
    """
    before = row.details.get("ballots", {})
    for ballot in tx.ballots.of_case(row.case_id):
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
    _, before = unpack(row.before)
    back: Renames = {p: {new: old for old, new in names.items()} for p, names in row.details["renames"].items()}
    step = Step(desk, tx, replace(case, definition=row.from_version, parameters=row.details["parameters"]), actor)
    step.stored = case
    rename_projection(step, back)
    step.instance = desk.engine.restore(row.from_version, before, step.environment)
    step.change(definition=row.from_version, parameters=row.details["parameters"])
    for item in tx.work.of_case(case.id):
        old = back.get(item.process_id or "", {}).get(item.element or "")
        if old is not None:
            tx.work.place(item, old, {**item.payload, "element": old})
    rename_calls(tx, case.id, back)
    _tasks_as_they_were(step, row.details["tasks"])
    for ballot, closes_at in row.details.get("ballots", {}).items():
        tx.ballots.update(int(ballot), closes_at=datetime.fromisoformat(closes_at))
    step.set_facts(row.details.get("facts", {}), row.details.get("facts_new", ()))
    waits = [subscription(step, wait) for wait in step.instance.message_waits()]
    tx.cases.replace_subscriptions(case.id, waits, [wait.engine_id for wait in waits])
    step.audit("moved_back", f"撤销迁移，仍按{row.from_version[:8]}版办理：{reason}", None, {"move": row.id})
    save_step(step)


def _tasks_as_they_were(step: Step, tasks: dict[str, dict[str, Any]]) -> None:
    for task in step.tx.tasks.open_of_case(step.case.id):
        was = tasks.get(str(task.id))
        if was is not None:
            changes = {**was, "due_at": datetime.fromisoformat(was["due_at"])}
            if any(changes.get(name, getattr(task, name)) != getattr(task, name) for name in SIGNED_AS):
                end_signs(step, task, RENEWED)
            now = step.tx.tasks.get(task.id)
            step.tx.tasks.update(now.id, now.version, **changes)
            if changes["due_at"] != task.due_at:
                renew_reminder(step, task.id)
