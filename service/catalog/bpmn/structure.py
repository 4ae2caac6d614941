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
from service.catalog.source.formatting import BPMNDI, DC, DI
from service.catalog.source.xml import XmlElement, get_local_name, list_child_elements, text_of
from service.domain.text import Text

__all__ = ["RULES", "list_diagram_faults", "name_of"]


def list_diagram_faults(root: XmlElement, file: str) -> list[Problem]:
    """Return what keeps a diagram from being read, none when it can be.

    One kind at a time: what is misspelt, unnamed or cut off brings about most of what would be said after it.
    """
    for look in (
        _check_tags,
        _check_ids,
        _check_attributes,
        _check_extensions,
        _check_flows,
        _check_references,
        _check_numbers,
        _check_events,
        _check_languages,
        _check_formulas,
    ):
        problems = list(look(root, _Report(file)))
        if problems:
            return problems
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
    return next(
        (str(ancestor.get(attribute)) for ancestor in (node, *node.iterancestors()) if ancestor.get(attribute)), ""
    )


def _title_of(node: XmlElement) -> str:
    return " ".join(node.get("name", "").split()) or name_of(node)


def _check_tags(root: XmlElement, report: Report) -> Iterator[Problem]:
    drawn = ((node, DRAWN) for node in root.iter(f"{{{BPMNDI}}}*", f"{{{DC}}}*", f"{{{DI}}}*"))
    ours = ((node, OURS) for node in root.iter(f"{{{EXTENSIONS}}}*"))
    for node, allowed_tags in (*((node, TAGS) for node in _iterate_model(root)), *ours, *drawn):
        if get_local_name(node) not in allowed_tags:
            yield report(
                node, "unknown_tag",
                Text(f"没有名为“{get_local_name(node)}”的元素。", f"There is no element “{get_local_name(node)}”."),
                did_you_mean(get_local_name(node), allowed_tags),
            )  # fmt: skip


def _check_extensions(root: XmlElement, report: Report) -> Iterator[Problem]:
    for holder in root.iter(f"{{{MODEL}}}extensionElements"):
        seen: set[str] = set()
        for node in holder.iter(f"{{{EXTENSIONS}}}*"):
            allowed_names = (*OURS.get(get_local_name(node), ()), *MAY_SAY.get(get_local_name(node), ()))
            strange = [name for name in node.attrib if name not in allowed_names and not name.startswith("{")]
            for name in strange:
                yield report(
                    node, "unknown_attribute",
                    Text(f"{get_local_name(node)} 没有属性“{name}”。", f"{get_local_name(node)} has no attribute “{name}”."),
                    did_you_mean(name, allowed_names),
                )  # fmt: skip
            for name in OURS.get(get_local_name(node), ()):
                if node.get(name) is None and not strange:
                    yield report(
                        node, "missing_attribute",
                        Text(f"{get_local_name(node)} 缺少属性 {name}。", f"{get_local_name(node)} lacks the attribute {name}."),
                        Text("补上该属性，或删去这一行。", "Add it, or remove the line."),
                    )  # fmt: skip
            if node.getparent() is holder and get_local_name(node) in seen:
                yield report(
                    node, "repeated_extension",
                    Text(f"{get_local_name(node)} 写了不止一次，只有一次会生效。", f"{get_local_name(node)} stands more than once; only one counts."),
                    Text("合并成一个。", "Make one of them."),
                )  # fmt: skip
            seen.add(get_local_name(node) if node.getparent() is holder else "")


def _check_references(root: XmlElement, report: Report) -> Iterator[Problem]:
    processes = {node.get("id") for node in _iterate_model(root) if get_local_name(node) == "process"}
    flows = {node.get("id"): node for node in _iterate_model(root) if get_local_name(node) == "sequenceFlow"}
    nodes = {node.get("id") for node in _iterate_model(root) if get_local_name(node) in NODES}
    gone: set[str] = set()
    for node in _iterate_model(root):
        tag, end = get_local_name(node), END_NAMED.get(get_local_name(node))
        named = text_of(node) if tag in REFERRING else ""
        wrong = end is not None and (named not in flows or flows[named].get(end) != node.getparent().get("id"))
        if wrong and named not in gone:
            yield _report_stale(node, named, report, list(flows))
        if wrong and named not in flows:
            gone.add(named)  # what is not there is told once
        if tag == "flowNodeRef" and named not in nodes:
            yield _report_stale(node, named, report, list(nodes))
        if tag == "participant" and node.get("processRef") is not None and node.get("processRef") not in processes:
            yield _report_stale(node, str(node.get("processRef")), report, list(processes))
        for attribute, kind in THROWN.items():
            if node.get(attribute) and node.get(attribute) not in (
                target_ids := [n.get("id") for n in list_child_elements(root, kind)]
            ):
                event = node.getparent() if tag.endswith("EventDefinition") else node
                yield _report_stale(event, str(node.get(attribute)), report, target_ids)


def _report_stale(node: XmlElement, named: str, report: Report, target_ids: list[str | None]) -> Problem:
    title = " ".join(node.get("name", "").split()) or get_local_name(node)
    return report(
        node, "stale_reference",
        Text(f"“{title}”指向的“{named}”不存在或不相连。", f"“{title}” names “{named}”, which is not there or not joined to it."),
        did_you_mean(named, [name for name in target_ids if name]),
    )  # fmt: skip


def _check_ids(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in _iterate_model(root):
        ident = node.get("id")
        if get_local_name(node) in NAMED and not ident:
            name = f"“{node.get('name')}”" if node.get("name") else ""
            yield report(
                node, "missing_id",
                Text(
                    f"第 {node.sourceline} 行的 {get_local_name(node)}{name} 没有编号。",
                    f"{get_local_name(node)} {name} on line {node.sourceline} has no id.",
                ),
                Text("给它一个本文件中不重复的 id。", "Give it an id that stands nowhere else in the file."),
            )  # fmt: skip
        elif get_local_name(node) in NAMED and not NCNAME.fullmatch(str(ident)):
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
    nodes_by_ident: dict[str, list[XmlElement]] = {}
    for node in root.iter("{*}*"):
        ident = node.get("id")
        if ident and get_local_name(node) not in MAY_RECUR:
            nodes_by_ident.setdefault(str(ident), []).append(node)
    return nodes_by_ident


def _check_attributes(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in _iterate_model(root):
        for name in node.attrib:
            if not name.startswith("{") and name not in ATTRIBUTES:
                yield report(
                    node, "unknown_attribute",
                    Text(f"{get_local_name(node)} 没有属性“{name}”。", f"{get_local_name(node)} has no attribute “{name}”."),
                    did_you_mean(name, ATTRIBUTES),
                )  # fmt: skip
        attribute_names = frozenset(node.keys())
        for name in () if attribute_names.isdisjoint(FLAGS) else FLAGS:
            if node.get(name) not in (None, "true", "false"):
                yield report(
                    node, "bad_flag",
                    Text(f"{name}=“{node.get(name)}”应是 true 或 false。", f"{name}=“{node.get(name)}” should be true or false."),
                    Text("改为 true 或 false。", "Write true or false."),
                )  # fmt: skip
        for ignored in () if attribute_names.isdisjoint(IGNORED_NAMES) else IGNORED:
            value = node.get(ignored.name)
            if value is not None and value not in ignored.means:
                yield report(
                    node, "ignored_attribute",
                    Text(
                        f"“{name_of(node)}”的 {ignored.name}=“{value}”不会执行。",
                        f"{ignored.name}=“{value}” of “{name_of(node)}” would not be carried out.",
                    ),
                    ignored.remedy,
                )  # fmt: skip


def _check_flows(root: XmlElement, report: Report) -> Iterator[Problem]:
    everywhere = {node.get("id") for node in _iterate_model(root)}
    gone: set[str | None] = set()
    for scope in (node for node in _iterate_model(root) if get_local_name(node) in SCOPES):
        nodes = {node.get("id"): node for node in list_child_elements(scope) if get_local_name(node) in NODES}
        for flow in list_child_elements(scope, "sequenceFlow"):
            for end, word in (("sourceRef", Text("起点", "starts")), ("targetRef", Text("终点", "leads"))):
                if flow.get(end) not in nodes and flow.get(end) not in gone:
                    gone.update({flow.get(end)} - everywhere - {None, ""})  # what is not there is told once
                    yield report(
                        flow, "dangling_flow",
                        Text(
                            f"连线的{word.zh}“{flow.get(end) or ''}”不在同一流程或子流程中。",
                            f"The flow {word.en} at “{flow.get(end) or ''}”, which is not in the same process or subprocess.",
                        ),
                        did_you_mean(flow.get(end) or "", [str(ident) for ident in nodes if ident]),
                    )  # fmt: skip
        for node in nodes.values():
            yield from _named_beside(node, nodes, report)


def _named_beside(node: XmlElement, nodes: dict[str | None, XmlElement], report: Report) -> Iterator[Problem]:
    host = node.get("attachedToRef")
    if get_local_name(node) == Kind.BOUNDARY and host not in nodes:
        yield report(
            node, "loose_boundary",
            Text(f"边界事件附着的“{host or ''}”不存在。", f"The boundary event stands on “{host or ''}”, which is not there."),
            did_you_mean(host or "", [str(ident) for ident in nodes if ident]),
        )  # fmt: skip


def _check_numbers(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in root.iter("{*}Bounds", "{*}waypoint"):
        for name in PLACED_BY[get_local_name(node)]:
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


def _check_events(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in (node for node in _iterate_model(root) if get_local_name(node).endswith("Event")):
        definitions = [c for c in list_child_elements(node) if get_local_name(c).endswith("EventDefinition")]
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
        word = get_local_name(definitions[0]) if definitions else ""
        if (
            get_local_name(node) == Kind.BOUNDARY
            and word == "errorEventDefinition"
            and node.get("cancelActivity") == "false"
        ):
            yield report(
                node, "error_goes_on",
                Text(
                    f"出错边界事件“{title}”画成了不中断，但出错总会中断所附的活动。",
                    f"Error boundary “{title}” is drawn as non-interrupting, but an error always interrupts.",
                ),
                Text("改为中断（实线）。", "Make it interrupting (a solid circle)."),
            )  # fmt: skip


def _check_languages(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in _iterate_model(root):
        name = "expressionLanguage" if get_local_name(node) == "definitions" else "language"
        value = node.get(name)
        if value is not None and not (SPOKEN if get_local_name(node) == "definitions" else FEEL).fullmatch(value):
            yield report(
                node, "foreign_language",
                Text(
                    f"表达式语言“{value}”不能执行，只认 FEEL。",
                    f"Expression language “{value}” is not carried out; only FEEL is.",
                ),
                Text("用 FEEL 改写表达式，并删去该属性。", "Write the expression in FEEL and remove the attribute."),
            )  # fmt: skip


def _check_formulas(root: XmlElement, report: Report) -> Iterator[Problem]:
    for node in root.iter(*(f"{{*}}{tag}" for tag in FORMULAS)):
        inner = list_child_elements(node)
        if inner:
            yield report(
                node, "element_in_formula",
                Text(
                    f"公式里夹着元素“{get_local_name(inner[0])}”，它后面的文字不会读到。",
                    f"The formula holds the element “{get_local_name(inner[0])}”; what follows it would not be read.",
                ),
                Text("公式只写文字，删去其中的元素。", "Write text only and remove the element."),
            )  # fmt: skip


def _iterate_model(root: XmlElement) -> Iterator[XmlElement]:
    """Yield the elements of the semantic model: neither the drawing nor extensions."""
    yield from root.iter(f"{{{MODEL}}}*")
