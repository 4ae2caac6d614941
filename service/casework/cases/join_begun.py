"""A case that was begun alike and that nobody has handled yet takes the facts, instead of a second case beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.project import queue_parent_barriers
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step, open_step
from service.store import Transaction
from service.store.rows import CaseRow, WorkItemRow


def join_begun(desk: Desk, tx: Transaction, parent: CaseRow, item: WorkItemRow) -> bool:
    """Add the facts of ``item`` that it names to join to a case begun alike; returns whether there is one.

    Alike is a running case of the kind about the same organisation, below ``parent`` or one of its kind beside it, whose
    other facts are the same and in which nobody has filled in anything: who is accused is then told of all at once.
    """
    names = [str(name) for name in item.payload.get("join") or []]
    facts = dict(item.payload.get("facts") or {})
    same = {name: value for name, value in facts.items() if name not in names}
    for row in _alike(tx, parent, item, same) if names else ():
        step = open_step(desk, tx, row.id, SYSTEM)
        if not step.submissions():
            _join(step, {name: facts[name] for name in names if facts.get(name)})
            return True
    return False


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
