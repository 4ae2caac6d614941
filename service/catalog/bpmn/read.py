"""Reading BPMN 2.0 with the extensions of SpiffWorkflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType

from service.catalog.bpmn.model import (
    Diagram,
    Element,
    Flow,
    Kind,
    Lane,
    MultiInstance,
    OperationCall,
    Purpose,
    Stated,
    Timer,
    TimerKind,
    Trigger,
    parse_types,
    split_words,
)
from service.catalog.bpmn.shapes import Bounds, Edge, Point, Shape
from service.catalog.bpmn.structure import faults, name_of
from service.catalog.problems import Problem
from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.xml import XmlElement, XmlMistake, child, children, demand_narrow, local, parse_xml, text_of
from service.domain.text import Text

_KINDS = {kind.value: kind for kind in Kind}
_SILENT_TAGS = {
    "sequenceFlow", "laneSet", "extensionElements", "documentation", "incoming", "outgoing", "textAnnotation",
    "association", "group", "ioSpecification", "property", "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics", "dataObject", "dataObjectReference", "correlationSubscription",
}  # fmt: skip
_MAY_HAVE_PROPERTIES = frozenset({*_KINDS, "process", "sequenceFlow"})
_FORBIDDEN = {"preScript", "postScript", "script"}
_DATA = ("dataInputAssociation", "dataOutputAssociation", "dataStore", "ioSpecification")
_STATED = {
    "timeDate": Purpose.TIMER, "timeDuration": Purpose.TIMER, "timeCycle": Purpose.TIMER, "loopCardinality": Purpose.LOOP,
    "loopDataInputRef": Purpose.LOOP, "completionCondition": Purpose.LOOP, "messagePayload": Purpose.PAYLOAD,
    "expression": Purpose.CORRELATION, "parameter": Purpose.PARAMETER,
}  # fmt: skip
"""Tags whose text, or attribute ``value``, is an expression that the engine evaluates."""


class UnsoundDiagram(XmlMistake):
    """The file is BPMN, but not sound enough to be read; ``faults`` names each element and the remedy."""

    def __init__(self, faults: tuple[Problem, ...]) -> None:
        first = faults[0]
        super().__init__(first.file, first.line or 1, first.message)
        self.faults = faults


@of_newest(by_file)
def read_diagram(content: bytes, file: str) -> Diagram:
    """Read one diagram.

    Raises:
        XmlMistake: it is no BPMN with a process.
        UnsoundDiagram: ids, flows or numbers are missing or cannot be.
    """
    root = parse_xml(content, file)
    demand_narrow(content, file)
    if local(root) != "definitions" or not children(root, "process"):
        raise XmlMistake(file, 1, Text("不是含有流程的 BPMN 文件。", "This is no BPMN file with a process."))
    found = faults(root, file)
    if found:
        raise UnsoundDiagram(tuple(found))
    return read_processes(content, file)[0]


@of_newest(by_file)
def read_processes(content: bytes, file: str) -> tuple[Diagram, ...]:
    """Read every process of a file, sound or not: what was stored once has to run. Raises XmlMistake."""
    root = parse_xml(content, file)
    processes = list(root.iter("{*}process"))
    return tuple(_Reader(root, process, file, len(processes)).diagram() for process in processes)


class _Reader:
    """Walks one process; definitions such as messages are looked up at the root."""

    def __init__(self, root: XmlElement, process: XmlElement, file: str, processes: int) -> None:
        self._root = root
        self._process = process
        self._file = file
        self._processes = processes
        self._names = {e.get("id", ""): e.get("name", "") for e in children(root, "message")}
        self._signals = {e.get("id", ""): e.get("name", "") for e in children(root, "signal")}
        self._codes = {
            e.get("id", ""): e.get(f"{local(e)}Code", "") for e in children(root, Trigger.ERROR, Trigger.ESCALATION)
        }
        self._elements: dict[str, Element] = {}
        self._flows: dict[str, Flow] = {}
        self._unknown: list[str] = []
        self._lanes = tuple(_lanes(process))
        self._lane_of = {member: lane.id for lane in self._lanes for member in lane.members}

    def diagram(self) -> Diagram:
        process = self._process
        properties = _properties(process)
        self._walk(process, "")
        shapes, edges = read_drawing(self._root)
        pool = next((p for c in children(self._root, "collaboration") for p in children(c, "participant")), None)
        return Diagram(
            file=self._file,
            process_id=process.get("id", ""),
            name=process.get("name", ""),
            properties=MappingProxyType(properties),
            variables=MappingProxyType(parse_types(properties.get("variables", ""))),
            outputs=split_words(properties.get("outputs", "")),
            slots=split_words(properties.get("slots", "")),
            clauses=split_words(properties.get("clauses", "")),
            elements=MappingProxyType(self._elements),
            flows=MappingProxyType(self._flows),
            lanes=self._lanes,
            pool="" if pool is None else pool.get("id", ""),
            pool_name="" if pool is None else pool.get("name", ""),
            shapes=MappingProxyType(shapes),
            edges=MappingProxyType(edges),
            processes=self._processes,
            unknown_tags=tuple(self._unknown),
            stray=tuple(_stray(self._root, process.get("id", ""))),
            repeated=tuple(_repeated(self._root, process.get("id", ""))),
            data_flows=tuple(name_of(node) for node in self._root.iter(*(f"{{*}}{tag}" for tag in _DATA))),
            line=process.sourceline or 0,
            executable=process.get("isExecutable") != "false",
        )

    def _walk(self, scope: XmlElement, parent: str) -> None:
        for node in children(scope):
            tag = local(node)
            if tag == "sequenceFlow":
                self._flow(node, parent)
            elif tag in _KINDS:
                element = self._element(node, _KINDS[tag], parent)
                self._elements[element.id] = element
                if element.kind.is_scope:
                    self._walk(node, element.id)
            elif tag not in _SILENT_TAGS and tag != "script":
                self._unknown.append(tag)

    def _flow(self, node: XmlElement, parent: str) -> None:
        properties = _properties(node)
        condition = child(node, "conditionExpression")
        self._flows[node.get("id", "")] = Flow(
            node.get("id", ""),
            node.get("sourceRef", ""),
            node.get("targetRef", ""),
            node.get("name", ""),
            text_of(condition),
            parent,
            split_words(properties.get("clauses", "")),
            properties.get("main") == "yes",
            MappingProxyType(properties),
            condition is not None,
            node.sourceline or 0,
        )

    def _element(self, node: XmlElement, kind: Kind, parent: str) -> Element:
        properties = _properties(node)
        ident = node.get("id", "")
        definition = next((c for c in children(node) if local(c).endswith("EventDefinition")), None)
        reference = node if definition is None else definition
        return Element(
            id=ident,
            kind=kind,
            name=" ".join(node.get("name", "").split()),
            process_id=self._process.get("id", ""),
            properties=MappingProxyType(properties),
            clauses=split_words(properties.get("clauses", "")),
            trigger=_trigger(definition),
            timer=_timer(definition),
            message=self._names.get(reference.get("messageRef", ""), ""),
            payload=_extension(reference, "messagePayload") or _extension(node, "messagePayload"),
            message_variable=_extension(reference, "messageVariable") or _extension(node, "messageVariable"),
            error_code=self._codes.get(reference.get("errorRef", "") or reference.get("escalationRef", ""), ""),
            signal=self._signals.get(reference.get("signalRef", ""), ""),
            operation=_operation(node),
            decision=_extension(node, "calledDecisionId"),
            called=node.get("calledElement", ""),
            attached_to=node.get("attachedToRef", ""),
            interrupting=node.get("cancelActivity", node.get("isInterrupting", "true")) != "false",
            multi=_multi(node),
            default_flow=node.get("default", ""),
            parent=parent,
            lane=self._lane_of.get(ident, ""),
            event_subprocess=node.get("triggeredByEvent") == "true",
            instructions=_extension(node, "instructionsForEndUser"),
            forbidden=tuple(_forbidden(node)),
            standard_loop=child(node, "standardLoopCharacteristics") is not None,
            stated=tuple(_stated(node, kind)),
            line=node.sourceline or 0,
        )


def _extensions(node: XmlElement, name: str) -> list[XmlElement]:
    holder = child(node, "extensionElements")
    return [] if holder is None else children(holder, name)


def _extension(node: XmlElement, name: str) -> str:
    return next((text_of(found) for found in _extensions(node, name)), "")


def _properties(node: XmlElement) -> dict[str, str]:
    return {
        item.get("name", ""): item.get("value", "")
        for holder in _extensions(node, "properties")
        for item in children(holder, "property")
    }


def _stray(root: XmlElement, process: str) -> Iterator[tuple[str, str]]:
    """Find properties of what has none: lanes, messages, definitions of events …, by the nearest id."""
    for extensions in root.iter("{*}extensionElements"):
        holder = extensions.getparent()
        if (
            holder is None
            or local(holder) in _MAY_HAVE_PROPERTIES
            or child(holder, "extensionElements") is not extensions
        ):
            continue
        for name in _properties(holder):
            yield name_of(holder) or process, name


def _repeated(root: XmlElement, process: str) -> Iterator[tuple[str, str]]:
    """Find what an element says twice, of which only the last would count: properties, parameters of an operation."""
    for holder in root.iter("{*}properties", "{*}parameters"):
        said = [item.get("name") or item.get("id", "") for item in children(holder, "property", "parameter")]
        about = next(holder.iterancestors("{*}extensionElements"), holder)
        yield from ((name_of(about) or process, name) for name, times in Counter(said).items() if times > 1)


def _stated(node: XmlElement, kind: Kind) -> Iterator[Stated]:
    """Yield the expressions of an element, save those of what it holds."""
    parts = (
        [part for part in children(node) if local(part) not in _KINDS and local(part) != "sequenceFlow"]
        if kind.is_scope
        else [node]
    )
    for part in (found for one in parts for found in one.iter("{*}*")):
        purpose = _STATED.get(local(part))
        if purpose is not None:
            yield Stated(purpose, text_of(part) if purpose is not Purpose.PARAMETER else part.get("value", ""))


def _trigger(definition: XmlElement | None) -> Trigger | None:
    if definition is None:
        return None
    word = local(definition).removesuffix("EventDefinition")
    return Trigger(word) if word in set(Trigger) else None


def _timer(definition: XmlElement | None) -> Timer | None:
    if definition is None:
        return None
    found = children(definition, *TimerKind)
    return Timer(TimerKind(local(found[0])), text_of(found[0])) if found else None


def _operation(node: XmlElement) -> OperationCall | None:
    for operator in _extensions(node, "serviceTaskOperator"):
        holder = child(operator, "parameters")
        rows = [] if holder is None else children(holder, "parameter")
        parameters = {row.get("id", ""): row.get("value", "") for row in rows}
        result = operator.get("resultVariable") or None
        return OperationCall(operator.get("id", ""), MappingProxyType(parameters), result)
    return None


def _multi(node: XmlElement) -> MultiInstance | None:
    loop = child(node, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    item, output = child(loop, "inputDataItem"), child(loop, "outputDataItem")
    return MultiInstance(
        text_of(child(loop, "loopDataInputRef")) or text_of(child(loop, "loopCardinality")),
        "" if item is None else item.get("id", ""),
        text_of(child(loop, "loopDataOutputRef")),
        "" if output is None else output.get("id", ""),
        text_of(child(loop, "completionCondition")),
        loop.get("isSequential") == "true",
    )


def _lanes(process: XmlElement) -> list[Lane]:
    found = []
    for lane in (lane for lanes in children(process, "laneSet") for lane in children(lanes, "lane")):
        members = frozenset(text_of(ref) for ref in children(lane, "flowNodeRef"))
        found.append(Lane(lane.get("id", ""), lane.get("name", ""), members))
    return found


def _forbidden(node: XmlElement) -> list[str]:
    holder = child(node, "extensionElements")
    inside = [] if holder is None else children(holder)
    return [local(found) for found in [*inside, *children(node)] if local(found) in _FORBIDDEN]


def read_drawing(root: XmlElement) -> tuple[dict[str, Shape], dict[str, Edge]]:
    """Return shapes and edges of the first plane by the id of what they draw."""
    planes = [plane for diagram in children(root, "BPMNDiagram") for plane in children(diagram, "BPMNPlane")]
    if not planes:
        return {}, {}
    shapes = {node.get("bpmnElement", ""): _shape(node) for node in children(planes[0], "BPMNShape")}
    edges = {node.get("bpmnElement", ""): _edge(node) for node in children(planes[0], "BPMNEdge")}
    return {key: shape for key, shape in shapes.items() if shape is not None}, edges


def _shape(node: XmlElement) -> Shape | None:
    bounds = child(node, "Bounds")
    if bounds is None:
        return None
    return Shape(_bounds(bounds), _label(node), node.get("isExpanded", "true") != "false")


def _edge(node: XmlElement) -> Edge:
    waypoints = tuple(Point(_number(p, "x"), _number(p, "y")) for p in children(node, "waypoint"))
    return Edge(waypoints, _label(node))


def _label(node: XmlElement) -> Bounds | None:
    label = child(node, "BPMNLabel")
    bounds = None if label is None else child(label, "Bounds")
    return None if bounds is None else _bounds(bounds)


def _bounds(node: XmlElement) -> Bounds:
    return Bounds(_number(node, "x"), _number(node, "y"), _number(node, "width"), _number(node, "height"))


def _number(node: XmlElement, name: str) -> float:
    try:
        return float(node.get(name, "0"))
    except ValueError:
        return 0.0
