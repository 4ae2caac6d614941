"""What an element and a running timer are called: as the diagram shows it."""

from __future__ import annotations

from service.casework.step.behind_gateway import timed
from service.catalog import Package
from service.engine import TimerWait


def label(package: Package, process: str, element: str) -> str:
    """Return the name of an element as its diagram shows it, its id where it has none."""
    diagram = package.processes.get(process)
    drawn = diagram.elements.get(element) if diagram else None
    return drawn.name if drawn and drawn.name else element


def timer_label(package: Package, timer: TimerWait) -> str:
    """Return the name of a running timer; one behind an event gateway has it, the gateway none."""
    return timed(package, timer.process_id, timer.element_id).name or label(package, timer.process_id, timer.element_id)
