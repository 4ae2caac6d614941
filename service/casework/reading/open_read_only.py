"""Open a case read-only: its instance restored without a lock, never saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.step.save import cache_instance
from service.casework.step.step import Step
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


def open_read_only(desk: Desk, tx: Transaction, case: CaseRow, actor: Actor) -> Step:
    """Return a step over ``case`` without locking it; it must not be saved.

    Its instance is lent by the engine's cache and goes back there: whoever reads a form is about to submit it.
    """
    step = Step(desk, tx, case, actor)
    step.instance = desk.engine.restore_cached(case.definition, step.engine_state, step.environment)
    tx.after_commit(lambda: cache_instance(step))
    return step


def token_data(step: Step, task: TaskRow) -> Mapping[str, Any]:
    """Return the variables of the token that waits at ``task``."""
    found = next((t for t in step.instance.person_tasks() if t.id == task.engine_id), None)
    if found is None:
        return {}
    return found.data if found.loop_item is None else {**found.data, "item": found.loop_item}
