"""Diagrams of other tools without what these tools add to BPMN."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.vocabulary import EXTENSIONS, MODEL, NODES, require_size
from service.catalog.source.formatting import BPMNDI, DC, DI, XSI, format_root
from service.catalog.source.xml import XmlElement, XmlMistake, get_local_name, list_child_elements, parse_xml
from service.domain.text import Text

_OURS = {MODEL, BPMNDI, DC, DI, XSI, EXTENSIONS}


def strip_additions(content: bytes, file: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a diagram without what stands in namespaces of other tools, and the names of these.

    Raises XmlMistake for what is no BPMN with exactly one process: the message says what it is instead.
    """
    root = parse_xml(content, file)
    processes = list_child_elements(root, "process")
    if get_local_name(root) != "definitions" or not processes:
        raise XmlMistake(file, 1, _describe_other(root))
    require_size(content, file)
    if len(processes) > 1:
        names = [process.get("name") or process.get("id") or "" for process in processes]
        raise XmlMistake(
            file,
            1,
            Text(
                f"这个文件里有 {len(names)} 个流程（{'、'.join(names)}），一张图只画一个流程。请在绘图软件中各存为一个文件。",
                f"The file holds {len(names)} processes ({', '.join(names)}); a diagram draws one. Save each as a file.",
            ),
        )
    tools = dict.fromkeys(tool for node in list(root.iter("{*}*")) for tool in _strip_foreign(node))
    return format_root(root), tuple(tools)


def _strip_foreign(node: XmlElement) -> Iterator[str]:
    """Take from ``node`` what is no BPMN; yields the prefixes of the namespaces."""
    attributes = [key for key in node.attrib if _get_namespace(key) not in ("", *_OURS)]
    parts = [part for part in node if get_local_name(part) and _get_namespace(part.tag) not in _OURS]
    for space in (*map(_get_namespace, attributes), *(_get_namespace(part.tag) for part in parts)):
        yield next((prefix for prefix, uri in node.nsmap.items() if uri == space and prefix), space)
    for key in attributes:
        del node.attrib[key]
    for part in parts:
        node.remove(part)
    holder = node.getparent()
    if get_local_name(node) == "extensionElements" and not len(node) and holder is not None:
        holder.remove(node)


def _describe_other(root: XmlElement) -> Text:
    tag = get_local_name(root)
    if tag == "definitions" and list_child_elements(root, "decision"):
        return Text(
            "这是决策表（DMN）：决策表从 Excel 导入，或在“决策表”中新建。",
            "This is a decision table (DMN): tables are taken in from spreadsheets, or made anew under “Tables”.",
        )
    return Text(
        f"这不是含有流程的 BPMN 2.0 文件（最外层是“{tag}”）。请在绘图软件中选择导出为 BPMN 2.0（.bpmn）。",
        f"This is no BPMN 2.0 file with a process (its root is “{tag}”). Export BPMN 2.0 (.bpmn) from the drawing tool.",
    )


def is_drawn(content: bytes, file: str) -> bool:
    """Tell whether every node and flow has a place in the drawing."""
    root = parse_xml(content, file)
    drawn = {node.get("bpmnElement") for node in root.iter(f"{{{BPMNDI}}}*")}
    nodes = (node for node in root.iter(f"{{{MODEL}}}*") if get_local_name(node) in (*NODES, "sequenceFlow"))
    return all(node.get("id") in drawn for node in nodes)


def _get_namespace(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""
