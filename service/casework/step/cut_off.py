"""Whether a case that ends is cut off, or comes to the end that its own work leads to."""

from __future__ import annotations

from service.casework.step.case_state import unpack_case_state
from service.casework.step.step import Step
from service.store.queries.case_tree import TERMINATED


def is_cut_off(step: Step) -> bool:
    """Return whether an administrator terminates the case, or the step that ends it cancels a task or call that it stood in.

    Where it waited for time limits and messages alone, only the former says so: any end by itself calls these off, too.
    """
    if step.case.outcome == TERMINATED:
        return True
    before, _ = unpack_case_state(step.stored.state)
    stood = [*before.tasks, *(ident for each in (step.calls_before or {}).values() for ident in each)]
    return step.instance.any_cancelled(stood)
