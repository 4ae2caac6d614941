"""One process or subprocess by itself: its own nodes and flows, and where a token in it can come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.bpmn.model import Diagram, Element, Flow, Kind
from service.catalog.source.newest import of_newest


@dataclass(frozen=True, slots=True, eq=False)
class FlowScope:
    """A process or, where ``element`` is given, a subprocess: its direct nodes by id, and its flows."""

    diagram: Diagram
    element: Element | None
    nodes: Mapping[str, Element]
    outgoing: Mapping[str, tuple[Flow, ...]]
    incoming: Mapping[str, tuple[Flow, ...]]
    attached: Mapping[str, tuple[Element, ...]]

    @property
    def id(self) -> str:
        """The id of the process or subprocess."""
        return self.diagram.process_id if self.element is None else self.element.id

    @property
    def by_event(self) -> bool:
        """Whether this is a subprocess that an event starts."""
        return self.element is not None and self.element.event_subprocess

    def of(self, *kinds: Kind) -> Iterator[Element]:
        """Yield the nodes of these kinds."""
        return (node for node in self.nodes.values() if node.kind in kinds)

    def beside(self, ident: str) -> list[str]:
        """Return the events attached to a node that let it go on."""
        return [event.id for event in self.attached.get(ident, ()) if not event.interrupting]

    def next_of(self, ident: str) -> Iterator[str]:
        """Yield where a token can go from a node, its attached events included."""
        yield from (flow.target for flow in self.outgoing.get(ident, ()) if flow.target in self.nodes)
        yield from (event.id for event in self.attached.get(ident, ()))

    def reach(self, *starts: str, without: str | None = None) -> set[str]:
        """Return the nodes a token can reach from ``starts``, themselves included, never passing ``without``."""
        seen: set[str] = set()
        todo = list(starts)
        while todo:
            ident = todo.pop()
            if ident not in seen and ident != without:
                seen.add(ident)
                todo.extend(self.next_of(ident))
        return seen


@of_newest(lambda diagram: diagram.file)
def scopes_of(diagram: Diagram) -> tuple[FlowScope, ...]:
    """Return the scopes of a diagram, the process first."""
    inner = [element for element in diagram.elements.values() if element.kind.is_scope]
    return tuple(_build_scope(diagram, element) for element in (None, *inner))


def _build_scope(diagram: Diagram, element: Element | None) -> FlowScope:
    parent = "" if element is None else element.id
    nodes = {e.id: e for e in diagram.elements.values() if e.parent == parent}
    outgoing: dict[str, tuple[Flow, ...]] = {}
    incoming: dict[str, tuple[Flow, ...]] = {}
    attached: dict[str, tuple[Element, ...]] = {}
    for flow in diagram.flows.values():
        if flow.parent == parent:
            outgoing[flow.source] = (*outgoing.get(flow.source, ()), flow)
            incoming[flow.target] = (*incoming.get(flow.target, ()), flow)
    for node in nodes.values():
        if node.kind is Kind.BOUNDARY:
            attached[node.attached_to] = (*attached.get(node.attached_to, ()), node)
    return FlowScope(diagram, element, nodes, outgoing, incoming, attached)


def keys_of(element: Element) -> tuple[str, ...]:
    """Return the keys of a token's data that an element may set by itself, not by what it calls or holds."""
    if element.multi is not None:
        return (element.multi.outputs,) if element.multi.outputs else ()
    result = element.operation.result if element.operation else None
    result_keys = (*element.routes, element.properties.get("resultVariable"), result, element.message_variable)
    return tuple(dict.fromkeys(key for key in result_keys if key))
