"""Tags and attributes of BPMN 2.0.2 and of SpiffWorkflow's extensions, and which of them have no meaning here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.catalog.bpmn.kinds import Kind
from service.catalog.source.xml import XmlMistake
from service.domain.text import Text

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EXTENSIONS = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NCNAME = re.compile(r"[^\W\d][\w.\-]*")
FEEL = re.compile(r"feel|https?://www\.omg\.org/spec/(DMN|FEEL)/.*", re.IGNORECASE)
SPOKEN = re.compile(r"feel|.*\bfeel\b.*|.*/XPath.*", re.IGNORECASE)
NODES = {kind.value for kind in Kind}
NAMED = {*NODES, "sequenceFlow", "process", "lane", "message", "signal", "error", "escalation", "participant"}
MAY_RECUR = ("parameter", "serviceTaskOperator", "inputDataItem", "outputDataItem")
SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")
ATTRIBUTES = {
    "activityRef", "associationDirection", "attachedToRef", "behavior", "calledElement", "cancelActivity",
    "cancelRemainingInstances", "completionQuantity", "default", "errorCode", "errorRef", "escalationCode", "escalationRef",
    "eventGatewayType", "exporter", "exporterVersion", "expressionLanguage", "gatewayDirection", "id", "implementation",
    "importType", "instantiate", "isClosed", "isCollection", "isExecutable", "isForCompensation", "isImmediate", "isInterrupting",
    "isSequential", "itemKind", "itemSubjectRef", "language", "location", "messageRef", "method", "name", "namespace",
    "dataObjectRef", "noneBehaviorEventRef", "oneBehaviorEventRef", "operationRef", "ordering", "parallelMultiple",
    "partitionElementRef", "processRef", "processType", "scriptFormat", "signalRef", "sourceRef", "startQuantity",
    "structureRef", "targetNamespace", "targetRef", "testBefore", "loopMaximum", "textFormat", "triggeredByEvent",
    "typeLanguage", "variable", "waitForCompletion", "correlationPropertyRef", "correlationKeyRef", "evaluatesToTypeRef",
    "type", "itemRef", "definitionalCollaborationRef", "maximum", "minimum", "categoryValueRef", "value",
}  # fmt: skip
"""Attributes without namespace that BPMN knows on one element or another."""


RESERVED_KEYS = frozenset({"typename"})
"""Names of data that cannot be read back: the library's own tools take such a key for the name of a class."""
UNKNOWN, UNKNOWN_IS_DEFAULT = "unknown", "default"
"""The property by which a gateway says that a condition which comes to null takes the default flow, and its only word."""
FLAGS = ("isExecutable", "isSequential", "cancelActivity", "isInterrupting", "triggeredByEvent", "isClosed")
DRAWN = (
    "BPMNDiagram",
    "BPMNPlane",
    "BPMNShape",
    "BPMNEdge",
    "BPMNLabel",
    "BPMNLabelStyle",
    "Bounds",
    "Font",
    "extension",
    "waypoint",
)
"""Elements of the drawing."""
TAGS = NODES | {
    "definitions", "import", "collaboration", "participant", "participantMultiplicity", "messageFlow", "process", "laneSet",
    "lane", "childLaneSet", "flowNodeRef", "sequenceFlow", "conditionExpression", "incoming", "outgoing", "documentation",
    "extensionElements", "extension", "textAnnotation", "text", "association", "group", "category", "categoryValue", "message",
    "signal", "error", "escalation", "itemDefinition", "dataObject", "dataObjectReference", "dataStore", "dataStoreReference",
    "property", "dataInput", "dataOutput", "dataState", "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs",
    "ioSpecification", "dataInputAssociation", "dataOutputAssociation", "assignment", "from", "to", "transformation",
    "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "loopCardinality", "loopDataInputRef",
    "loopDataOutputRef", "inputDataItem", "outputDataItem", "completionCondition", "loopCondition", "condition", "script",
    "timeDuration", "timeDate", "timeCycle", "correlationProperty", "correlationPropertyRetrievalExpression", "messagePath",
    "correlationKey", "correlationPropertyRef", "correlationSubscription", "correlationPropertyBinding", "dataPath",
    "timerEventDefinition", "messageEventDefinition", "errorEventDefinition", "signalEventDefinition",
    "escalationEventDefinition", "terminateEventDefinition", "conditionalEventDefinition", "linkEventDefinition",
    "compensateEventDefinition", "cancelEventDefinition", "sourceRef", "targetRef", "source", "target", "rendering",
    "interface", "operation", "inMessageRef", "outMessageRef", "resourceRole", "potentialOwner", "humanPerformer", "performer",
    "resourceAssignmentExpression", "formalExpression", "resource", "resourceRef", "auditing", "monitoring", "relationship",
    "supportedInterfaceRef", "dataAssociation", "eventDefinitionRef", "messageFlowRef", "conversation", "conversationNode",
    "conversationLink", "participantRef", "choreography", "globalTask", "globalUserTask", "globalScriptTask", "globalManualTask",
    "globalBusinessRuleTask", "partnerRole", "partnerEntity", "subConversation", "callConversation", "participantAssociation",
    "complexBehaviorDefinition", "activationCondition", "choreographyTask", "callChoreography", "subChoreography",
}  # fmt: skip
"""Tags that BPMN has; those that are not carried out here are told by the rules that look at elements."""
OURS = {
    "properties": (), "property": ("name", "value"), "serviceTaskOperator": ("id",), "parameters": (), "parameter": ("id", "value"),
    "calledDecisionId": (), "messagePayload": (), "messageVariable": (), "instructionsForEndUser": (), "preScript": (),
    "postScript": (), "payloadExpression": (), "variableName": (), "script": (), "processVariableCorrelation": (),
    "propertyId": (), "expression": (),
}  # fmt: skip
"""Extension elements that have a meaning, with the attributes they need."""
MAY_SAY = {"serviceTaskOperator": ("resultVariable",), "parameter": ("type",)}
"""Attributes that extension elements may have besides."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute whose only value with a meaning here is ``means``: any other is drawn and then ignored."""

    name: str
    means: tuple[str, ...]
    remedy: Text


IGNORED = (
    Attribute(
        "eventGatewayType", ("Exclusive",),
        Text("改为互斥（Exclusive）：先到的事件生效。", "Make it Exclusive: the first event wins."),
    ),
    Attribute(
        "instantiate", ("false",),
        Text("删去 instantiate：办件由开始事件发起。", "Remove instantiate: a start event begins a case."),
    ),
    Attribute(
        "completionQuantity", ("1",),
        Text("删去 completionQuantity，需要几次就画几次。", "Remove it; draw as many tasks as are needed."),
    ),
    Attribute(
        "startQuantity", ("1",),
        Text("删去 startQuantity；要等几条分支，用并行网关汇合。", "Remove it; join branches by a parallel gateway."),
    ),
    Attribute(
        "behavior", ("All",),
        Text("删去 behavior；提前结束用完成条件（completionCondition）。", "Remove it; end early by a completionCondition."),
    ),
    Attribute(
        "parallelMultiple", ("false",),
        Text("一个事件只等一件事；要等几件事，用并行网关汇合。", "One event waits for one thing; join several by a parallel gateway."),
    ),
    Attribute(
        "isForCompensation", ("false",),
        Text("没有补偿；把撤销动作画成普通任务。", "There is no compensation: draw what undoes as an ordinary task."),
    ),
    Attribute(
        "ordering", (),
        Text("改用普通子流程。", "Use an ordinary subprocess."),
    ),
)  # fmt: skip
IGNORED_NAMES = frozenset(attribute.name for attribute in IGNORED)

END_NAMED = {"incoming": "targetRef", "outgoing": "sourceRef"}
"""Which end of the flow that a node names in its text is the node itself."""
REFERRING = frozenset({*END_NAMED, "flowNodeRef", "participant"})
"""Elements that name others."""
THROWN = {"messageRef": "message", "signalRef": "signal", "errorRef": "error", "escalationRef": "escalation"}
"""Attributes by which events and tasks name what they throw or catch, and its elements."""
FORMULAS = (
    "conditionExpression", "timeDate", "timeDuration", "timeCycle", "loopCardinality", "loopDataInputRef", "loopDataOutputRef",
    "completionCondition", "messagePayload", "messageVariable", "calledDecisionId", "instructionsForEndUser", "flowNodeRef",
)  # fmt: skip
"""Elements that hold nothing but text."""
PLACED_BY = {"Bounds": ("x", "y", "width", "height"), "waypoint": ("x", "y")}
"""Elements of the drawing that have numbers, with their names."""

RULES = {
    "unknown_tag": "Every element is one of BPMN's or of the extensions.",
    "missing_id": "What is drawn has an id.",
    "malformed_id": "An id begins with a letter and holds letters, digits and _ - . only.",
    "duplicate_id": "An id stands once in a file.",
    "unknown_attribute": "Attributes are spelt as the standard spells them.",
    "bad_flag": "A flag is true or false.",
    "ignored_attribute": "No attribute asks for what is not carried out, such as a completion quantity.",
    "missing_attribute": "An extension has the attributes that it needs.",
    "repeated_extension": "An extension of which one counts stands once.",
    "dangling_flow": "A flow joins two elements of the same process or subprocess.",
    "loose_boundary": "A boundary event stands on an activity beside it.",
    "stale_reference": "Lanes, flows and pools name what is there and joined to them.",
    "bad_number": "Coordinates are numbers.",
    "several_definitions": "An event has one definition.",
    "error_goes_on": "An error boundary interrupts.",
    "foreign_language": "Expressions are FEEL.",
    "element_in_formula": "A formula is text; no element stands within.",
}
"""The rules told here, a sentence each: a diagram that breaks one is not read any further."""


def is_key(name: str) -> bool:
    """Tell whether data of a case may have this name."""
    return name.isidentifier() and name not in RESERVED_KEYS


MOST_NODES = 400
"""Elements of a diagram: nobody reads a larger one, and to lay it out would hold everybody up."""

_NODE = re.compile(rb"<(?:[\w-]+:)?(?:" + "|".join(sorted(NODES)).encode() + rb")[\s/>]")


def require_size(content: bytes, file: str) -> None:
    """Raise XmlMistake where a diagram has more elements than anybody reads; nothing is parsed for it."""
    size = sum(1 for _ in _NODE.finditer(content))
    if size > MOST_NODES:
        raise XmlMistake(
            file,
            1,
            Text(
                f"图中有 {size} 个图形，最多 {MOST_NODES} 个。请拆成几张图（子流程单独成图）。",
                f"The diagram has {size} elements, at most {MOST_NODES} are taken. Split it, one file per subprocess.",
            ),
        )
