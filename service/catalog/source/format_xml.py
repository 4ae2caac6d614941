"""The stable format of diagrams."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from service.catalog.source.canonical import BPMN, SPIFF, canonicalise, hide_loops, link_flows
from service.catalog.source.xml import XmlElement, local, parse_xml

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DMN_DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DMN_DI = "http://www.omg.org/spec/DMN/20180521/DI/"

_PREFIXES = {
    BPMN: "bpmn", BPMNDI: "bpmndi", DC: "dc", DI: "di", SPIFF: "spiffworkflow", XSI: "xsi",
    DMN: "", DMNDI: "dmndi", DMN_DC: "dc", DMN_DI: "di",
}  # fmt: skip
_TYPE = f"{{{XSI}}}type"
_QUOTED = re.compile(r'[&<>"\n\r\t]')
"""What does not stand in an attribute as it is."""
_FIRST = ("id", "label", "name")
_POINT = {"x": 0, "y": 1, "width": 2, "height": 3}
_HEAD = {"documentation": 0, "extensionElements": 1, "incoming": 2, "outgoing": 3}
_SORTED = ("Event", "Task", "task", "Gateway", "callActivity", "subProcess", "sequenceFlow")


def format_diagram(content: bytes, file: str = "diagram.bpmn") -> bytes:
    """Return a diagram or table in the stable format: fixed prefixes, attribute order, indentation; comments kept.

    Formatting twice changes nothing, and what an editor exports unchanged comes out byte for byte the
    same. Raises XmlMistake.
    """
    return format_root(parse_xml(content, file))


def for_editor(content: bytes, file: str = "diagram.bpmn") -> bytes:
    """Return a diagram as an editor may open it without losing anything.

    What a loop runs over is FEEL, where editors expect a reference: it goes into the properties
    ``loop_over`` and ``loop_into``, from which ``format_diagram`` brings it back.
    """
    root = parse_xml(content, file)
    canonicalise(root)
    link_flows(root)
    hide_loops(root)
    return _written(root)


def for_other_tools(content: bytes, file: str = "diagram.bpmn") -> bytes:
    """Return a diagram as other BPMN tools expect one: nodes name their incoming and outgoing flows."""
    root = parse_xml(content, file)
    canonicalise(root)
    link_flows(root)
    return _written(root)


def format_root(root: XmlElement) -> bytes:
    """Write ``root`` in the stable format."""
    canonicalise(root)
    return _written(root)


def _written(root: XmlElement) -> bytes:
    prefixes = _prefixes(root)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.extend(_comment(node, 0) for node in reversed(list(root.itersiblings(preceding=True))) if not local(node))
    lines.extend(_element(root, 0, prefixes, [f'xmlns{":" if p else ""}{p}="{uri}"' for uri, p in prefixes.items()]))
    return ("\n".join(lines) + "\n").encode()


def _prefixes(root: XmlElement) -> dict[str, str]:
    """Return namespace → prefix for every namespace in use, ours first and always in the same order."""
    names: set[str] = set()
    for node in root.iter():
        if local(node):
            names.update((node.tag, *node.attrib))
    uris = {_uri(name) for name in names if name.startswith("{")}
    known = {uri: prefix for uri, prefix in _PREFIXES.items() if uri in uris}
    declared = {uri: prefix for prefix, uri in root.nsmap.items() if prefix}
    others = {uri: declared.get(uri, f"ns{index}") for index, uri in enumerate(sorted(uris - set(known)))}
    return known | others


def _element(node: XmlElement, depth: int, prefixes: dict[str, str], declared: list[str]) -> list[str]:
    indent = "  " * depth
    tag = _named(node.tag, prefixes)
    head = " ".join(
        [tag, *declared, *(f"{_named(k, prefixes)}={_attribute(v)}" for k, v in _attributes(node, prefixes))]
    )
    inner = _ordered(node)
    text = _text(node)
    if not inner:
        return [f"{indent}<{head}>{escape(text)}</{tag}>" if text else f"{indent}<{head} />"]
    lines = [f"{indent}<{head}>"]
    if text:
        lines.append(f"{indent}  {escape(text)}")
    for item in inner:
        lines.extend(_element(item, depth + 1, prefixes, []) if local(item) else [_comment(item, depth + 1)])
    return [*lines, f"{indent}</{tag}>"]


def _text(node: XmlElement) -> str:
    return "\n".join(line.rstrip() for line in (node.text or "").strip().splitlines())


def _attributes(node: XmlElement, prefixes: dict[str, str]) -> list[tuple[str, str]]:
    if set(node.attrib) <= set(_POINT):
        return sorted(node.attrib.items(), key=lambda item: _POINT[item[0]])
    found = {name: value for name, value in node.attrib.items() if name != _TYPE}
    first = [(name, found.pop(name)) for name in _FIRST if name in found]
    kind = [(_TYPE, _retyped(node, prefixes))] if _TYPE in node.attrib else []
    return first + kind + sorted(found.items())


def _retyped(node: XmlElement, prefixes: dict[str, str]) -> str:
    """Return the value of xsi:type, a name with a prefix, with our prefix."""
    prefix, _, own = str(node.attrib[_TYPE]).rpartition(":")
    ours = prefixes.get(node.nsmap.get(prefix or None, ""), prefix)
    return f"{ours}:{own}" if ours else own


def _ordered(node: XmlElement) -> list[XmlElement]:
    """Return the children, what describes a node before what it holds; comments stay before their element."""
    items = list(node)
    if not local(node).endswith(_SORTED):
        return items
    groups: list[tuple[int, list[XmlElement]]] = []
    waiting: list[XmlElement] = []
    for item in items:
        waiting.append(item)
        if local(item):
            groups.append((_HEAD.get(local(item), 9), waiting))
            waiting = []
    groups.sort(key=lambda group: group[0])
    return [item for _, group in groups for item in group] + waiting


def _comment(node: XmlElement, depth: int) -> str:
    return f"{'  ' * depth}<!--{node.text or ''}-->"


def _named(name: str, prefixes: dict[str, str]) -> str:
    if not name.startswith("{"):
        return name
    uri = _uri(name)
    own = name[len(uri) + 2 :]
    return f"{prefixes[uri]}:{own}" if prefixes[uri] else own


def _uri(name: str) -> str:
    return name[1:].partition("}")[0]


def _attribute(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\t": "&#9;"}) if _QUOTED.search(value) else f'"{value}"'
