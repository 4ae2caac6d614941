"""Assignment of nodes to lanes: the role's, the machine's, or that of the step they belong to."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from service.catalog.bpmn.model import Diagram, Element
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.patterns.patterns import SHARED_ROLES

_SHARED_POOL = "各地通用"


def lane_names(place: Jurisdiction | None) -> tuple[dict[str, str], str]:
    """Return the lane names by role and the pool's name: those of ``place``, without one those of shared diagrams."""
    if place is None:
        return SHARED_ROLES, _SHARED_POOL
    role_names = {role.id: role.name for role in place.roles.values()}
    bound = {
        abstract: role_names[role]
        for abstract, role in place.bindings.items()
        if role in role_names and abstract not in role_names
    }
    return role_names | bound, place.name


MACHINE = "系统"
"""Name of the lane of the steps that the program does by itself."""


def assign_lanes(
    diagram: Diagram, roles: Sequence[str], drawn: Mapping[str, int], machine: int | None = None
) -> dict[str, int]:
    """Return the lane number of every top-level node.

    ``roles`` are the roles in the order of the lanes; ``drawn`` is what the file already says about
    nodes without a role; ``machine`` is the lane of machine steps, if they have one. A node that none
    of these decides takes the lane of the step before it, else of the step after it; a gateway or an
    event that only machine steps lead to stands with them.
    """
    top = {ident: element for ident, element in diagram.elements.items() if not element.parent}
    number = {role: index for index, role in enumerate(roles)}
    lane_numbers = {ident: number[e.role] for ident, e in top.items() if e.role in number}
    lane_numbers |= {ident: lane for ident, lane in drawn.items() if ident in top and ident not in lane_numbers}
    lane_numbers = {
        ident: lane for ident, lane in lane_numbers.items() if machine is None or not top[ident].kind.is_machine
    }
    fixed = set(lane_numbers)
    arrows = _list_arrows(diagram, top)
    _spread_lanes(lane_numbers, arrows, top)
    _spread_lanes(lane_numbers, [(target, source) for source, target in arrows], top)
    lanes = {ident: lane_numbers.get(ident, 0) for ident in top}
    if machine is not None:
        lanes |= dict.fromkeys(_with_machine(top, arrows, fixed), machine)
    return lanes | {ident: lanes[element.attached_to] for ident, element in top.items() if element.attached_to in lanes}


def _with_machine(top: Mapping[str, Element], arrows: Sequence[tuple[str, str]], fixed: set[str]) -> set[str]:
    """Return the machine steps, and the gateways and events that follow nothing else."""
    machine_ids = {ident for ident, element in top.items() if element.kind.is_machine}
    before: dict[str, set[str]] = {}
    for source, target in arrows:
        before.setdefault(target, set()).add(source)
    while True:
        more = {
            ident
            for ident, element in top.items()
            if ident not in machine_ids
            and ident not in fixed
            and (element.kind.is_gateway or element.kind.is_event)
            and before.get(ident)
            and before[ident] <= machine_ids
        }
        if not more:
            return machine_ids
        machine_ids |= more


def _list_arrows(diagram: Diagram, top: Mapping[str, Element]) -> list[tuple[str, str]]:
    flows = [(flow.source, flow.target) for flow in diagram.flows.values() if not flow.parent]
    return flows + [(element.attached_to, ident) for ident, element in top.items() if element.attached_to]


def _spread_lanes(lane_numbers: dict[str, int], arrows: Sequence[tuple[str, str]], top: Mapping[str, Element]) -> None:
    following: dict[str, list[str]] = {}
    for source, target in arrows:
        following.setdefault(source, []).append(target)
    waiting = deque(ident for ident in top if ident in lane_numbers)
    while waiting:
        ident = waiting.popleft()
        for target in following.get(ident, ()):
            if target in top and target not in lane_numbers:
                lane_numbers[target] = lane_numbers[ident]
                waiting.append(target)
