"""After the engine moved: run service tasks, hand over kept messages, until only waits are left."""

from __future__ import annotations

from service.casework.messages import deliver_kept, send_thrown, try_barriers
from service.casework.serve import serve
from service.casework.step import Step


def settle(step: Step) -> bool:
    """Run every service task that can run and deliver every message somebody waits for.

    A service task that failed in this step stays where it is, with an incident, and does not stop
    the others. Returns whether anything was there to be done.
    """
    failed: set[str] = set()
    moved, anything = True, False
    while moved:
        moved = False
        for call in step.instance.service_calls():
            if call.id in failed:
                continue
            moved = True
            if not serve(step, call):
                failed.add(call.id)
        anything = send_thrown(step) or anything
        moved = deliver_kept(step) or moved or try_barriers(step)
        anything = anything or moved
    return anything
