"""Settle a case after the engine advanced: run service tasks and deliver kept messages until it only waits."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.step.messages import deliver_stored_message, send_thrown, try_barriers
from service.casework.step.run_service_task import run_service_task
from service.casework.step.step import Step
from service.domain.text import Text
from service.engine import StepFailed

MOST_SERVED = 500
"""More service tasks than this without a wait are an endless loop: a fault of the diagram."""


def settle_instance(step: Step) -> bool:
    """Run every ready service task and deliver every awaited message.

    A service task that failed in this step stays where it is, with an incident, and does not stop
    the others. Returns whether anything was there to be done; raises StepFailed when there is no end of it.
    From here on the history names the program: a receipt is not issued by the applicant who sent something.
    """
    step.author = SYSTEM
    failed: set[str] = set()
    served = rounds = 0
    moved, anything = True, False
    while moved:
        moved = False
        rounds += 1
        if rounds > MOST_SERVED:  # a loop through a barrier that stays open
            raise _build_endless_error(step.instance.tokens()[0].element_id)
        for call in step.instance.service_calls():
            if call.id in failed:
                continue
            moved = True
            served += 1
            if served > MOST_SERVED:
                raise _build_endless_error(call.element_id)
            if not run_service_task(step, call):
                failed.add(call.id)
        anything = send_thrown(step) or anything
        moved = deliver_stored_message(step) or moved or try_barriers(step)
        anything = anything or moved
    return anything


def _build_endless_error(element: str) -> StepFailed:
    return StepFailed(
        Text(
            f"流程在节点“{element}”附近循环不止，本步骤没有办理。请检查该处的网关条件，修正后重试。",
            f"The process goes round “{element}” without an end; this step was not taken. Check the gateways there.",
        ),
        element,
    )
