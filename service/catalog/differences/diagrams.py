"""Diagrams and tables as records: elements by id, their drawing and their lane apart, cells by rule and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.catalog.differences.records import DRAWN, ROOT, Gathered, Key, NoRecords, Record, Records
from service.catalog.source.formatting import format_diagram
from service.catalog.source.xml import XmlElement, children, local, parse_xml

ELEMENT, LANE_OF, CELL, _PART = "element", "lane of", "cell", "part"

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


@dataclass(frozen=True, slots=True)
class _Written:
    """An element as it stood, the comments before it, and those of its children that are no records, by key."""

    node: XmlElement
    before: tuple[XmlElement, ...]
    parts: dict[Key, XmlElement]


def take_apart(content: bytes, file: str) -> Records:
    """Return the records of a diagram or table; raises XmlMistake and NoRecords."""
    root = parse_xml(format_diagram(content, file), file)
    found = Gathered()
    above = tuple(node for node in reversed(list(root.itersiblings(preceding=True))) if not local(node))
    _add(found, root, ROOT, None, above)
    return found.done()


def element_of(record: Record) -> XmlElement:
    """Return the element that a record stands for, as it stood in its file."""
    return record.payload.node


def _add(found: Gathered, node: XmlElement, key: Key, parent: Key | None, before: tuple[XmlElement, ...]) -> None:
    """Add ``node`` and every record inside it."""
    inside, parts, order = _sorted_out(node)
    written = _Written(node, before, parts)
    own = (
        node.tag,
        _flat_attributes(node),
        _text(node),
        tuple(map(_flat, parts.values())),
        tuple(c.text for c in before),
    )
    refs = tuple((ELEMENT, node.get(name)) for name in (*_REFERENCES, *_DRAWS) if node.get(name))
    found.add(key, Record(parent, own, written, refs, ranked=local(node) == "decisionTable"))
    columns = _columns(node.getparent()) if local(node) == "rule" else {}
    for part in order:
        if isinstance(part, tuple):
            found.order[key].append(part)
            continue
        if local(part) == "flowNodeRef":
            ref = (part.text or "").strip()
            found.add((LANE_OF, ref), Record(key, (), refs=((ELEMENT, ref),)))
        elif local(part) in _ENTRIES:
            column = next(columns[local(part)], None)
            if column is None:
                raise NoRecords(str(node.get("id")))
            _add_cell(found, part, key, column)
        else:
            _add(found, part, _key(part), key, inside[part])


def _add_cell(found: Gathered, node: XmlElement, rule: Key, column: str) -> None:
    written = _Written(node, (), {})
    found.add((CELL, rule[1], column), Record(rule, _flat(node), written, ((ELEMENT, column),)))


def _columns(table: XmlElement) -> dict[str, Iterator[str]]:
    return {entry: iter([node.get("id", "") for node in children(table, tag)]) for entry, tag in _ENTRIES.items()}


def _sorted_out(
    node: XmlElement,
) -> tuple[dict[XmlElement, tuple[XmlElement, ...]], dict[Key, XmlElement], list[XmlElement | Key]]:
    """Return the records inside with the comments before them, the other children by key, and the order of both."""
    inside: dict[XmlElement, tuple[XmlElement, ...]] = {}
    parts: dict[Key, XmlElement] = {}
    order: list[XmlElement | Key] = []
    waiting: list[XmlElement] = []
    for child in node:
        if not local(child):
            waiting.append(child)
        elif local(child) in _DERIVED:
            continue
        elif _is_record(child):
            inside[child], waiting = tuple(waiting), []
            order.append(child)
        else:
            order.extend(_keyed(parts, [*waiting, child]))
            waiting = []
    order.extend(_keyed(parts, waiting))
    return inside, parts, order


def _keyed(parts: dict[Key, XmlElement], nodes: Sequence[XmlElement]) -> Iterator[Key]:
    for node in nodes:
        tag = local(node) or "comment"
        key = (_PART, tag, str(sum(known[1] == tag for known in parts)))
        parts[key] = node
        yield key


def _is_record(node: XmlElement) -> bool:
    tag = local(node)
    if tag in ("flowNodeRef", *_ENTRIES):
        return True
    return local(node.getparent()) in _HOLDERS and not tag.endswith(_NEVER) and bool(node.get("id") or _drawn(node))


def _key(node: XmlElement) -> Key:
    drawn = _drawn(node)
    return (DRAWN, drawn) if drawn and not local(node).endswith("Plane") else (ELEMENT, str(node.get("id")))


def _drawn(node: XmlElement) -> str:
    return next((str(node.get(name)) for name in _DRAWS if node.get(name)), "")


def _flat_attributes(node: XmlElement) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(name), str(value)) for name, value in node.attrib.items()))


def _flat(node: XmlElement) -> object:
    """Return an element with all that it holds as a value."""
    if not local(node):
        return node.text
    return (node.tag, _flat_attributes(node), _text(node), tuple(map(_flat, node)))


def _text(node: XmlElement) -> str:
    return "\n".join(line.rstrip() for line in (node.text or "").strip().splitlines())
