"""Time limits that tasks of shared diagrams may have: each is a parameter, which a place declares when its law gives one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import SLOT, Diagram, Element
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit

_READ = re.compile(r"\bparam\.(\w+_(working|calendar)_days)\b")
_UNITS = {"working": Unit.WORKING_DAYS, "calendar": Unit.CALENDAR_DAYS}
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class DueSlot:
    """A task of a shared diagram that a call of the place's own leads to.

    ``place`` is "file#call/task"; ``parameters`` say by unit which parameter is its time limit, ``slots`` what of the
    call binds the clauses that it cites.
    """

    place: str
    task: Element
    call: Element
    parameters: Mapping[Unit, str]
    slots: tuple[str, ...]


def due_slots(package: Package) -> tuple[DueSlot, ...]:
    """Return the time limits that tasks of shared diagrams may have in a place, in the order of its diagrams."""
    processes = {diagram.process_id: diagram for diagram in package.diagrams.values()}
    return tuple(
        DueSlot(f"{path}#{call.id}/{task.id}", task, call, parameters, slots)
        for path, diagram in package.diagrams.items()
        if path.startswith(f"processes/{package.key}/")
        for call in diagram.calls
        for task, slots in _tasks(processes, call, _DEEPEST)
        if (parameters := _parameters(task))
    )


def due_slot(package: Package, place: str) -> DueSlot | None:
    """Return the one at ``place``, none where there is none any more."""
    return next((slot for slot in due_slots(package) if slot.place == place), None)


def _tasks(processes: Mapping[str, Diagram], call: Element, deep: int) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield the tasks of what is called, each with the slots of ``call`` that bind what it cites."""
    called = processes.get(call.called)
    if called is None or not called.file.startswith("processes/shared/") or not deep:
        return
    for element in called.elements.values():
        if element.kind is Kind.USER_TASK:
            yield element, tuple(word.removeprefix(SLOT) for word in element.clauses if word.startswith(SLOT))
        elif element.kind is Kind.CALL:
            for task, slots in _tasks(processes, element, deep - 1):
                outer = (word for slot in slots for word in element.slots.get(slot, ()) if word.startswith(SLOT))
                yield task, tuple(dict.fromkeys(word.removeprefix(SLOT) for word in outer))


def _parameters(task: Element) -> dict[Unit, str]:
    return {_UNITS[kind]: name for name, kind in _READ.findall(task.due)}
