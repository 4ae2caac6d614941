"""Diagrams of other tools, brought into a shape that can be read: what is taken out or changed is told element by element."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.catalog.bpmn.foreign_processes import keep_one_process, spaced
from service.catalog.bpmn.foreign_remains import mend_remains
from service.catalog.bpmn.size import demand_size
from service.catalog.bpmn.structure import name_of, nodes_by_id
from service.catalog.bpmn.vocabulary import ATTRIBUTES, EXTENSIONS, MODEL, NAMED, NODES
from service.catalog.source.format_xml import BPMNDI, DC, DI, XSI
from service.catalog.source.xml import XmlElement, XmlMistake, children, local, parse_xml
from service.domain.text import Text

_OURS = {MODEL, BPMNDI, DC, DI, XSI, EXTENSIONS}
_DATA = (
    "dataStoreReference", "dataStore", "dataObjectReference", "dataObject", "dataInputAssociation", "dataOutputAssociation",
    "ioSpecification", "property",
)  # fmt: skip
_JUEL = re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL)
_QUOTED = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_MARKED = re.compile(r"^=\s*(?!=)")
_FORMULAS = (
    "conditionExpression", "timeDate", "timeDuration", "timeCycle", "loopCardinality", "loopDataInputRef", "completionCondition",
)  # fmt: skip
_TOOLS = {
    "camunda": "Camunda",
    "zeebe": "Camunda 8",
    "activiti": "Activiti",
    "flowable": "Flowable",
    "signavio": "Signavio",
}


@dataclass(frozen=True, slots=True)
class Mending:
    """Something that would not run as drawn elsewhere: the element, and what was done about it."""

    element: str
    name: str
    what: Text


@dataclass(frozen=True, slots=True)
class MendedFile:
    """A diagram of another tool as the root of a file that can be read, and what was done."""

    root: XmlElement
    done: tuple[Mending, ...]


def mend_foreign(content: bytes, file: str, which: int = 0) -> MendedFile:
    """Return ``content`` without what has no meaning here, of several processes the one that is ``which`` by size.

    Raises XmlMistake for what is no BPMN with a process: the message says what it is instead.
    """
    root = parse_xml(spaced(content), file)
    if local(root) != "definitions" or not children(root, "process"):
        raise XmlMistake(file, 1, _no_bpmn(root))
    demand_size(content, file)
    done: list[Mending] = []

    def tell(node: XmlElement, zh: str, en: str) -> None:
        done.append(Mending(name_of(node), name_of(node, "name"), Text(zh, en)))

    def one_process(root: XmlElement, tell: Tell) -> None:
        keep_one_process(root, tell, which)

    for mend in (_ids, one_process, _foreign, _data, _tasks, _conditions, _attributes, mend_remains, _executable):
        mend(root, tell)
    _undraw(root)
    return MendedFile(root, tuple(done))


Tell = Callable[[XmlElement, str, str], None]


def _no_bpmn(root: XmlElement) -> Text:
    tag = local(root)
    if tag == "definitions" and children(root, "decision"):
        return Text(
            "这是决策表（DMN），请在“决策表”中导入。", "This is a decision table (DMN): import it under “Tables”."
        )
    return Text(
        f"这不是含有流程的 BPMN 2.0 文件（最外层是“{tag}”）。请在绘图软件中选择导出为 BPMN 2.0（.bpmn）。",
        f"This is no BPMN 2.0 file with a process (its root is “{tag}”). Export BPMN 2.0 (.bpmn) from the drawing tool.",
    )


def _ids(root: XmlElement, tell: Tell) -> None:
    """Give an id to whatever is drawn without one, and another to what has that of something before it."""
    taken = {str(node.get("id")) for node in root.iter() if local(node) and node.get("id")}

    def free(word: str, first: int) -> str:
        ident = next(f"{word}_{n}" for n in range(first, 10_000) if f"{word}_{n}" not in taken)
        taken.add(ident)
        return ident

    for node in _model(root):
        if local(node) in NAMED and not node.get("id"):
            node.set("id", free(local(node), 1))
            tell(node, f"没有编号，已编为 {node.get('id')}", f"had no id and got {node.get('id')}")
    for ident, nodes in nodes_by_id(root).items():
        # what is drawn keeps its id where only its shape has the same
        for node in sorted(nodes, key=lambda one: _space(one.tag) != MODEL)[1:]:
            node.set("id", free(ident, 2))
            if _space(node.tag) == MODEL:
                tell(
                    node,
                    f"编号“{ident}”与前面的图元重复，已编为 {node.get('id')}；连到“{ident}”的连线都算前面的，请核对",
                    f"had the id “{ident}” of an element before it and got {node.get('id')}; flows that name “{ident}” stay "
                    "with the one before: please check them",
                )


def _foreign(root: XmlElement, tell: Tell) -> None:
    """Take out what other tools add in namespaces of their own, told once per element."""
    for node in [n for n in root.iter() if local(n)]:
        strange = [key for key in node.attrib if key.startswith("{") and _space(key) not in _OURS]
        parts = [part for part in node if local(part) and _space(part.tag) not in _OURS]
        holder = node.getparent() if local(node) == "extensionElements" else node
        for key in strange:
            del node.attrib[key]
        for part in parts:
            node.remove(part)
        if holder is not node and not len(node):
            holder.remove(node)
        if (strange or parts) and _space(node.tag) == MODEL and holder is not root:
            spaces = {_space(key) for key in strange} | {_space(part.tag) for part in parts}
            tool = "、".join(sorted({_tool(holder, space) for space in spaces}))
            said = "、".join(dict.fromkeys(_own(key) for key in [*strange, *(part.tag for part in parts)]))
            tell(
                holder,
                f"{tool} 的设置（{said}）在这里不会执行，已去掉；角色、表单、期限、条款请在右侧填写",
                f"settings of {tool} ({said}) are not carried out here and were removed; choose role, form, time limit and clauses in the panel",
            )  # fmt: skip


def _data(root: XmlElement, tell: Tell) -> None:
    for node in [n for n in _model(root) if local(n) in _DATA]:
        if local(node).endswith("Reference"):
            tell(
                node,
                "数据图形已去掉：数据按变量名在流程中传递",
                "a data symbol was removed: data travel under the names of variables",
            )
        node.getparent().remove(node)
    left = {str(node.get("id")) for node in _model(root) if node.get("id")}
    for node in [n for n in _model(root) if local(n) == "association"]:
        if not {node.get("sourceRef"), node.get("targetRef")} <= left:
            node.getparent().remove(node)


def _tasks(root: XmlElement, tell: Tell) -> None:
    for node in [n for n in _model(root) if local(n) in ("task", "scriptTask")]:
        if local(node) == "task":
            tell(node, "没有类型的任务已改为“有人办理的任务”", "a task without a type became a task of a person")
            node.tag = f"{{{MODEL}}}userTask"
            continue
        tell(
            node,
            "脚本不会执行，已改为“系统自动办理”，请选择服务操作",
            "scripts are not run: it became a task of the program; choose an operation",
        )
        node.tag = f"{{{MODEL}}}serviceTask"
        for script in children(node, "script"):
            node.remove(script)
        node.attrib.pop("scriptFormat", None)


def _conditions(root: XmlElement, tell: Tell) -> None:
    """Write ${…} of other tools, and FEEL behind the sign by which Camunda 8 marks it, as FEEL, for a person to look at."""
    for node in [n for n in _model(root) if local(n) in _FORMULAS]:
        node.attrib.pop("language", None)
        old = (node.text or "").strip()
        found = _JUEL.match(old)
        node.text = new = as_feel(found[1]) if found else _MARKED.sub("", old)
        if new != old:
            tell(node, f"公式 {old} 已改写为 {new}，请核对", f"the formula {old} became {new}: please check it")


def as_feel(text: str) -> str:
    """Write an expression of the Java kind as FEEL, as far as signs alone tell; what stands in quotes stays."""
    parts = _QUOTED.split(text)
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = _in_double_quotes(part)
            continue
        for old, new in (("==", "="), ("&&", " and "), ("||", " or ")):
            part = part.replace(old, new)
        part = re.sub(r"!\s*(?!=)([\w.]+)", r"not(\1)", part)
        part = re.sub(r"!\s*(?=\()", "not", part)
        parts[place] = re.sub(r"\s+", " ", part)
    return "".join(parts).strip()


def _in_double_quotes(quoted: str) -> str:
    if quoted[0] == '"':
        return quoted
    inner = quoted[1:-1].replace("\\'", "'")
    return '"' + re.sub(r'(?<!\\)"', r'\\"', inner) + '"'


def _attributes(root: XmlElement, tell: Tell) -> None:
    for node in list(_model(root)):
        strange = [key for key in node.attrib if not key.startswith("{") and key not in ATTRIBUTES]
        for key in strange:
            del node.attrib[key]
        if strange:
            tell(
                node,
                f"标准中没有的属性已去掉：{'、'.join(strange)}",
                f"attributes that the standard lacks were removed: {', '.join(strange)}",
            )


def _executable(root: XmlElement, tell: Tell) -> None:
    for language in ("expressionLanguage", "typeLanguage"):
        root.attrib.pop(language, None)
    for process in children(root, "process"):
        if process.get("isExecutable") != "true":
            process.set("isExecutable", "true")
            tell(process, "流程标为“不执行”，已改为可执行", "the process was marked as not executable and is now")


def _undraw(root: XmlElement) -> None:
    """Remove shapes and references of what is gone."""
    left = {str(node.get("id")) for node in _model(root) if node.get("id")}
    for drawn in [n for n in root.iter(f"{{{BPMNDI}}}*") if local(n) in ("BPMNShape", "BPMNEdge")]:
        if drawn.get("bpmnElement") not in left:
            drawn.getparent().remove(drawn)
    for reference in [n for n in _model(root) if local(n) in ("flowNodeRef", "incoming", "outgoing")]:
        if (reference.text or "").strip() not in left:
            reference.getparent().remove(reference)


def is_drawn(root: XmlElement) -> bool:
    """Tell whether every node and flow has a place in the drawing."""
    drawn = {node.get("bpmnElement") for node in root.iter(f"{{{BPMNDI}}}*")}
    return all(node.get("id") in drawn for node in _model(root) if local(node) in (*NODES, "sequenceFlow"))


def _model(root: XmlElement) -> Iterator[XmlElement]:
    return iter(list(root.iter(f"{{{MODEL}}}*")))


def _space(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def _own(name: str) -> str:
    return name.rpartition("}")[2]


def _tool(node: XmlElement, space: str) -> str:
    prefix = next((p for p, uri in node.nsmap.items() if uri == space and p), "")
    return next((name for word, name in _TOOLS.items() if word in f"{prefix} {space}".lower()), prefix or space)
