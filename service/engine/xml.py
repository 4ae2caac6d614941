"""Reading BPMN elements: tags, extensions, properties and service operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.safe_xml import XmlRefused, read_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"


def tag(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def kind(node: Any) -> str:
    """Return the local name of an element; empty for comments and foreign elements."""
    text = node.tag if isinstance(node.tag, str) else ""
    return text.removeprefix(f"{{{BPMN}}}") if text.startswith(f"{{{BPMN}}}") else ""


def extensions(node: Any, name: str) -> list[Any]:
    """Return the ``spiffworkflow:<name>`` elements of a node's own extension elements."""
    return list(node.findall(f"{tag('extensionElements')}/{{{SPIFF}}}{name}"))


def extension(node: Any, name: str) -> Any:
    """Return the first such element, or None."""
    return next(iter(extensions(node, name)), None)


def document(content: bytes) -> Any:
    """Return the root of a document; nothing outside it is read. Raises XmlRefused."""
    return read_xml(content)


def processes_in(diagrams: Mapping[str, bytes]) -> Iterator[tuple[str, Any]]:
    """Yield the processes of all diagrams that are XML, with their paths."""
    for path in sorted(diagrams):
        try:
            root = document(diagrams[path])
        except XmlRefused:
            continue
        for process in root.iter(tag("process")):
            yield path, process


def properties_of(node: Any) -> dict[str, str]:
    """Return an element's ``spiffworkflow:properties``."""
    found = (prop for group in extensions(node, "properties") for prop in group.iter(f"{{{SPIFF}}}property"))
    return {prop.get("name", ""): prop.get("value", "") for prop in found}


def text_of(node: Any, name: str) -> str | None:
    """Return the text of an extension element; empty if it has none, None if it is absent."""
    found = extension(node, name)
    return None if found is None else (found.text or "").strip()


def operator_of(node: Any) -> tuple[str, dict[str, str], str | None]:
    """Return the operation, its parameters' expressions and the result variable of a task for the program.

    A business rule task without an operator asks for ``decision:<calledDecisionId>``; its result variable is the
    property ``resultVariable``.
    """
    operator = extension(node, "serviceTaskOperator")
    decision = text_of(node, "calledDecisionId")
    own = properties_of(node)
    if operator is None:
        return f"decision:{decision or ''}", {}, own.get("resultVariable") or None
    parameters = {p.get("id", ""): p.get("value", "") for p in operator.iter(f"{{{SPIFF}}}parameter")}
    operation = f"decision:{decision}" if decision else operator.get("id", "")
    return operation, parameters, operator.get("resultVariable") or own.get("resultVariable") or None


@dataclass(frozen=True, slots=True)
class FoundExpression:
    """An expression in a process: the element that uses it, for what, and its text."""

    element: str
    purpose: str
    text: str


def expressions_in(process: Any) -> Iterator[FoundExpression]:
    """Yield every FEEL expression of a process, its inner processes included."""
    for node in process.iter():
        for purpose, text in _own_expressions(node):
            yield FoundExpression(owner_id(node), purpose, text)


def owner_id(node: Any) -> str:
    """Return the id of the nearest task, event, gateway, flow or process around a part of it."""
    while node is not None and not kind(node).endswith(_OWNERS):
        node = node.getparent()
    return "" if node is None else str(node.get("id", ""))


_OWNERS = ("Task", "task", "Event", "Gateway", "callActivity", "ubProcess", "sequenceFlow", "process")


_TEXT_OF = {
    "conditionExpression": "condition",
    "timeDate": "timer",
    "timeDuration": "timer",
    "timeCycle": "timer",
    "loopCardinality": "loop",
    "loopDataInputRef": "loop",
    "completionCondition": "loop",
}


def _own_expressions(node: Any) -> Iterator[tuple[str, str]]:
    name = kind(node)
    if name in _TEXT_OF:
        yield _TEXT_OF[name], (node.text or "").strip()
    if not isinstance(node.tag, str):
        return
    if node.tag == f"{{{SPIFF}}}parameter":
        yield "parameter", node.get("value", "")
    elif node.tag == f"{{{SPIFF}}}messagePayload":
        yield "payload", (node.text or "").strip()
    elif node.tag == f"{{{SPIFF}}}expression":
        yield "correlation", (node.text or "").strip()
