"""Structural soundness of a diagram, checked before it is read: ids, flows with both ends, valid numbers.

Whatever reads, draws or runs a diagram relies on this, so a diagram that is not sound is told so and read no further.
Each fault names the element, its line and the remedy. The sentences follow OMG BPMN 2.0.2 and what the engine honours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.vocabulary import (
    ATTRIBUTES,
    DRAWN,
    END_NAMED,
    EXTENSIONS,
    FEEL,
    FLAGS,
    FORMULAS,
    IGNORED,
    IGNORED_NAMES,
    MAY_RECUR,
    MAY_SAY,
    MODEL,
    NAMED,
    NCNAME,
    NODES,
    OURS,
    PLACED_BY,
    REFERRING,
    RULES,
    SCOPES,
    SPOKEN,
    TAGS,
    THROWN,
)
from service.catalog.problems import Problem, did_you_mean
from service.catalog.source.formatting import BPMNDI
from service.catalog.source.xml import XmlElement, children, local, text_of
from service.domain.text import Text

__all__ = ["RULES", "faults", "name_of"]


def faults(root: XmlElement, file: str) -> list[Problem]:
    """Return what keeps a diagram from being read, none when it can be.

    One kind at a time: what is misspelt, unnamed or cut off brings about most of what would be said after it.
    """
    for look in (_tags, _ids, _attributes, _extensions, _flows, _references, _numbers, _events, _languages, _formulas):
        found = list(look(root, _Report(file)))
        if found:
            return found
    return []


class _Report:
    """Makes problems of one file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def __call__(self, node: XmlElement, rule: str, message: Text, remedy: Text) -> Problem:
        return Problem(self._file, name_of(node), rule, message, remedy, line=node.sourceline)


Report = Callable[[XmlElement, str, Text, Text], Problem]


def name_of(node: XmlElement, attribute: str = "id") -> str:
    """Return the id of an element, or of the nearest one around it that has one."""
    return next((str(one.get(attribute)) for one in (node, *node.iterancestors()) if one.get(attribute)), "")


def _title_of(node: XmlElement) -> str:
    return " ".join(node.get("name", "").split()) or name_of(node)


def _tags(root: XmlElement, report: Report) -> Iterator[Problem]:
    drawn = ((node, DRAWN) for node in root.iter(f"{{{BPMNDI}}}*"))
    ours = ((node, OURS) for node in root.iter(f"{{{EXTENSIONS}}}*"))
    for node, known in (*((node, TAGS) for node in _model(root)), *ours, *drawn):
        if local(node) not in known:
            yield report(
                node, "unknown_tag",
                Text(f"没有名为“{local(node)}”的元素。", f"There is no element “{local(node)}”."),
                did_you_mean(local(node), known),
            )  # fmt: skip


def _extensions(root: XmlElement, report: Report) -> Iterator[Problem]:
    for holder in root.iter(f"{{{MODEL}}}extensionElements"):
        seen: set[str] = set()
        for node in holder.iter(f"{{{EXTENSIONS}}}*"):
            known = (*OURS.get(local(node), ()), *MAY_SAY.get(local(node), ()))
            strange = [name for name in node.attrib if name not in known and not name.startswith("{")]
            for name in strange:
                yield report(
                    node, "unknown_attribute",
                    Text(f"{local(node)} 没有属性“{name}”。", f"{local(node)} has no attribute “{name}”."),
                    did_you_mean(name, known),
                )  # fmt: skip
            for name in OURS.get(local(node), ()):
                if node.get(name) is None and not strange:
                    yield report(
                        node, "missing_attribute",
                        Text(f"{local(node)} 缺少属性 {name}。", f"{local(node)} lacks the attribute {name}."),
                        Text("补上该属性，或删去这一行。", "Add it, or remove the line."),
                    )  # fmt: skip
            if node.getparent() is holder and local(node) in seen:
                yield report(
                    node, "repeated_extension",
                    Text(f"{local(node)} 写了不止一次，只有一次会生效。", f"{local(node)} stands more than once; only one counts."),
                    Text("合并成一个。", "Make one of them."),
                )  # fmt: skip
            seen.add(local(node) if node.getparent() is holder else "")


def _references(root: XmlElement, report: Report) -> Iterator[Problem]:
    processes = {node.get("id") for node in _model(root) if local(node) == "process"}
    flows = {node.get("id"): node for node in _model(root) if local(node) == "sequenceFlow"}
    nodes = {node.get("id") for node in _model(root) if local(node) in NODES}
    gone: set[str] = set()
    for node in _model(root):
        tag, end = local(node), END_NAMED.get(local(node))
        named = text_of(node) if tag in REFERRING else ""
        wrong = end is not None and (named not in flows or flows[named].get(end) != node.getparent().get("id"))
        if wrong and named not in gone:
            yield _stale(node, named, report, list(flows))
        if wrong and named not in flows:
            gone.add(named)  # what is not there is told once
        if tag == "flowNodeRef" and named not in nodes:
            yield _stale(node, named, report, list(nodes))
        if tag == "participant" and node.get("processRef") is not None and node.get("processRef") not in processes:
            yield _stale(node, str(node.get("processRef")), report, list(processes))
        for attribute, kind in THROWN.items():
            if node.get(attribute) and node.get(attribute) not in (
                known := [n.get("id") for n in children(root, kind)]
            ):
                event = node.getparent() if tag.endswith("EventDefinition") else node
                yield _stale(event, str(node.get(attribute)), report, known)


def _stale(node: XmlElement, named: str, report: Report, known: list[str | None]) -> Problem:
    title = " ".join(node.get("name", "").split()) or local(node)
    return report(
        node, "stale_reference",
        Text(f"“{title}”指向的“{named}”不存在或不相连。", f"“{title}” names “{named}”, which is not there or not joined to it."),
        did_you_mean(named, [name for name in known if name]),
    )  # fmt: skip


def _ids(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in _model(root):
        ident = node.get("id")
        if local(node) in NAMED and not ident:
            name = f"“{node.get('name')}”" if node.get("name") else ""
            yield report(
                node, "missing_id",
                Text(
                    f"第 {node.sourceline} 行的 {local(node)}{name} 没有编号。",
                    f"{local(node)} {name} on line {node.sourceline} has no id.",
                ),
                Text("给它一个本文件中不重复的 id。", "Give it an id that stands nowhere else in the file."),
            )  # fmt: skip
        elif local(node) in NAMED and not NCNAME.fullmatch(str(ident)):
            yield report(
                node, "malformed_id",
                Text(f"编号“{ident}”不能使用。", f"Id “{ident}” cannot be used."),
                Text("以字母或汉字开头，只含字母、汉字、数字和 _ - .", "Begin with a letter; use letters, digits and _ - . only."),
            )  # fmt: skip
    for ident, nodes in nodes_by_id(root).items():
        if len(nodes) > 1:
            yield report(
                nodes[1], "duplicate_id",
                Text(f"编号“{ident}”在图中重复。", f"Id “{ident}” stands more than once."),
                Text("改成不同的编号。", "Give each its own id."),
            )  # fmt: skip


def nodes_by_id(root: XmlElement) -> dict[str, list[XmlElement]]:
    """Return the elements of the model and the drawing by id; names of operations and of what a loop goes over may recur."""
    found: dict[str, list[XmlElement]] = {}
    for node in root.iter("{*}*"):
        ident = node.get("id")
        if ident and local(node) not in MAY_RECUR:
            found.setdefault(str(ident), []).append(node)
    return found


def _attributes(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in _model(root):
        for name in node.attrib:
            if not name.startswith("{") and name not in ATTRIBUTES:
                yield report(
                    node, "unknown_attribute",
                    Text(f"{local(node)} 没有属性“{name}”。", f"{local(node)} has no attribute “{name}”."),
                    did_you_mean(name, ATTRIBUTES),
                )  # fmt: skip
        said = frozenset(node.keys())
        for name in () if said.isdisjoint(FLAGS) else FLAGS:
            if node.get(name) not in (None, "true", "false"):
                yield report(
                    node, "bad_flag",
                    Text(f"{name}=“{node.get(name)}”应是 true 或 false。", f"{name}=“{node.get(name)}” should be true or false."),
                    Text("改为 true 或 false。", "Write true or false."),
                )  # fmt: skip
        for known in () if said.isdisjoint(IGNORED_NAMES) else IGNORED:
            value = node.get(known.name)
            if value is not None and value not in known.means:
                yield report(
                    node, "ignored_attribute",
                    Text(
                        f"“{name_of(node)}”的 {known.name}=“{value}”不会执行。",
                        f"{known.name}=“{value}” of “{name_of(node)}” would not be carried out.",
                    ),
                    known.remedy,
                )  # fmt: skip


def _flows(root: XmlElement, report: Report) -> Iterator[Problem]:
    everywhere = {node.get("id") for node in _model(root)}
    gone: set[str | None] = set()
    for scope in (node for node in _model(root) if local(node) in SCOPES):
        here = {node.get("id"): node for node in children(scope) if local(node) in NODES}
        for flow in children(scope, "sequenceFlow"):
            for end, word in (("sourceRef", Text("起点", "starts")), ("targetRef", Text("终点", "leads"))):
                if flow.get(end) not in here and flow.get(end) not in gone:
                    gone.update({flow.get(end)} - everywhere - {None, ""})  # what is not there is told once
                    yield report(
                        flow, "dangling_flow",
                        Text(
                            f"连线的{word.zh}“{flow.get(end) or ''}”不在同一流程或子流程中。",
                            f"The flow {word.en} at “{flow.get(end) or ''}”, which is not in the same process or subprocess.",
                        ),
                        did_you_mean(flow.get(end) or "", [str(ident) for ident in here if ident]),
                    )  # fmt: skip
        for node in here.values():
            yield from _named_beside(node, here, report)


def _named_beside(node: XmlElement, here: dict[str | None, XmlElement], report: Report) -> Iterator[Problem]:
    host = node.get("attachedToRef")
    if local(node) == Kind.BOUNDARY and host not in here:
        yield report(
            node, "loose_boundary",
            Text(f"边界事件附着的“{host or ''}”不存在。", f"The boundary event stands on “{host or ''}”, which is not there."),
            did_you_mean(host or "", [str(ident) for ident in here if ident]),
        )  # fmt: skip


def _numbers(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in root.iter("{*}Bounds", "{*}waypoint"):
        for name in PLACED_BY[local(node)]:
            if not is_number(node.get(name)):
                drawn = name_of(node, "bpmnElement")
                yield report(
                    node, "bad_number",
                    Text(
                        f"“{drawn}”的坐标 {name}=“{node.get(name) or ''}”不是数字。",
                        f"{name}=“{node.get(name) or ''}” of “{drawn}” is no number.",
                    ),
                    Text("重新布局，或改正坐标。", "Lay the diagram out anew, or correct the number."),
                )  # fmt: skip


def is_number(text: str | None) -> bool:
    """Tell whether a place of the drawing is a number that can be drawn."""
    try:
        return text is not None and math.isfinite(float(text)) and abs(float(text)) < 1e6
    except ValueError:
        return False


def _events(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in (node for node in _model(root) if local(node).endswith("Event")):
        definitions = [c for c in children(node) if local(c).endswith("EventDefinition")]
        title = _title_of(node)
        if len(definitions) > 1:
            yield report(
                node, "several_definitions",
                Text(
                    f"事件“{title}”有 {len(definitions)} 个定义，只有一个会生效。",
                    f"Event “{title}” has {len(definitions)} definitions; only one would count.",
                ),
                Text("拆成几个事件，或用网关分开。", "Draw several events, or part them by a gateway."),
            )  # fmt: skip
        word = local(definitions[0]) if definitions else ""
        if local(node) == Kind.BOUNDARY and word == "errorEventDefinition" and node.get("cancelActivity") == "false":
            yield report(
                node, "error_goes_on",
                Text(
                    f"出错边界事件“{title}”画成了不中断，但出错总会中断所附的活动。",
                    f"Error boundary “{title}” is drawn as non-interrupting, but an error always interrupts.",
                ),
                Text("改为中断（实线）。", "Make it interrupting (a solid circle)."),
            )  # fmt: skip


def _languages(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in _model(root):
        name = "expressionLanguage" if local(node) == "definitions" else "language"
        value = node.get(name)
        if value is not None and not (SPOKEN if local(node) == "definitions" else FEEL).fullmatch(value):
            yield report(
                node, "foreign_language",
                Text(
                    f"表达式语言“{value}”不能执行，只认 FEEL。",
                    f"Expression language “{value}” is not carried out; only FEEL is.",
                ),
                Text("用 FEEL 改写表达式，并删去该属性。", "Write the expression in FEEL and remove the attribute."),
            )  # fmt: skip


def _formulas(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in root.iter(*(f"{{*}}{tag}" for tag in FORMULAS)):
        inner = children(node)
        if inner:
            yield report(
                node, "element_in_formula",
                Text(
                    f"公式里夹着元素“{local(inner[0])}”，它后面的文字不会读到。",
                    f"The formula holds the element “{local(inner[0])}”; what follows it would not be read.",
                ),
                Text("公式只写文字，删去其中的元素。", "Write text only and remove the element."),
            )  # fmt: skip


def _model(root: XmlElement) -> Iterator[XmlElement]:
    """Yield the elements of the semantic model: neither the drawing nor extensions."""
    yield from root.iter(f"{{{MODEL}}}*")
