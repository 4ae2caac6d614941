"""The records of a file (elements, cells, components, entries), each with what is its own, and the order of their parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.catalog.source.formatting import format_diagram
from service.catalog.source.json import as_json_file, parse_json
from service.catalog.source.xml import XmlElement, get_local_name, list_child_elements, parse_xml
from service.catalog.source.yaml import parse_yaml

Key: TypeAlias = tuple[str, ...]
"""Names a record within its file: the kind of record, then its ids."""

ROOT: Key = ("file",)

DRAWN = "drawn"
"""The kind of record that only draws another: it goes without a word when that goes."""


class NoRecords(Exception):
    """A file cannot be taken apart: two records have one id, or it is written in a way that is not taken apart."""


@dataclass(frozen=True, slots=True)
class Record:
    """One element, rule, component or entry without those inside it.

    ``own`` is what is compared, ``payload`` what it is described by; ``refs`` are the records without which this one means
    nothing, ``ranked`` tells that the order of its parts matters.
    """

    parent: Key | None
    own: object
    payload: Any = field(default=None, compare=False)
    refs: tuple[Key, ...] = field(default=(), compare=False)
    ranked: bool = field(default=False, compare=False)

    @property
    def needs(self) -> tuple[Key, ...]:
        """The records that must be there: the one it lies in, and those it refers to."""
        return self.refs if self.parent is None else (self.parent, *self.refs)


@dataclass(frozen=True, slots=True)
class Records:
    """A file taken apart; ``order`` lists the parts of a record as they stand."""

    items: Mapping[Key, Record]
    order: Mapping[Key, tuple[Key, ...]]


class Gathered:
    """Records while a file is read."""

    def __init__(self) -> None:
        self.items: dict[Key, Record] = {}
        self.order: dict[Key, list[Key]] = {}

    def add(self, key: Key, record: Record) -> None:
        """Add a record as the last part of its parent; raises NoRecords for a key that is there already."""
        if key in self.items:
            raise NoRecords(" ".join(key))
        self.items[key] = record
        self.order.setdefault(key, [])
        if record.parent is not None:
            self.order[record.parent].append(key)

    def done(self) -> Records:
        """Return what was gathered."""
        return Records(self.items, {key: tuple(parts) for key, parts in self.order.items()})


ELEMENT, LANE_OF, CELL = "element", "lane of", "cell"

_HOLDERS = frozenset(
    {"definitions", "collaboration", "process", "subProcess", "transaction", "adHocSubProcess", "laneSet", "childLaneSet"}
    | {"lane", "BPMNDiagram", "BPMNPlane", "decision", "decisionTable", "DMNDI", "DMNDiagram"}
)  # fmt: skip
_NEVER = (
    "Definition",
    "Characteristics",
    "Specification",
    "extensionElements",
    "documentation",
    "incoming",
    "outgoing",
)
_DERIVED = frozenset({"incoming", "outgoing"})
_DRAWS = ("bpmnElement", "dmnElementRef")
_REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "processRef")
_ENTRIES = {"inputEntry": "input", "outputEntry": "output"}


def _read_drawing(content: bytes, file: str) -> Records:
    """Return the records of a diagram or table; raises XmlMistake and NoRecords."""
    collector = Gathered()
    _add(collector, parse_xml(format_diagram(content, file), file), ROOT, None)
    return collector.done()


def element_of(record: Record) -> XmlElement:
    """Return the element that a record stands for."""
    return record.payload


def _add(collector: Gathered, node: XmlElement, key: Key, parent: Key | None) -> None:
    """Add ``node`` and every record inside it."""
    inside = [part for part in node if get_local_name(part) and _is_record(part)]
    rest = [
        part for part in node if get_local_name(part) and not _is_record(part) and get_local_name(part) not in _DERIVED
    ]
    comparable = (node.tag, _flat_attributes(node), _text(node), tuple(map(_flat, rest)))
    refs = tuple((ELEMENT, node.get(name)) for name in (*_REFERENCES, *_DRAWS) if node.get(name))
    collector.add(key, Record(parent, comparable, node, refs, ranked=get_local_name(node) == "decisionTable"))
    columns = _columns(node.getparent()) if get_local_name(node) == "rule" else {}
    for part in inside:
        if get_local_name(part) == "flowNodeRef":
            ref = (part.text or "").strip()
            collector.add((LANE_OF, ref), Record(key, (), refs=((ELEMENT, ref),)))
        elif get_local_name(part) in _ENTRIES:
            column = next(columns[get_local_name(part)], None)
            if column is None:
                raise NoRecords(str(node.get("id")))
            collector.add((CELL, key[1], column), Record(key, _flat(part), part, ((ELEMENT, column),)))
        else:
            _add(collector, part, _key(part), key)


def _columns(table: XmlElement) -> dict[str, Iterator[str]]:
    return {
        entry: iter([node.get("id", "") for node in list_child_elements(table, tag)]) for entry, tag in _ENTRIES.items()
    }


def _is_record(node: XmlElement) -> bool:
    tag = get_local_name(node)
    if tag in ("flowNodeRef", *_ENTRIES):
        return True
    return (
        get_local_name(node.getparent()) in _HOLDERS
        and not tag.endswith(_NEVER)
        and bool(node.get("id") or _drawn(node))
    )


def _key(node: XmlElement) -> Key:
    drawn = _drawn(node)
    return (DRAWN, drawn) if drawn and not get_local_name(node).endswith("Plane") else (ELEMENT, str(node.get("id")))


def _drawn(node: XmlElement) -> str:
    return next((str(node.get(name)) for name in _DRAWS if node.get(name)), "")


def _flat_attributes(node: XmlElement) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(name), str(value)) for name, value in node.attrib.items()))


def _flat(node: XmlElement) -> object:
    """Return an element with all that it holds as a value."""
    if not get_local_name(node):
        return node.text
    return (node.tag, _flat_attributes(node), _text(node), tuple(map(_flat, node)))


def _text(node: XmlElement) -> str:
    return "\n".join(line.rstrip() for line in (node.text or "").strip().splitlines())


ENTRY = "entry"
_DEPTH = 2
"""How deep entries are told apart: the keys of a file, and the entries below each."""

_SLOTS_DEPTH = 3
"""In a file of patterns the slots of each diagram are entries too."""


@dataclass(frozen=True, slots=True)
class _EntryLines:
    """An entry of a file: its name, its first line (the comments before it included), and the entries inside."""

    name: str
    first: int
    inside: tuple[_EntryLines, ...]
    ranked: bool


def _read_entries(content: bytes, file: str) -> Records:
    """Return the records of a YAML file as it is written; raises YamlMistake and NoRecords."""
    parse_yaml(content, file)
    text = content.decode()
    lines = text.splitlines(keepends=True)
    node = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    depth = _SLOTS_DEPTH if file.endswith("patterns.yaml") else _DEPTH
    parts, ranked = _parts(node, lines, 0, depth)
    if not parts:
        raise NoRecords(file)
    collector = Gathered()
    _add_entry(collector, _EntryLines("", 0, parts, ranked), ROOT, None, lines, len(lines))
    return collector.done()


def _parts(node: Node | None, lines: list[str], start: int, depth: int) -> tuple[tuple[_EntryLines, ...], bool]:
    """Return the entries of a mapping, or of a list whose items have ids, and whether their order matters."""
    named = list(_named(node)) if depth and not getattr(node, "flow_style", False) else []
    entries: list[_EntryLines] = []
    end = start
    for name, key, value in named:
        first = key.start_mark.line
        while first > end and not lines[first - 1].partition("#")[0].strip():
            first -= 1
        entries.append(_EntryLines(name, first, *_parts(value, lines, key.start_mark.line + 1, depth - 1)))
        end = _after(value)
    return tuple(entries), isinstance(node, SequenceNode)


def _named(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    """Yield name, where it begins, and value of each entry; nothing where they cannot be told apart."""
    if isinstance(node, MappingNode):
        yield from ((key.value, key, value) for key, value in node.value)
    elif isinstance(node, SequenceNode):
        ids = [_id(item) for item in node.value]
        if all(ids) and len(set(ids)) == len(ids):
            yield from zip(ids, node.value, node.value, strict=True)


def _id(node: Node) -> str:
    if not isinstance(node, MappingNode):
        return ""
    return next((str(value.value) for key, value in node.value if key.value == "id"), "")


def _after(node: Node) -> int:
    """Return the line after the last one of a value; comments below it are not its own."""
    last_node: Node = node
    while isinstance(last_node, MappingNode | SequenceNode) and last_node.value and not last_node.flow_style:
        last_node = last_node.value[-1][1] if isinstance(last_node, MappingNode) else last_node.value[-1]
    block = isinstance(last_node, ScalarNode) and last_node.style in ("|", ">")
    return int(last_node.end_mark.line) + (0 if block else 1)


def _add_entry(
    collector: Gathered, part: _EntryLines, key: Key, parent: Key | None, lines: list[str], end: int
) -> None:
    """Add an entry that goes up to line ``end``: its own lines are those before the entries inside it."""
    entry_text = "".join(lines[part.first : part.inside[0].first if part.inside else end])
    collector.add(key, Record(parent, entry_text, entry_text, ranked=part.ranked))
    ends = [*(later.first for later in part.inside[1:]), end][: len(part.inside)]
    for inner, until in zip(part.inside, ends, strict=True):
        _add_entry(collector, inner, (ENTRY, *key[1:], inner.name), key, lines, until)


COMPONENT = "component"
_INSIDE = "components"


def _read_form(content: bytes, file: str) -> Records:
    """Return the records of a form; raises JsonMistake and NoRecords."""
    value = parse_json(content, file)
    if not isinstance(value, dict):
        raise NoRecords(file)
    collector = Gathered()
    _add_component(collector, value, ROOT, None)
    return collector.done()


def _add_component(collector: Gathered, value: Any, key: Key, parent: Key | None) -> None:
    inside = value.get(_INSIDE) if isinstance(value, dict) else None
    if not isinstance(inside, list):
        collector.add(key, Record(parent, as_json_file(value), value))
        return
    properties = {name: None if name == _INSIDE else item for name, item in value.items()}
    collector.add(key, Record(parent, as_json_file(properties), value, ranked=True))
    for item in inside:
        _add_component(collector, item, _component_key(collector, item), key)


def _component_key(collector: Gathered, item: Any) -> Key:
    """Return how a component is known: by its id or key, or as the next one of its pattern."""
    if isinstance(item, str):
        return (COMPONENT, item)
    about = item if isinstance(item, dict) else {}
    name = about.get("id") or about.get("key")
    if name:
        return (COMPONENT, str(name))
    if not about.get("from_pattern"):
        raise NoRecords("a component without id")
    before = sum(key[:2] == (COMPONENT, about["from_pattern"]) for key in collector.items)
    return (COMPONENT, about["from_pattern"], str(before + 1))


KINDS: Mapping[str, Callable[[bytes, str], Records]] = MappingProxyType(
    {".bpmn": _read_drawing, ".dmn": _read_drawing, ".json": _read_form, ".yaml": _read_entries}
)
"""How a file is taken apart, by its ending; what takes it apart raises NoRecords and LaurelError."""
