"""Whether a case that ends is cut off, or comes to the end that its own work leads to."""

from __future__ import annotations

from service.casework.step.case_state import unpack
from service.casework.step.step import Step


def is_cut_off(step: Step) -> bool:
    """Return whether the step that ends a case cancels a task or a call activity in which the case stood before it."""
    before, _ = unpack(step.stored.state)
    stood = [*before.tasks, *(ident for each in (step.calls_before or {}).values() for ident in each)]
    return step.instance.any_cancelled(stood)
