"""The processes of a file of another tool: a diagram of ours draws one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.catalog.bpmn.structure import name_of
from service.catalog.bpmn.vocabulary import NODES
from service.catalog.source.format_xml import BPMNDI
from service.catalog.source.xml import XmlElement, children, local, parse_xml
from service.domain.files.safe_xml import MAX_BYTES

Tell = Callable[[XmlElement, str, str], None]
_NAMESPACE = re.compile(rb"(?<=\sxmlns:)\w+=([\"'])[^\"'<>]*\1")
"""Namespaces: some tools write blanks in them, which no parser takes. Nothing is looked for twice in what is between
the quotes: the file is anybody's, and was not parsed yet."""
_MOST_NAMED = 20
"""So many elements of another process are named."""


def foreign_processes(content: bytes, file: str) -> tuple[str, ...]:
    """Return the names of the processes of a file that draw something, the largest first; as `mend_foreign` counts them."""
    root = parse_xml(spaced(content), file)
    return tuple(_process_name(root, process) for process in _by_size(root) if _nodes(process))


def spaced(content: bytes) -> bytes:
    """Return a file whose namespaces hold no blank; one that is too large for the parser stays as it is."""
    if len(content) > MAX_BYTES:
        return content
    return _NAMESPACE.sub(lambda found: found[0].replace(b" ", b"%20"), content)


def _by_size(root: XmlElement) -> list[XmlElement]:
    return sorted(children(root, "process"), key=lambda process: -len(_nodes(process)))


def _nodes(process: XmlElement) -> list[XmlElement]:
    return [node for node in process.iter() if local(node) in NODES]


def _process_name(root: XmlElement, process: XmlElement) -> str:
    """Return what a process is called: its own name, that of its pool, else its id."""
    pools = [p for c in children(root, "collaboration") for p in children(c, "participant")]
    pool = next((p.get("name") for p in pools if p.get("processRef") == process.get("id")), None)
    return process.get("name") or pool or process.get("id") or ""


def keep_one_process(root: XmlElement, tell: Tell, which: int) -> None:
    """Keep one process, 0 for that with the most nodes; a file draws one. What is in the others is named."""
    processes = _by_size(root)
    chosen = processes[min(which, len(processes) - 1)]
    ends = {node.get("id"): node.get("name") or node.get("id") for node in root.iter() if local(node) in NODES}
    for other in processes:
        if other is not chosen:
            _leave_out(root, other, tell)
    kept, called = chosen.get("id"), _process_name(root, chosen)
    if called and called != kept:
        chosen.set("name", called)
    for pool in [p for c in children(root, "collaboration") for p in children(c, "participant")]:
        if pool.get("processRef") != kept:
            if not pool.get("processRef"):
                tell(
                    pool,
                    "没有内容的泳池已去掉：对外的往来用消息事件",
                    "an empty pool was removed: use message events for what goes outside",
                )
            pool.getparent().remove(pool)
    _drop_message_flows(root, ends, tell)
    for empty in [c for c in children(root, "collaboration") if not children(c, "participant")]:
        for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
            if plane.get("bpmnElement") == empty.get("id"):
                plane.set("bpmnElement", kept)
        root.remove(empty)


def _leave_out(root: XmlElement, other: XmlElement, tell: Tell) -> None:
    """Take a process out of the file, and tell what is in it."""
    inside = _nodes(other)
    named = "、".join(node.get("name") or name_of(node) for node in inside[:_MOST_NAMED])
    more = "……" if len(inside) > _MOST_NAMED else ""
    called = _process_name(root, other)
    other.set("name", called)
    if inside:
        tell(
            other,
            f"“{called}”是另一个流程（{len(inside)} 个图元：{named}{more}），不在这张图里：一个文件只画一个流程，它另存为一张图",
            f"“{called}” is another process ({len(inside)} elements: {named}{more}), not of this diagram: a file draws one, "
            "it becomes a diagram of its own",
        )
    else:
        tell(other, f"“{called}”里没有画任何图元，没有导入", f"nothing is drawn in “{called}”; it was left out")
    root.remove(other)


def _drop_message_flows(root: XmlElement, ends: Mapping[str | None, str | None], tell: Tell) -> None:
    """Take the message flows out, each told by what it joins where it has no name."""
    for flow in [f for c in children(root, "collaboration") for f in children(c, "messageFlow")]:
        joined = " → ".join(ends.get(flow.get(end)) or "？" for end in ("sourceRef", "targetRef"))
        flow.set("name", flow.get("name") or joined)
        tell(
            flow,
            "消息流已去掉：消息流不会执行，请用消息事件",
            "a message flow was removed: it is not carried out; use message events",
        )
        flow.getparent().remove(flow)
