"""The condition on which something that waits goes on by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.casework.step.behind_gateway import events_behind
from service.catalog import Element, Package
from service.catalog.bpmn.vocabulary import UNKNOWN, UNKNOWN_IS_DEFAULT
from service.catalog.called_processes import with_called
from service.engine import MessageWait

_BESIDE = re.compile(r"\b(?:siblings|beside)\b")
"""What a barrier reads that counts cases beside its own."""


def barrier_of(package: Package, wait: MessageWait) -> str:
    """Return the barrier of what waits for a message, "" where it has none."""
    event = _event_of(package, wait)
    return event.barrier if event else ""


def may_be_unknown(package: Package, wait: MessageWait) -> bool:
    """Return whether a barrier that comes to null stays shut, as its event says."""
    event = _event_of(package, wait)
    return event is not None and event.properties.get(UNKNOWN) == UNKNOWN_IS_DEFAULT


def _event_of(package: Package, wait: MessageWait) -> Element | None:
    events = list(events_behind(package, wait.process_id, wait.element_id))
    return next((event for event in events if len(events) == 1 or event.message == wait.name), None)


def kinds_counting_beside(package: Package, parent: str) -> tuple[str, ...]:
    """Return the kinds of cases below the kind ``parent`` that may wait for what lies beside them."""
    return package.derived(("counting beside", parent), lambda: tuple(_counting_beside(package, parent)))


def _counting_beside(package: Package, parent: str) -> Iterator[str]:
    for kind, info in package.award.processes.items():
        drawn = with_called(package, info.process) if info.parent == parent else ()
        elements = (element for process in drawn for element in package.processes[process].elements.values())
        if any(_BESIDE.search(element.barrier) for element in elements):
            yield kind
