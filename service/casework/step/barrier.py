"""The condition on which something that waits goes on by itself."""

from __future__ import annotations

from service.casework.step.behind_gateway import events_behind
from service.catalog import Package
from service.engine import MessageWait


def barrier_of(package: Package, wait: MessageWait) -> str:
    """Return the barrier of what waits for a message, "" where it has none."""
    events = list(events_behind(package, wait.process_id, wait.element_id))
    return next((event.barrier for event in events if len(events) == 1 or event.message == wait.name), "")
