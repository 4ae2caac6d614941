"""The stops of a way ahead: what a walk through a scope needs to know of each element, the same from any day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from service.catalog.bpmn.ahead import Processes, is_plain, order_from, outgoing
from service.catalog.bpmn.mainpath import is_setback
from service.catalog.bpmn.model import Diagram, Element, Flow, Kind, Trigger

_CHOICE = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE})


@dataclass(frozen=True, slots=True)
class WayStop:
    """An element ahead, and where the way goes on from it without going back."""

    element: Element
    plain: bool
    setback: bool
    targets: tuple[str, ...]
    choices: tuple[Flow, ...] | None
    """The flows of which not all may be taken, None where all are."""


@lru_cache(maxsize=4096)
def stops_from(diagram: Diagram, parent: str, start: str, known: Processes) -> tuple[WayStop, ...]:
    """Return what lies ahead of ``start`` in its scope, each behind all that lead to it: the same from any day."""
    order, found = order_from(diagram, parent, start), []
    for ident in order.sequence:
        element, flows = diagram.elements[ident], outgoing(diagram, ident)
        found.append(
            WayStop(
                element,
                plain=ident == start or is_plain(diagram, ident, known),
                setback=is_setback(element.name) or element.trigger is Trigger.ERROR,
                targets=tuple(flow.target for flow in flows if (ident, flow.target) not in order.back),
                choices=flows if element.kind in _CHOICE and len(flows) > 1 else None,
            )
        )
    return tuple(found)
