"""The stable format of every kind of file a package holds."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import RoundTripEmitter

from service.catalog.source.json import as_json_file, parse_json
from service.catalog.source.xml import XmlElement, find_child_element, get_local_name, list_child_elements, parse_xml
from service.catalog.source.yaml import parse_yaml
from service.domain.errors import Invalid
from service.domain.text import Text

_KEPT = 32
"""Documents and texts that are kept: some files of the one place that somebody draws."""
_LONG = 500
"""Characters from which a text is worth keeping; rows that are put into documents are shorter."""
_WORDS = (str, int, float, bool, type(None))


def format_yaml(text: str, file: str = "file.yaml") -> str:
    """Return ``text`` in the stable format; formatting twice changes nothing.

    Comments, quotes, order and flow style are kept; indentation and spacing are made uniform.
    Raises YamlMistake for what we do not read.
    """
    parse_yaml(text.encode(), file)
    return _format_text(text)


@lru_cache(maxsize=_KEPT)
def _format_text(text: str) -> str:
    return dump_yaml(load_yaml(text))


class _Braced(RoundTripEmitter):
    """Writes a mapping of one key in a list on one line as ``[{a: 1}]``; ruamel's own ``[a: 1]`` reads as something else."""

    def expect_flow_mapping(self, single: bool | None = False, force_flow_indent: bool | None = False) -> None:  # noqa: ARG002
        super().expect_flow_mapping(False, force_flow_indent)


def _create_yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Emitter = _Braced
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _represent_null)
    return yaml


def _represent_null(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def load_yaml(text: str) -> Any:
    """Return a document of one's own that keeps its comments, quotes and order; an empty mapping for an empty text."""
    document = _copy_node(_load_cached(text), {}) if len(text) >= _LONG else _create_yaml().load(text)
    return CommentedMap() if document is None else document


@lru_cache(maxsize=_KEPT)
def _load_cached(text: str) -> Any:
    """Return a document that nobody may change or write: each step of a drawing reads the same files again."""
    return _create_yaml().load(text)


def _copy_node(node: Any, copies: dict[int, Any]) -> Any:
    """Return a copy of a node, in a tenth of the time that reading it takes; ``copies`` are those that aliases may repeat.

    `deepcopy` copies the comments of a list again for each of its items.
    """
    if id(node) in copies:
        return copies[id(node)]
    if type(node) in _WORDS:
        return node
    made: Any
    if isinstance(node, CommentedMap):
        copies[id(node)] = made = CommentedMap()
        for key, value in node.items():
            made[key] = _copy_node(value, copies)
    elif isinstance(node, CommentedSeq):
        copies[id(node)] = made = CommentedSeq()
        for value in node:
            made.append(_copy_node(value, copies))
    else:
        return deepcopy(node, copies)
    node.copy_attributes(made, memo=copies)
    return made


def dump_yaml(document: Any) -> str:
    """Return a document of ``load_yaml`` as text in the stable format."""
    stream = io.StringIO()
    _create_yaml().dump(document, stream)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
LOOP_OVER, LOOP_INTO = "loop_over", "loop_into"

_NODES = ("Event", "Task", "task", "Gateway", "callActivity", "subProcess", "transaction", "adHocSubProcess")
_DEFAULTS = {
    "cancelActivity": "true",
    "isInterrupting": "true",
    "isSequential": "false",
    "triggeredByEvent": "false",
    "isForCompensation": "false",
    "parallelMultiple": "false",
}
_LOOP_REFERENCES = ((LOOP_OVER, "loopDataInputRef"), (LOOP_INTO, "loopDataOutputRef"))


def canonicalise_diagram(root: XmlElement) -> None:
    """Bring a diagram into one shape: loops, references, defaults and the order of the drawing."""
    _restore_loops(root)
    _unlink_flows(root)
    _drop_defaults(root)
    _drop_empty_labels(root)
    _drop_empty_lanes(root)
    _order_drawing(root)


def is_node(node: XmlElement) -> bool:
    """Tell whether an element is a node of a process."""
    return get_local_name(node).endswith(_NODES) and not get_local_name(node).endswith("Definition")


def hide_loops(root: XmlElement) -> None:
    """Keep what a loop runs over in properties: editors drop references that name no element."""
    for loop in [node for node in root.iter() if get_local_name(node) == "multiInstanceLoopCharacteristics"]:
        for name, tag in _LOOP_REFERENCES:
            reference = find_child_element(loop, tag)
            if reference is not None:
                set_property(loop.getparent(), name, reference.text or "")
                loop.remove(reference)


def _restore_loops(root: XmlElement) -> None:
    for loop in [node for node in root.iter() if get_local_name(node) == "multiInstanceLoopCharacteristics"]:
        for place, (name, tag) in enumerate(_LOOP_REFERENCES):
            value = _take_property(loop.getparent(), name)
            if value:
                for old in list_child_elements(loop, tag):
                    loop.remove(old)
                reference = loop.makeelement(f"{{{BPMN}}}{tag}")
                reference.text = value
                loop.insert(min(place, len(loop)), reference)


def set_property(node: XmlElement, name: str, value: str) -> None:
    """Give an element a property, in the place of one of that name."""
    extensions = find_child_element(node, "extensionElements")
    if extensions is None:
        extensions = node.makeelement(f"{{{BPMN}}}extensionElements")
        node.insert(0, extensions)
    properties = find_child_element(extensions, "properties")
    if properties is None:
        properties = node.makeelement(f"{{{SPIFF}}}properties")
        extensions.insert(0, properties)
    old = next((item for item in list_child_elements(properties, "property") if item.get("name") == name), None)
    if old is not None:
        old.set("value", value)
        return
    properties.append(node.makeelement(f"{{{SPIFF}}}property", {"name": name, "value": value}))


def _take_property(node: XmlElement, name: str) -> str:
    extensions = find_child_element(node, "extensionElements")
    properties = None if extensions is None else find_child_element(extensions, "properties")
    if properties is None:
        return ""
    matches = [item for item in list_child_elements(properties, "property") if item.get("name") == name]
    for item in matches:
        _remove_element(item)
    return matches[0].get("value", "") if matches else ""


def _remove_element(node: XmlElement) -> None:
    """Remove an element, and the holders of extensions that become empty by it."""
    parent = node.getparent()
    parent.remove(node)
    if not len(parent) and get_local_name(parent) in ("properties", "extensionElements"):
        _remove_element(parent)


def _unlink_flows(root: XmlElement) -> None:
    """Leave out what nodes repeat of their flows: a flow says itself from where it leads and whereto."""
    for node in [n for n in root.iter() if get_local_name(n) and is_node(n)]:
        for old in list_child_elements(node, "incoming", "outgoing"):
            node.remove(old)


def link_flows(root: XmlElement) -> None:
    """Give every node its incoming and outgoing flows, as editors expect them."""
    for process in list_child_elements(root, "process"):
        flows = [node for node in process.iter() if get_local_name(node) == "sequenceFlow"]
        for node in [n for n in process.iter() if is_node(n)]:
            ident = node.get("id")
            wanted = [("incoming", f) for f in flows if f.get("targetRef") == ident]
            wanted += [("outgoing", f) for f in flows if f.get("sourceRef") == ident]
            for index, (tag, flow) in enumerate(wanted):
                reference = node.makeelement(f"{{{BPMN}}}{tag}")
                reference.text = flow.get("id")
                node.insert(index, reference)


def _drop_defaults(root: XmlElement) -> None:
    for node in root.iter():
        if get_local_name(node):
            for name in [name for name, value in node.attrib.items() if _DEFAULTS.get(name) == value]:
                del node.attrib[name]


def _drop_empty_labels(root: XmlElement) -> None:
    """Drop labels without a place: editors write them beside names that stand inside their shape."""
    for label in [node for node in root.iter("{*}BPMNLabel") if not len(node)]:
        label.getparent().remove(label)


def _drop_empty_lanes(root: XmlElement) -> None:
    """Drop the holder of lanes that an editor leaves behind once the last lane is gone."""
    for holder in [node for node in root.iter() if get_local_name(node) == "laneSet" and not len(node)]:
        holder.getparent().remove(holder)


def _order_drawing(root: XmlElement) -> None:
    """Draw shapes before edges, each in the order of what it draws; show the mark of exclusive gateways."""
    place = {node.get("id"): index for index, node in enumerate(root.iter()) if get_local_name(node) and node.get("id")}
    exclusive = {node.get("id") for node in root.iter() if get_local_name(node) == "exclusiveGateway"}
    for plane in [
        plane
        for diagram in list_child_elements(root, "BPMNDiagram")
        for plane in list_child_elements(diagram, "BPMNPlane")
    ]:
        drawn = list(plane)
        drawn.sort(key=lambda node: (get_local_name(node) == "BPMNEdge", place.get(node.get("bpmnElement"), 0)))
        for node in drawn:
            plane.remove(node)
            plane.append(node)
            if get_local_name(node) == "BPMNShape" and node.get("bpmnElement") in exclusive:
                node.set("isMarkerVisible", "true")


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
    canonicalise_diagram(root)
    link_flows(root)
    hide_loops(root)
    return _serialise(root)


def for_other_tools(content: bytes, file: str = "diagram.bpmn") -> bytes:
    """Return a diagram as other BPMN tools expect one: nodes name their incoming and outgoing flows."""
    root = parse_xml(content, file)
    canonicalise_diagram(root)
    link_flows(root)
    return _serialise(root)


def format_root(root: XmlElement) -> bytes:
    """Write ``root`` in the stable format."""
    canonicalise_diagram(root)
    return _serialise(root)


def _serialise(root: XmlElement) -> bytes:
    prefixes = _map_prefixes(root)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.extend(
        _format_comment(node, 0)
        for node in reversed(list(root.itersiblings(preceding=True)))
        if not get_local_name(node)
    )
    lines.extend(
        _format_element(root, 0, prefixes, [f'xmlns{":" if p else ""}{p}="{uri}"' for uri, p in prefixes.items()])
    )
    return ("\n".join(lines) + "\n").encode()


def _map_prefixes(root: XmlElement) -> dict[str, str]:
    """Return namespace → prefix for every namespace in use, ours first and always in the same order."""
    names: set[str] = set()
    for node in root.iter():
        if get_local_name(node):
            names.update((node.tag, *node.attrib))
    uris = {_extract_uri(name) for name in names if name.startswith("{")}
    prefixes = {uri: prefix for uri, prefix in _PREFIXES.items() if uri in uris}
    declared = {uri: prefix for prefix, uri in root.nsmap.items() if prefix}
    others = {uri: declared.get(uri, f"ns{index}") for index, uri in enumerate(sorted(uris - set(prefixes)))}
    return prefixes | others


def _format_element(node: XmlElement, depth: int, prefixes: dict[str, str], declared: list[str]) -> list[str]:
    indent = "  " * depth
    tag = _qualify_name(node.tag, prefixes)
    head = " ".join(
        [
            tag,
            *declared,
            *(f"{_qualify_name(k, prefixes)}={_quote_attribute(v)}" for k, v in _list_attributes(node, prefixes)),
        ]
    )
    inner = _sort_children(node)
    text = _text_of_xml(node)
    if not inner:
        return [f"{indent}<{head}>{escape(text)}</{tag}>" if text else f"{indent}<{head} />"]
    lines = [f"{indent}<{head}>"]
    if text:
        lines.append(f"{indent}  {escape(text)}")
    for item in inner:
        lines.extend(
            _format_element(item, depth + 1, prefixes, [])
            if get_local_name(item)
            else [_format_comment(item, depth + 1)]
        )
    return [*lines, f"{indent}</{tag}>"]


def _text_of_xml(node: XmlElement) -> str:
    return "\n".join(line.rstrip() for line in (node.text or "").strip().splitlines())


def _list_attributes(node: XmlElement, prefixes: dict[str, str]) -> list[tuple[str, str]]:
    if set(node.attrib) <= set(_POINT):
        return sorted(node.attrib.items(), key=lambda item: _POINT[item[0]])
    attributes = {name: value for name, value in node.attrib.items() if name != _TYPE}
    first = [(name, attributes.pop(name)) for name in _FIRST if name in attributes]
    kind = [(_TYPE, _qualify_type(node, prefixes))] if _TYPE in node.attrib else []
    return first + kind + sorted(attributes.items())


def _qualify_type(node: XmlElement, prefixes: dict[str, str]) -> str:
    """Return the value of xsi:type, a name with a prefix, with our prefix."""
    prefix, _, local_name = str(node.attrib[_TYPE]).rpartition(":")
    ours = prefixes.get(node.nsmap.get(prefix or None, ""), prefix)
    return f"{ours}:{local_name}" if ours else local_name


def _sort_children(node: XmlElement) -> list[XmlElement]:
    """Return the children, what describes a node before what it holds; comments stay before their element."""
    items = list(node)
    if not get_local_name(node).endswith(_SORTED):
        return items
    groups: list[tuple[int, list[XmlElement]]] = []
    waiting: list[XmlElement] = []
    for item in items:
        waiting.append(item)
        if get_local_name(item):
            groups.append((_HEAD.get(get_local_name(item), 9), waiting))
            waiting = []
    groups.sort(key=lambda group: group[0])
    return [item for _, group in groups for item in group] + waiting


def _format_comment(node: XmlElement, depth: int) -> str:
    return f"{'  ' * depth}<!--{node.text or ''}-->"


def _qualify_name(name: str, prefixes: dict[str, str]) -> str:
    if not name.startswith("{"):
        return name
    uri = _extract_uri(name)
    local_name = name[len(uri) + 2 :]
    return f"{prefixes[uri]}:{local_name}" if prefixes[uri] else local_name


def _extract_uri(name: str) -> str:
    return name[1:].partition("}")[0]


def _quote_attribute(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;", "\t": "&#9;"}) if _QUOTED.search(value) else f'"{value}"'


def format_file(path: str, content: bytes) -> bytes:
    """Return ``content`` in the stable format of its kind; files of other kinds are returned as they are.

    What an editor exports without changes comes out byte for byte as it went in. Raises XmlMistake,
    YamlMistake or Invalid for what cannot be read.
    """
    suffix = PurePosixPath(path).suffix
    if suffix in (".bpmn", ".dmn"):
        return format_diagram(content, path)
    if suffix in (".yaml", ".yml"):
        return format_yaml(_decode_text(path, content), path).encode()
    return format_json(path, content) if suffix == ".json" else content


def format_json(path: str, content: bytes) -> bytes:
    """Return JSON with two spaces of indentation, Chinese as it is, the order of keys kept."""
    return as_json_file(parse_json(content, path))


def _decode_text(path: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(Text(f"{path} 不是 UTF-8 编码。", f"{path} is not UTF-8.")) from error
