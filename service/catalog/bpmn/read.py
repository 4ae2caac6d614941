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
from service.catalog.bpmn.structure import list_diagram_faults, name_of
from service.catalog.problems import Problem
from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.xml import (
    XmlElement,
    XmlMistake,
    find_child_element,
    get_local_name,
    list_child_elements,
    parse_xml,
    require_narrow,
    text_of,
)
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
    require_narrow(content, file)
    if get_local_name(root) != "definitions" or not list_child_elements(root, "process"):
        raise XmlMistake(file, 1, Text("不是含有流程的 BPMN 文件。", "This is no BPMN file with a process."))
    fault_list = list_diagram_faults(root, file)
    if fault_list:
        raise UnsoundDiagram(tuple(fault_list))
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
        self._names = {e.get("id", ""): e.get("name", "") for e in list_child_elements(root, "message")}
        self._signals = {e.get("id", ""): e.get("name", "") for e in list_child_elements(root, "signal")}
        self._codes = {
            e.get("id", ""): e.get(f"{get_local_name(e)}Code", "")
            for e in list_child_elements(root, Trigger.ERROR, Trigger.ESCALATION)
        }
        self._elements: dict[str, Element] = {}
        self._flows: dict[str, Flow] = {}
        self._unknown: list[str] = []
        self._lanes = tuple(_read_lanes(process))
        self._lane_of = {member: lane.id for lane in self._lanes for member in lane.members}

    def diagram(self) -> Diagram:
        process = self._process
        properties = _read_properties(process)
        self._walk_scope(process, "")
        shapes, edges = read_drawing(self._root)
        pool = next(
            (
                p
                for c in list_child_elements(self._root, "collaboration")
                for p in list_child_elements(c, "participant")
            ),
            None,
        )
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
            stray=tuple(_find_stray_properties(self._root, process.get("id", ""))),
            repeated=tuple(_find_repeated_names(self._root, process.get("id", ""))),
            data_flows=tuple(name_of(node) for node in self._root.iter(*(f"{{*}}{tag}" for tag in _DATA))),
            line=process.sourceline or 0,
            executable=process.get("isExecutable") != "false",
        )

    def _walk_scope(self, scope: XmlElement, parent: str) -> None:
        for node in list_child_elements(scope):
            tag = get_local_name(node)
            if tag == "sequenceFlow":
                self._add_flow(node, parent)
            elif tag in _KINDS:
                element = self._build_element(node, _KINDS[tag], parent)
                self._elements[element.id] = element
                if element.kind.is_scope:
                    self._walk_scope(node, element.id)
            elif tag not in _SILENT_TAGS and tag != "script":
                self._unknown.append(tag)

    def _add_flow(self, node: XmlElement, parent: str) -> None:
        properties = _read_properties(node)
        condition = find_child_element(node, "conditionExpression")
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

    def _build_element(self, node: XmlElement, kind: Kind, parent: str) -> Element:
        properties = _read_properties(node)
        ident = node.get("id", "")
        definition = next((c for c in list_child_elements(node) if get_local_name(c).endswith("EventDefinition")), None)
        reference = node if definition is None else definition
        return Element(
            id=ident,
            kind=kind,
            name=" ".join(node.get("name", "").split()),
            process_id=self._process.get("id", ""),
            properties=MappingProxyType(properties),
            clauses=split_words(properties.get("clauses", "")),
            trigger=_read_trigger(definition),
            timer=_read_timer(definition),
            message=self._names.get(reference.get("messageRef", ""), ""),
            payload=_get_extension_text(reference, "messagePayload") or _get_extension_text(node, "messagePayload"),
            message_variable=_get_extension_text(reference, "messageVariable")
            or _get_extension_text(node, "messageVariable"),
            error_code=self._codes.get(reference.get("errorRef", "") or reference.get("escalationRef", ""), ""),
            signal=self._signals.get(reference.get("signalRef", ""), ""),
            operation=_read_operation(node),
            decision=_get_extension_text(node, "calledDecisionId"),
            called=node.get("calledElement", ""),
            attached_to=node.get("attachedToRef", ""),
            interrupting=node.get("cancelActivity", node.get("isInterrupting", "true")) != "false",
            multi=_read_multi(node),
            default_flow=node.get("default", ""),
            parent=parent,
            lane=self._lane_of.get(ident, ""),
            event_subprocess=node.get("triggeredByEvent") == "true",
            instructions=_get_extension_text(node, "instructionsForEndUser"),
            forbidden=tuple(_list_forbidden_tags(node)),
            standard_loop=find_child_element(node, "standardLoopCharacteristics") is not None,
            stated=tuple(_iterate_expressions(node, kind)),
            line=node.sourceline or 0,
        )


def _list_extensions(node: XmlElement, name: str) -> list[XmlElement]:
    holder = find_child_element(node, "extensionElements")
    return [] if holder is None else list_child_elements(holder, name)


def _get_extension_text(node: XmlElement, name: str) -> str:
    return next((text_of(extension) for extension in _list_extensions(node, name)), "")


def _read_properties(node: XmlElement) -> dict[str, str]:
    return {
        item.get("name", ""): item.get("value", "")
        for holder in _list_extensions(node, "properties")
        for item in list_child_elements(holder, "property")
    }


def _find_stray_properties(root: XmlElement, process: str) -> Iterator[tuple[str, str]]:
    """Find properties of what has none: lanes, messages, definitions of events …, by the nearest id."""
    for extensions in root.iter("{*}extensionElements"):
        holder = extensions.getparent()
        if (
            holder is None
            or get_local_name(holder) in _MAY_HAVE_PROPERTIES
            or find_child_element(holder, "extensionElements") is not extensions
        ):
            continue
        for name in _read_properties(holder):
            yield name_of(holder) or process, name


def _find_repeated_names(root: XmlElement, process: str) -> Iterator[tuple[str, str]]:
    """Find what an element says twice, of which only the last would count: properties, parameters of an operation."""
    for holder in root.iter("{*}properties", "{*}parameters"):
        item_names = [
            item.get("name") or item.get("id", "") for item in list_child_elements(holder, "property", "parameter")
        ]
        about = next(holder.iterancestors("{*}extensionElements"), holder)
        yield from ((name_of(about) or process, name) for name, times in Counter(item_names).items() if times > 1)


def _iterate_expressions(node: XmlElement, kind: Kind) -> Iterator[Stated]:
    """Yield the expressions of an element, save those of what it holds."""
    parts = (
        [
            part
            for part in list_child_elements(node)
            if get_local_name(part) not in _KINDS and get_local_name(part) != "sequenceFlow"
        ]
        if kind.is_scope
        else [node]
    )
    for part in (inner_node for part_root in parts for inner_node in part_root.iter("{*}*")):
        purpose = _STATED.get(get_local_name(part))
        if purpose is not None:
            yield Stated(purpose, text_of(part) if purpose is not Purpose.PARAMETER else part.get("value", ""))


def _read_trigger(definition: XmlElement | None) -> Trigger | None:
    if definition is None:
        return None
    word = get_local_name(definition).removesuffix("EventDefinition")
    return Trigger(word) if word in set(Trigger) else None


def _read_timer(definition: XmlElement | None) -> Timer | None:
    if definition is None:
        return None
    timer_nodes = list_child_elements(definition, *TimerKind)
    return Timer(TimerKind(get_local_name(timer_nodes[0])), text_of(timer_nodes[0])) if timer_nodes else None


def _read_operation(node: XmlElement) -> OperationCall | None:
    for operator in _list_extensions(node, "serviceTaskOperator"):
        holder = find_child_element(operator, "parameters")
        rows = [] if holder is None else list_child_elements(holder, "parameter")
        parameters = {row.get("id", ""): row.get("value", "") for row in rows}
        result = operator.get("resultVariable") or None
        return OperationCall(operator.get("id", ""), MappingProxyType(parameters), result)
    return None


def _read_multi(node: XmlElement) -> MultiInstance | None:
    loop = find_child_element(node, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    item, output = find_child_element(loop, "inputDataItem"), find_child_element(loop, "outputDataItem")
    return MultiInstance(
        text_of(find_child_element(loop, "loopDataInputRef")) or text_of(find_child_element(loop, "loopCardinality")),
        "" if item is None else item.get("id", ""),
        text_of(find_child_element(loop, "loopDataOutputRef")),
        "" if output is None else output.get("id", ""),
        text_of(find_child_element(loop, "completionCondition")),
        loop.get("isSequential") == "true",
    )


def _read_lanes(process: XmlElement) -> list[Lane]:
    lanes_list = []
    for lane in (
        lane for lanes in list_child_elements(process, "laneSet") for lane in list_child_elements(lanes, "lane")
    ):
        members = frozenset(text_of(ref) for ref in list_child_elements(lane, "flowNodeRef"))
        lanes_list.append(Lane(lane.get("id", ""), lane.get("name", ""), members))
    return lanes_list


def _list_forbidden_tags(node: XmlElement) -> list[str]:
    holder = find_child_element(node, "extensionElements")
    inside = [] if holder is None else list_child_elements(holder)
    return [
        get_local_name(inner_node)
        for inner_node in [*inside, *list_child_elements(node)]
        if get_local_name(inner_node) in _FORBIDDEN
    ]


def read_drawing(root: XmlElement) -> tuple[dict[str, Shape], dict[str, Edge]]:
    """Return shapes and edges of the first plane by the id of what they draw."""
    planes = [
        plane
        for diagram in list_child_elements(root, "BPMNDiagram")
        for plane in list_child_elements(diagram, "BPMNPlane")
    ]
    if not planes:
        return {}, {}
    shapes = {node.get("bpmnElement", ""): _shape(node) for node in list_child_elements(planes[0], "BPMNShape")}
    edges = {node.get("bpmnElement", ""): _edge(node) for node in list_child_elements(planes[0], "BPMNEdge")}
    return {key: shape for key, shape in shapes.items() if shape is not None}, edges


def _shape(node: XmlElement) -> Shape | None:
    bounds = find_child_element(node, "Bounds")
    if bounds is None:
        return None
    return Shape(_bounds(bounds), _label(node))


def _edge(node: XmlElement) -> Edge:
    waypoints = tuple(Point(_number(p, "x"), _number(p, "y")) for p in list_child_elements(node, "waypoint"))
    return Edge(waypoints, _label(node))


def _label(node: XmlElement) -> Bounds | None:
    label = find_child_element(node, "BPMNLabel")
    bounds = None if label is None else find_child_element(label, "Bounds")
    return None if bounds is None else _bounds(bounds)


def _bounds(node: XmlElement) -> Bounds:
    return Bounds(_number(node, "x"), _number(node, "y"), _number(node, "width"), _number(node, "height"))


def _number(node: XmlElement, name: str) -> float:
    try:
        return float(node.get(name, "0"))
    except ValueError:
        return 0.0
