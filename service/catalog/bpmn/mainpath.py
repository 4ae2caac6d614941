"""The main path of a diagram: the way a case takes when nothing goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from service.catalog.bpmn.model import Diagram, Element, Flow, Kind

_FIRST_END = 8
"""What the end declared first weighs: as much as a few tasks."""
_FIRST_FLOW = 3
"""What the flow declared first at a gateway adds."""


def main_path(diagram: Diagram, parent: str = "") -> tuple[str, ...]:
    """Return the ids of the nodes on the main path, from the start to an end.

    Of all ways from the start to an end, the one through most call activities, then through what
    weighs most: tasks of people, tasks, the flow and the end that the file declares first.
    """
    starts = [e for e in diagram.of(Kind.START) if e.parent == parent]
    if not starts:
        return ()
    graph = _Graph(diagram, parent)
    return graph.longest(starts[0].id)


class _Graph:
    """The flows of one scope without those that lead back."""

    def __init__(self, diagram: Diagram, parent: str) -> None:
        self._elements = diagram.elements
        self._next: dict[str, list[str]] = {}
        self._success = next((e.id for e in diagram.of(Kind.END) if e.parent == parent), "")
        for flow in diagram.flows.values():
            if flow.parent == parent:
                self._next.setdefault(flow.source, []).append(flow.target)

    def longest(self, start: str) -> tuple[str, ...]:
        """Return the heaviest way from ``start``; flows back are left out by depth-first search."""
        order = self._topological(start)
        best: dict[str, tuple[float, str | None]] = {}
        for ident in reversed(order.sequence):
            forks = len(self._next.get(ident, ())) > 1
            ways = [
                (best[n][0] + (_FIRST_FLOW if forks and index == 0 else 0), n)
                for index, n in enumerate(self._next.get(ident, ()))
                if (ident, n) not in order.back and n in best
            ]
            weight, follower = max(ways, default=(0.0, None), key=lambda way: way[0])
            own = _FIRST_END if ident == self._success else _weight(self._elements[ident])
            best[ident] = (weight + own, follower)
        path, here = [], start if start in best else None
        while here is not None:
            path.append(here)
            here = best[here][1]
        return tuple(path)

    def _topological(self, start: str) -> _Order:
        order = _Order()
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(self._next.get(start, ())))]
        order.open.add(start)
        while stack:
            ident, followers = stack[-1]
            follower = next(followers, None)
            if follower is None:
                stack.pop()
                order.open.discard(ident)
                order.sequence.insert(0, ident)
                order.done.add(ident)
            elif follower in order.open:
                order.back.add((ident, follower))
            elif follower not in order.done and follower in self._elements:
                order.open.add(follower)
                stack.append((follower, iter(self._next.get(follower, ()))))
        return order


class _Order:
    """The state of a depth-first search."""

    def __init__(self) -> None:
        self.sequence: list[str] = []
        self.open: set[str] = set()
        self.done: set[str] = set()
        self.back: set[tuple[str, str]] = set()


def _weight(element: Element) -> float:
    """Weigh a node: stages first, then what people do, then the rest."""
    if element.kind is Kind.CALL:
        return 100
    if element.kind is Kind.USER_TASK:
        return 3
    return 2 if element.kind.is_activity else 1


def flows_between(diagram: Diagram, path: tuple[str, ...]) -> tuple[Flow, ...]:
    """Return the flows that join consecutive nodes of ``path``."""
    steps = set(pairwise(path))
    return tuple(flow for flow in diagram.flows.values() if (flow.source, flow.target) in steps)
