"""YAML as records: entries by key or id with the lines they are written in, so that comments stay with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.catalog.differences.records import ROOT, Gathered, Key, NoRecords, Record, Records
from service.catalog.source.yaml import parse_yaml

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


def take_apart(content: bytes, file: str) -> Records:
    """Return the records of a YAML file as it is written; raises YamlMistake and NoRecords."""
    parse_yaml(content, file)
    text = content.decode()
    lines = text.splitlines(keepends=True)
    node = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    depth = _SLOTS_DEPTH if file.endswith("patterns.yaml") else _DEPTH
    parts, ranked = _parts(node, lines, 0, depth)
    if not parts:
        raise NoRecords(file)
    found = Gathered()
    _add(found, _EntryLines("", 0, parts, ranked), ROOT, None, lines, len(lines))
    return found.done()


def _parts(node: Node | None, lines: list[str], start: int, depth: int) -> tuple[tuple[_EntryLines, ...], bool]:
    """Return the entries of a mapping, or of a list whose items have ids, and whether their order matters."""
    named = list(_named(node)) if depth and not getattr(node, "flow_style", False) else []
    found: list[_EntryLines] = []
    end = start
    for name, key, value in named:
        first = key.start_mark.line
        while first > end and not lines[first - 1].partition("#")[0].strip():
            first -= 1
        found.append(_EntryLines(name, first, *_parts(value, lines, key.start_mark.line + 1, depth - 1)))
        end = _after(value)
    return tuple(found), isinstance(node, SequenceNode)


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
    here: Node = node
    while isinstance(here, MappingNode | SequenceNode) and here.value and not here.flow_style:
        here = here.value[-1][1] if isinstance(here, MappingNode) else here.value[-1]
    block = isinstance(here, ScalarNode) and here.style in ("|", ">")
    return int(here.end_mark.line) + (0 if block else 1)


def _add(found: Gathered, part: _EntryLines, key: Key, parent: Key | None, lines: list[str], end: int) -> None:
    """Add an entry that goes up to line ``end``: its own lines are those before the entries inside it."""
    own = "".join(lines[part.first : part.inside[0].first if part.inside else end])
    found.add(key, Record(parent, own, own, ranked=part.ranked))
    ends = [*(later.first for later in part.inside[1:]), end][: len(part.inside)]
    for inner, until in zip(part.inside, ends, strict=True):
        _add(found, inner, (ENTRY, *key[1:], inner.name), key, lines, until)
