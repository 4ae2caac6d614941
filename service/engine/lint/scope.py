"""The diagrams as the linter sees them: one scope per process or subprocess, with its own nodes and flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.engine.xml import extension, kind, properties_of, tag, text_of

TASKS = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "scriptTask",
        "callActivity", "subProcess", "adHocSubProcess", "transaction",
    }
)  # fmt: skip
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"})
NODES = TASKS | EVENTS | GATEWAYS
INNER = frozenset({"subProcess", "adHocSubProcess", "transaction"})


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """A process or subprocess: its direct nodes by id, and its flows."""

    file: str
    node: Any
    nodes: Mapping[str, Any]
    flows: tuple[Flow, ...]
    outgoing: Mapping[str, list[Flow]] = field(default_factory=dict)
    incoming: Mapping[str, list[Flow]] = field(default_factory=dict)
    attached: Mapping[str, list[Any]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the process or subprocess."""
        return str(self.node.get("id", ""))

    def of_kind(self, *kinds: str) -> Iterator[Any]:
        """Yield the nodes of some kinds."""
        return (node for node in self.nodes.values() if kind(node) in kinds)

    def next_of(self, node_id: str) -> Iterator[str]:
        """Yield where a token can go from a node, its attached events included."""
        yield from (flow.target for flow in self.outgoing.get(node_id, ()) if flow.target in self.nodes)
        yield from (event.get("id", "") for event in self.attached.get(node_id, ()))

    def reach(self, start: str, without: str | None = None) -> set[str]:
        """Return the nodes a token can reach from ``start``, itself included, never passing ``without``."""
        seen: set[str] = set()
        todo = [start]
        while todo:
            node_id = todo.pop()
            if node_id not in seen and node_id != without:
                seen.add(node_id)
                todo.extend(self.next_of(node_id))
        return seen


@dataclass(frozen=True, slots=True)
class Package:
    """All scopes of a set of diagrams, and what the processes let out, by id."""

    scopes: tuple[Scope, ...]
    roots: Mapping[str, Any]
    processes: Mapping[str, Any]

    def outputs(self, process_id: str) -> set[str]:
        """Return the keys a callable process lets out."""
        node = self.processes.get(process_id)
        return set() if node is None else listed(properties_of(node).get("outputs", ""))

    def writes(self, node: Any) -> set[str]:
        """Return the keys of the token's data an element may set."""
        loop = node.find(tag("multiInstanceLoopCharacteristics"))
        if loop is not None:
            target = loop.findtext(tag("loopDataOutputRef"))
            return {target.strip()} if target else set()
        if kind(node) == "callActivity":
            return self.outputs(node.get("calledElement", ""))
        if kind(node) == "subProcess":
            return set().union(*(self.writes(child) for child in node if kind(child) in NODES))
        return _own_writes(node)


def _own_writes(node: Any) -> set[str]:
    properties = properties_of(node)
    operator = extension(node, "serviceTaskOperator")
    keys = listed(properties.get("routes", ""))
    keys |= {properties.get("resultVariable", ""), operator.get("resultVariable", "") if operator is not None else ""}
    for definition in (*node.iter(tag("messageEventDefinition")), node):
        keys.add(text_of(definition, "messageVariable") or "")
    return keys - {""}


def listed(text: str) -> set[str]:
    """Return the parts of a comma-separated list."""
    return {part.strip() for part in text.split(",")} - {""}


def scopes_of(file: str, root: Any) -> Iterator[Scope]:
    """Yield the scopes of one document."""
    for process in root.iter(tag("process")):
        yield _scope(file, process)
        for inner in process.iter(*(tag(name) for name in INNER)):
            yield _scope(file, inner)


def _scope(file: str, node: Any) -> Scope:
    nodes = {child.get("id", ""): child for child in node if kind(child) in NODES}
    flows = tuple(_flow(child) for child in node if kind(child) == "sequenceFlow")
    outgoing: dict[str, list[Flow]] = {}
    incoming: dict[str, list[Flow]] = {}
    attached: dict[str, list[Any]] = {}
    for flow in flows:
        outgoing.setdefault(flow.source, []).append(flow)
        incoming.setdefault(flow.target, []).append(flow)
    for child in nodes.values():
        if kind(child) == "boundaryEvent":
            attached.setdefault(child.get("attachedToRef", ""), []).append(child)
    return Scope(file, node, nodes, flows, outgoing, incoming, attached)


def _flow(node: Any) -> Flow:
    condition = node.find(tag("conditionExpression"))
    text = None if condition is None else (condition.text or "").strip()
    return Flow(node.get("id", ""), node.get("sourceRef", ""), node.get("targetRef", ""), text)
