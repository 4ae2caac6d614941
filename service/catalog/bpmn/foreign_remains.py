"""What keeps a diagram of another tool from being read at all: taken out or set right, each told with its element."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.structure import is_number
from service.catalog.bpmn.vocabulary import FEEL, IGNORED, MODEL, NAMED, NCNAME, NODES, SCOPES, TAGS, THROWN
from service.catalog.source.format_xml import BPMNDI
from service.catalog.source.xml import XmlElement, children, local

Tell = Callable[[XmlElement, str, str], None]
_POINTS = {"Bounds": ("x", "y", "width", "height"), "waypoint": ("x", "y")}
_GONE = re.compile(r"^(删去 \w+[；，：]|Remove \w+[;:,.] )")
"""The part of a remedy that is done already."""
_REFERENCES = ("incoming", "outgoing", "flowNodeRef")


def mend_remains(root: XmlElement, tell: Tell) -> None:
    """Take out of ``root`` whatever would keep it from being read."""
    for mend in (_tags, _malformed_ids, _ignored, _boundaries, _flows, _languages, _numbers, _dangling):
        mend(root, tell)


def _dangling(root: XmlElement, tell: Tell) -> None:
    """Take away the name of a message, signal, error or escalation that the file does not declare."""
    for node in _model(root):
        for attribute, kind in THROWN.items():
            named = node.get(attribute)
            if named is not None and named not in [one.get("id") for one in children(root, kind)]:
                del node.attrib[attribute]
                tell(
                    node,
                    f"所指的“{named}”不存在，已去掉",
                    f"“{named}”, to which it refers, is not there and was removed",
                )


def _tags(root: XmlElement, tell: Tell) -> None:
    for node in [n for n in _model(root) if local(n) not in TAGS]:
        holder = node.getparent()
        if holder is not None:
            holder.remove(node)
            tell(
                holder,
                f"“{local(node)}”在这里没有含义，已去掉",
                f"“{local(node)}” has no meaning here and was removed",
            )


def _malformed_ids(root: XmlElement, tell: Tell) -> None:
    """Give what has an unusable id another, wherever it is named."""
    taken = {str(node.get("id")) for node in root.iter() if local(node) and node.get("id")}
    renamed: dict[str, str] = {}
    for node in _model(root):
        ident = str(node.get("id") or "")
        if local(node) in NAMED and ident and not NCNAME.fullmatch(ident) and ident not in renamed:
            stem = "id_" + re.sub(r"[^\w.\-]", "_", ident)
            renamed[ident] = next(
                one for n in range(len(taken) + 1) if (one := f"{stem}_{n}" if n else stem) not in taken
            )
            taken.add(renamed[ident])
            tell(
                node,
                f"编号“{ident[:60]}”不能使用，已改为“{renamed[ident][:60]}”",
                f"id “{ident[:60]}” cannot be used and became “{renamed[ident][:60]}”",
            )
    if not renamed:
        return
    for node in [n for n in root.iter() if local(n)]:
        for name, value in node.attrib.items():
            if value in renamed and name != "name":
                node.set(name, renamed[value])
        text = (node.text or "").strip()
        if local(node) in _REFERENCES and text in renamed:
            node.text = renamed[text]


def _ignored(root: XmlElement, tell: Tell) -> None:
    for node in _model(root):
        for known in IGNORED:
            value = node.get(known.name)
            if value is not None and value not in known.means:
                del node.attrib[known.name]
                tell(
                    node,
                    f"{known.name}=“{value}”不会执行，已去掉：{_GONE.sub('', known.remedy.zh)}",
                    f"{known.name}=“{value}” is not carried out and was removed: {_GONE.sub('', known.remedy.en)}",
                )


def _boundaries(root: XmlElement, tell: Tell) -> None:
    for scope in _scopes(root):
        here = {node.get("id") for node in children(scope)}
        for event in [node for node in children(scope, Kind.BOUNDARY.value) if node.get("attachedToRef") not in here]:
            tell(
                event,
                "边界事件没有附着在图中的活动上，已去掉；需要时请在活动上重新画",
                "this boundary event stands on no activity of the diagram and was removed; draw it anew on one",
            )
            scope.remove(event)


def _flows(root: XmlElement, tell: Tell) -> None:
    for scope in _scopes(root):
        here = {node.get("id") for node in children(scope) if local(node) in NODES}
        for flow in children(scope, "sequenceFlow"):
            if not {flow.get("sourceRef"), flow.get("targetRef")} <= here:
                tell(
                    flow,
                    "连线的一端不在同一流程或子流程中，已去掉，请重新连接",
                    "one end of this flow is not in the same process or subprocess: it was removed, connect it anew",
                )
                scope.remove(flow)


def _languages(root: XmlElement, tell: Tell) -> None:
    for node in _model(root):
        spoken = node.get("language")
        if spoken is not None and local(node) != "definitions" and not FEEL.fullmatch(spoken):
            del node.attrib["language"]
            tell(
                node,
                f"公式用“{spoken}”写成，这里只认 FEEL，请改写",
                f"a formula is written in “{spoken}”; only FEEL is understood here: write it anew",
            )


def _numbers(root: XmlElement, tell: Tell) -> None:
    """Forget a drawing in which places are no numbers: it is laid out anew."""
    places = (node.get(name) for node in root.iter() for name in _POINTS.get(local(node), ()))
    if all(is_number(place) for place in places):
        return
    for drawn in [node for node in root.iter(f"{{{BPMNDI}}}*") if local(node) in ("BPMNShape", "BPMNEdge")]:
        if drawn.getparent() is not None:
            drawn.getparent().remove(drawn)
    tell(root, "图中有不是数字的坐标", "the drawing has places that are no numbers")


def _scopes(root: XmlElement) -> list[XmlElement]:
    return [node for node in _model(root) if local(node) in SCOPES]


def _model(root: XmlElement) -> Iterator[XmlElement]:
    return iter(list(root.iter(f"{{{MODEL}}}*")))
