"""The parser from diagrams to shared, immutable specifications, with every trap of the library closed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from SpiffWorkflow.bpmn.parser.event_parsers import EventBasedGatewayParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, EventBasedGateway, IntermediateThrowEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.event_parsers import SpiffSendTaskParser
from SpiffWorkflow.spiff.parser.task_spec import CallActivityParser, SpiffTaskParser, SubWorkflowParser, UserTaskParser
from SpiffWorkflow.spiff.specs.defaults import ManualTask, SendTask, UserTask
from SpiffWorkflow.spiff.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
)

from service.catalog.bpmn.model import Diagram, Element, OperationCall
from service.catalog.bpmn.read import read_processes
from service.catalog.problems import Problem
from service.catalog.source.xml import XmlMistake, parse_xml
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.engine.errors import UnreadableElement, build_missing_process_error, build_unreadable_error
from service.engine.interruptions import ThrownError, ThrownEscalation
from service.engine.items import Collection, ParallelItems, SequentialItems
from service.engine.messages import OutgoingMessage, ThrownSignal
from service.engine.parts import (
    CalledProcess,
    Choice,
    Condition,
    DeferredTask,
    ForkJoin,
    InclusiveForkJoin,
    InnerProcess,
    ProcessEnd,
)
from service.engine.timers import InstantTimer, RepeatingTimer


class _Properties:
    """Takes what we use of an element's extensions from the model, and uses our multi-instance classes."""

    PARALLEL_MI_CLASS = ParallelItems
    SEQUENTIAL_MI_CLASS = SequentialItems

    def parse_extensions(self: Any, node: Any = None) -> dict[str, object]:
        return {"properties": dict(_get_element(self).properties)} if node is None else {}


def _get_element(parser: Any) -> Element:
    """Return what the model says of the element that ``parser`` makes a specification of."""
    element: Element = parser.process_parser.parser.elements[parser.filename, parser.bpmn_id]
    return element


class _UserTaskParser(_Properties, UserTaskParser):  # type: ignore[misc]
    pass


class _ManualTaskParser(_Properties, SpiffTaskParser):  # type: ignore[misc]
    pass


class _CallActivityParser(_Properties, CallActivityParser):  # type: ignore[misc]
    pass


class _SubProcessParser(_Properties, SubWorkflowParser):  # type: ignore[misc]
    EVENT_SUBPROCESS_CLASS = InnerProcess


class _ChoiceParser(_Properties, ConditionalGatewayParser):  # type: ignore[misc]
    pass


class _DeferredParser(_Properties, SpiffTaskParser):  # type: ignore[misc]
    """Service, business rule and sending tasks served by the program.

    One with a decision asks for ``decision:<its id>``; its result variable may be a property.
    """

    def create_task(self) -> Any:
        element = _get_element(self)
        call = element.operation or OperationCall("", {}, None)
        operation = call.operation if element.operation and not element.decision else f"decision:{element.decision}"
        result = call.result or element.properties.get("resultVariable") or None
        return DeferredTask(self.spec, self.bpmn_id, operation, dict(call.parameters), result, **self.bpmn_attributes)


_MISSING = re.compile(r"The process '([^']+)' was not found")
"""How the library says that a called process is in no file."""
_DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"


class _SendTaskParser(_Properties, SpiffSendTaskParser):  # type: ignore[misc]
    """A send task with an operator is served by the program, one without throws its message."""

    def create_task(self) -> Any:
        if _get_element(self).operation is not None:
            return _DeferredParser.create_task(self)
        return super().create_task()


class DiagramParser(SpiffBpmnParser):  # type: ignore[misc]
    """Parses with our element classes; ``elements`` is what the model says of them, by file and id."""

    OVERRIDE_PARSER_CLASSES = SpiffBpmnParser.OVERRIDE_PARSER_CLASSES | {
        full_tag("userTask"): (_UserTaskParser, UserTask),
        full_tag("manualTask"): (_ManualTaskParser, ManualTask),
        full_tag("serviceTask"): (_DeferredParser, DeferredTask),
        full_tag("businessRuleTask"): (_DeferredParser, DeferredTask),
        full_tag("sendTask"): (_SendTaskParser, SendTask),
        full_tag("callActivity"): (_CallActivityParser, CalledProcess),
        full_tag("subProcess"): (_SubProcessParser, InnerProcess),
        full_tag("parallelGateway"): (GatewayParser, ForkJoin),
        full_tag("exclusiveGateway"): (_ChoiceParser, Choice),
        full_tag("inclusiveGateway"): (_ChoiceParser, InclusiveForkJoin),
        full_tag("eventBasedGateway"): (EventBasedGatewayParser, EventBasedGateway),
    }

    def __init__(self) -> None:
        super().__init__()
        self.elements: dict[tuple[str, str], Element] = {}

    def get_document_positions(self, root: Any) -> dict[str, Any]:  # noqa: ARG002  the library names the document
        """Return none: what happens, and in which order, never follows from where something is drawn."""
        return {}

    def _find_dependencies(self, process: Any) -> None:
        """Look for no decision tables: the program evaluates them, not the library."""


def parse_diagrams(diagrams: Mapping[str, bytes]) -> tuple[DiagramParser, dict[str, Diagram]]:
    """Return the parser with all documents added, and the model of each process by its id.

    Raises:
        BadDiagram: for bytes that are no XML.
        ValidationException: for what the library itself refuses.
    """
    parser = DiagramParser()
    processes: dict[str, Diagram] = {}
    for path in sorted(diagrams):
        try:
            read = read_processes(diagrams[path], path)
            root = parse_xml(diagrams[path], path)
        except XmlMistake as error:
            raise build_unreadable_error(error.message) from error
        processes |= {diagram.process_id: diagram for diagram in read}
        parser.elements |= {(path, ident): each for diagram in read for ident, each in diagram.elements.items()}
        parser.add_bpmn_xml(_remove_drawing(root), filename=path)
    return parser, processes


def _remove_drawing(root: Any) -> Any:
    """Return a document without its drawing, which is most of it: the parser keeps documents and looks at no drawing."""
    for drawing in root.findall(_DRAWING):
        root.remove(drawing)
    return root


def prime_spec(spec: Any, returned: Mapping[str, tuple[str, ...]], order: Mapping[tuple[str, str], int]) -> None:
    """Make a parsed spec safe to share between instances, threads and processes.

    Reconnects loops and pre-wires event subprocesses (a freshly parsed spec does neither), and puts our timers,
    conditions, collections and thrown events in place. ``returned``: the keys each callable process lets out.
    ``order``: the flows of this process as they stand in the file; the library would try conditions in the order in
    which their targets happen to lie on the canvas.
    """
    spec.end.__class__ = ProcessEnd  # the library offers no way to choose the class of a process's end
    for part in list(spec.task_specs.values()):
        _prime_part(spec, part, returned)
        if isinstance(part, MultiChoice):
            part.cond_task_specs = _in_order(part, order)
    for triggered in (spec.task_specs[name] for name in spec.start.trigger_specs):
        if spec.start.name not in triggered._inputs:
            triggered._inputs.append(spec.start.name)
            triggered.connect(spec.end)


def _prime_part(spec: Any, part: Any, returned: Mapping[str, tuple[str, ...]]) -> None:
    if isinstance(part, LoopTask):
        spec.task_specs[part.task_spec].completed_event.connect(part.merge_child)
    if isinstance(part, MultiInstanceTask):
        declared = spec.task_specs[part.task_spec].extensions["properties"].get("may_be_empty")
        collection = part.cardinality or part.data_input.bpmn_id
        part.data_input = Collection(collection, may_be_empty=declared == "yes")
        part.cardinality = None
    if isinstance(part, CalledProcess):
        part.returned = returned.get(part.spec, ())
    if getattr(part, "event_definition", None) is not None:
        part.event_definition = _build_definition(part, part.event_definition)


def _in_order(part: Any, order: Mapping[tuple[str, str], int]) -> list[tuple[Any, str]]:
    def get_position(choice: tuple[Any, str]) -> int:
        return order.get((part.name, choice[1].removesuffix(".BoundaryEventSplit")), 0)

    choices = sorted(part.cond_task_specs, key=get_position)
    return [(None if condition is None else Condition(condition.args[0]), name) for condition, name in choices]


def _build_definition(part: Any, definition: Any) -> Any:
    if isinstance(definition, MultipleEventDefinition):
        definition.event_definitions = [_build_definition(part, each) for each in definition.event_definitions]
        return definition
    if isinstance(definition, TimerEventDefinition):
        return _build_timer(part, definition)
    throws = isinstance(part, EndEvent | IntermediateThrowEvent | SendTask)
    return _to_thrown_definition(definition) if throws else definition


def _build_timer(part: Any, definition: Any) -> Any:
    repeats = isinstance(part, BoundaryEvent) and not part.cancel_activity
    kind = RepeatingTimer if repeats and isinstance(definition, CycleTimerEventDefinition) else InstantTimer
    return kind(definition.name, definition.expression)


def _to_thrown_definition(definition: Any) -> Any:
    if isinstance(definition, MessageEventDefinition):
        return OutgoingMessage(
            definition.name,
            definition.correlation_properties,
            definition.expression,
            definition.message_var,
            definition.process_correlations,
        )
    if isinstance(definition, SignalEventDefinition):
        return ThrownSignal(definition.name, expression=definition.expression, variable=definition.variable)
    for library_class, ours in ((ErrorEventDefinition, ThrownError), (EscalationEventDefinition, ThrownEscalation)):
        if isinstance(definition, library_class):
            return ours(definition.name, definition.expression, definition.variable, code=definition.code)
    return definition


def flow_order(diagram: Diagram) -> dict[tuple[str, str], int]:
    """Return the position of each flow in the file by its source and target."""
    return {(flow.source, flow.target): number for number, flow in enumerate(diagram.flows.values())}


def refused(diagrams: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Return the first thing that the library, which sees little, refuses of diagrams; what they call may lie elsewhere."""
    try:
        with translate_parser_errors():
            parser, processes = parse_diagrams(diagrams)
        for name, diagram in processes.items():
            with translate_parser_errors(diagram.file):
                parser.get_spec(name)
    except UnreadableElement as error:
        remedy = Text(
            "删去该元素重画，或换成别的画法。", "Remove the element and draw it anew, or draw it in another way."
        )
        return (Problem(error.file, error.element, "unreadable", error.reason, remedy),)
    return ()


@contextmanager
def translate_parser_errors(file: str = "") -> Iterator[None]:
    """Say in our words what the library refuses in its own, which are for programmers; ``file``: where it says none.

    Raises:
        UnreadableElement: naming the element where the library does.
        BadDiagram: for a called process that is in no file.
    """
    try:
        yield
    except ValidationException as error:
        missing = _MISSING.search(str(error))
        if missing:
            raise build_missing_process_error(missing[1]) from error
        raise UnreadableElement(error.file_name or file, error.id or "") from error
    except LaurelError:
        raise
    except Exception as error:  # the library raises whatever a diagram it did not foresee leads to
        raise UnreadableElement(file, "") from error
