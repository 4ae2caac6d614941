"""Which lane every node stands in: its role's, or that of the step it belongs to."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from service.catalog.bpmn.model import Diagram, Element


def assign_lanes(diagram: Diagram, roles: Sequence[str], drawn: Mapping[str, int]) -> dict[str, int]:
    """Return the lane number of every top-level node.

    ``roles`` are the roles in the order of the lanes; ``drawn`` is what the file already says about
    nodes without a role. A node that neither decides takes the lane of the step before it, else of
    the step after it.
    """
    top = {ident: element for ident, element in diagram.elements.items() if not element.parent}
    number = {role: index for index, role in enumerate(roles)}
    found = {ident: number[e.role] for ident, e in top.items() if e.role in number}
    found |= {ident: lane for ident, lane in drawn.items() if ident in top and ident not in found}
    _spread(found, _arrows(diagram, top), top)
    _spread(found, [(target, source) for source, target in _arrows(diagram, top)], top)
    return {ident: found.get(ident, 0) for ident in top}


def _arrows(diagram: Diagram, top: Mapping[str, Element]) -> list[tuple[str, str]]:
    flows = [(flow.source, flow.target) for flow in diagram.flows.values() if not flow.parent]
    return flows + [(element.attached_to, ident) for ident, element in top.items() if element.attached_to]


def _spread(found: dict[str, int], arrows: Sequence[tuple[str, str]], top: Mapping[str, Element]) -> None:
    following: dict[str, list[str]] = {}
    for source, target in arrows:
        following.setdefault(source, []).append(target)
    waiting = deque(ident for ident in top if ident in found)
    while waiting:
        ident = waiting.popleft()
        for target in following.get(ident, ()):
            if target in top and target not in found:
                found[target] = found[ident]
                waiting.append(target)
