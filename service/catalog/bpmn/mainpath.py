"""The main path of a diagram: the way a case takes when nothing goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from service.catalog.bpmn.ahead import Processes, in_order, is_plain, list_outgoing_flows, order_from
from service.catalog.bpmn.model import Diagram, Element, Flow, Kind, Trigger

_GOAL = 100_000
"""What an end weighs whose name tells of no setback: a main path leads there wherever it can."""
_MARKED = 100 * _GOAL
"""What a flow adds that the file marks as the main way: more than all that may be said against it."""
_FIRST_FLOW = 3
"""What the flow declared first at a fork adds."""
_SETBACK = 5
"""What a flow or node takes away whose name tells of a setback."""
_SETBACKS = (
    "不", "未", "无", "逾期", "期满", "撤回", "终止", "取消", "拒", "失败",
    "not ", "no ", "refus", "reject", "withdraw", "late", "lapse", "cancel", "fail",
)  # fmt: skip


def main_path(diagram: Diagram, parent: str = "") -> tuple[str, ...]:
    """Return the ids of the nodes on the main path, from the start to an end.

    The goal is an end whose name tells of no setback (不予受理, 逾期, withdrawn …). Of the ways that
    lead there, the one through most call activities, then through what weighs most: tasks of people,
    other tasks, and at every fork the flow that the file declares first or whose name is no setback.
    A flow with the property ``main`` goes before all of these.
    """
    starts = [e for e in diagram.of(Kind.START) if e.parent == parent]
    if not starts:
        return ()
    graph = _Graph(diagram, parent)
    return graph.longest(starts[0].id)


def find_needed(diagram: Diagram) -> frozenset[str]:
    """Return the ids of the main path without which no end but a setback can be reached.

    Beside a flow with the property ``main`` the others are exceptions, which need nothing.
    """
    path = main_path(diagram)
    return frozenset(ident for ident in path[1:] if not _reaches_goal(diagram, path[0], ident))


def _reaches_goal(diagram: Diagram, start: str, avoided: str) -> bool:
    seen, queue = {start, avoided}, [start]
    while queue:
        element = diagram.elements[queue.pop()]
        if element.kind is Kind.END and not is_setback(element.name):
            return True
        flows = diagram.outgoing(element.id)
        ahead = {flow.target for flow in [f for f in flows if f.main] or flows} - seen
        seen |= ahead
        queue += ahead
    return False


class _Graph:
    """The flows of one scope without those that lead back."""

    def __init__(self, diagram: Diagram, parent: str) -> None:
        self._elements = diagram.elements
        self._next: dict[str, list[str]] = {}
        self._marked = {(f.source, f.target) for f in diagram.flows.values() if f.main}
        self._setbacks = {(f.source, f.target) for f in diagram.flows.values() if is_setback(f.name)}
        for flow in diagram.flows.values():
            if flow.parent == parent:
                self._next.setdefault(flow.source, []).append(flow.target)

    def longest(self, start: str) -> tuple[str, ...]:
        """Return the heaviest way from ``start``; flows back are left out by depth-first search."""
        order = in_order(start, lambda ident: self._next.get(ident, ()), self._elements)
        best: dict[str, tuple[float, str | None]] = {}
        for ident in reversed(order.sequence):
            forks = len(self._next.get(ident, ())) > 1
            ways = [
                (best[n][0] + self._get_bonus(ident, n, forks and index == 0), n)
                for index, n in enumerate(self._next.get(ident, ()))
                if (ident, n) not in order.back and n in best
            ]
            weight, follower = max(ways, default=(0.0, None), key=lambda way: way[0])
            best[ident] = (weight + _get_weight(self._elements[ident], asks=forks), follower)
        path, node_id = [], start if start in best else None
        while node_id is not None:
            path.append(node_id)
            node_id = best[node_id][1]
        return tuple(path)

    def _get_bonus(self, source: str, target: str, first: bool) -> float:
        marked = _MARKED if (source, target) in self._marked else 0
        return marked + (_FIRST_FLOW if first else 0) - (_SETBACK if (source, target) in self._setbacks else 0)


def _get_weight(element: Element, asks: bool) -> float:
    """Weigh a node: the goal, then stages, then what people do, then the rest."""
    if element.kind is Kind.END:
        return 1 if is_setback(element.name) else _GOAL
    weight = 100 if element.kind is Kind.CALL else 3 if element.kind is Kind.USER_TASK else 2
    setback = not asks and is_setback(element.name)  # a question names what it asks about
    return weight - (_SETBACK if setback else 0) - (0 if element.kind.is_activity else 1)


def is_setback(name: str) -> bool:
    """Tell whether a name tells of a setback."""
    return any(word in name.lower() for word in _SETBACKS)


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
def stops_from(diagram: Diagram, parent: str, start: str, processes: Processes) -> tuple[WayStop, ...]:
    """Return what lies ahead of ``start`` in its scope, each behind all that lead to it: the same from any day."""
    order, stops = order_from(diagram, parent, start), []
    for ident in order.sequence:
        element, flows = diagram.elements[ident], list_outgoing_flows(diagram, ident)
        stops.append(
            WayStop(
                element,
                plain=ident == start or is_plain(diagram, ident, processes),
                setback=is_setback(element.name) or element.trigger is Trigger.ERROR,
                targets=tuple(flow.target for flow in flows if (ident, flow.target) not in order.back),
                choices=flows if element.kind in _CHOICE and len(flows) > 1 else None,
            )
        )
    return tuple(stops)
