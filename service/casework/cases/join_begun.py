"""Of cases begun alike one runs at a time: one that nobody has handled yet takes the facts, any other goes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.project import queue_parent_barriers
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step, open_step
from service.store import Transaction
from service.store.rows import CaseRow, WorkItemRow

_LOOK_AGAIN = timedelta(days=1)
"""After so long a case that waits for one before it looks whether that has ended."""
_FIRST = "就同一事项另有查实的情况：本办件已经有人办理，等它办结后另行发起，另行听取申辩"
_REVOKED = "就同一事项另有查实的情况：所涉奖项已经撤销，不再另行发起，查实的情况留在原办件"


def join_begun(desk: Desk, tx: Transaction, parent: CaseRow, item: WorkItemRow) -> bool:
    """Settle ``item`` by a case begun alike; returns whether it did, so that none is to be started now.

    Alike is a running case of the kind about the same organisation, below ``parent`` or one of its kind beside it, whose
    facts are the same but those that the item names to join. While nobody has filled in anything there, it takes these:
    who is accused is told of all at once. One that is being handled was not heard on them. Where the item is to start in
    turn, it waits until that one has ended, and is done once the award that both are about is revoked.
    """
    names = [str(name) for name in item.payload.get("join") or []]
    if names:
        tx.turns.count_beside(parent)  # nobody begins one alike below a case beside it meanwhile
    facts = dict(item.payload.get("facts") or {})
    same = {name: value for name, value in facts.items() if name not in names}
    more, before = {name: facts[name] for name in names if facts.get(name)}, None
    for row in _alike(tx, parent, item, same) if names else ():
        before = open_step(desk, tx, row.id, SYSTEM)
        if not before.submissions():
            _join(before, more)
            tx.work.finish(item, before.now)
            return True
    return bool(item.payload.get("in_turn")) and _waits(desk, tx, parent, item, before, more)


def _waits(
    desk: Desk, tx: Transaction, parent: CaseRow, item: WorkItemRow, before: Step | None, more: Mapping[str, str]
) -> bool:
    """Let ``item`` wait for the case ``before`` it, or be done where the award is revoked; False where it may start."""
    facts = item.payload.get("facts") or {}
    award = facts.get("award") or parent.facts.get("award")
    revoked = award is not None and tx.register.award(int(award)).revoked_on is not None
    if before is None and not revoked:
        return False
    if revoked or item.last_error != _FIRST:
        kept = before or open_step(desk, tx, parent.id, SYSTEM)
        kept.audit("joined", _REVOKED if revoked else _FIRST, None, more)
        save_step(kept)
    if revoked:
        tx.work.finish(item, desk.clock.now())
    else:
        tx.work.wait_on(item, _FIRST, desk.clock.now() + _LOOK_AGAIN)
    return True


def _alike(tx: Transaction, parent: CaseRow, item: WorkItemRow, same: Mapping[str, Any]) -> Iterable[CaseRow]:
    beside = [] if parent.parent_id is None else tx.cases.children(parent.parent_id, parent.process)
    above = {parent.id, *(row.id for row in beside)}
    for row in tx.cases.below_each(sorted(above), [str(item.payload["process"])]):
        about = row.status == "running" and row.subject_id == item.payload.get("subject")
        if about and all(row.facts.get(name) == value for name, value in same.items()):
            yield row


def _join(step: Step, facts: Mapping[str, str]) -> None:
    for name, more in facts.items():
        had = step.facts.get(name)
        step.set_facts({name: f"{had}\n{more}" if had else more})
    step.audit("joined", "就同一事项另有查实的情况，并入本办件一并办理", None, facts)
    queue_parent_barriers(step)
    settle(step)
    save_step(step)
