"""Entries put into rows of YAML where they stand: the rest of the text keeps its bytes, and no document is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.catalog.source.yaml import Composer


def put_in_rows(
    text: str, rows: str, wanted: Callable[[Mapping[str, str]], bool], holder: str, entries: Mapping[str, str]
) -> str | None:
    """Return ``text`` with ``entries`` (plain words) in the mapping ``holder`` of each row of the list ``rows`` that is ``wanted``.

    ``wanted`` is asked with the single values of a row. None where a mapping does not stand on one line of its own, as one
    that is repeated elsewhere, or is missing: then the text has to be written anew. ``text`` is YAML.
    """
    root = yaml.compose(text, Loader=Composer)
    listed = _entry(root, rows)
    edits: list[tuple[int, int, str]] = []
    for row in listed[1].value if listed and isinstance(listed[1], SequenceNode) else ():
        if not isinstance(row, MappingNode) or not wanted(_words(row)):
            continue
        held = _entry(row, holder)
        if held is None or not _stands_alone(text, *held):
            return None
        edits += _edits(held[1], entries)
    for start, end, said in sorted(edits, reverse=True):
        text = text[:start] + said + text[end:]
    return text


def _edits(mapping: Node, entries: Mapping[str, str]) -> list[tuple[int, int, str]]:
    known = {key.value: value for key, value in mapping.value}
    changed = [
        (known[key].start_mark.index, known[key].end_mark.index, said) for key, said in entries.items() if key in known
    ]
    new = ", ".join(f"{key}: {said}" for key, said in entries.items() if key not in known)
    end = mapping.end_mark.index - 1
    return [*changed, (end, end, f", {new}" if known else new)] if new else changed


def _entry(node: Node | None, key: str) -> tuple[Node, Node] | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next(((name, value) for name, value in pairs if name.value == key), None)


def _words(row: MappingNode) -> dict[str, str]:
    return {key.value: value.value for key, value in row.value if isinstance(value, ScalarNode)}


def _stands_alone(text: str, key: Node, value: Node) -> bool:
    """Tell whether a mapping is written behind its key, in braces, and is neither named to be repeated nor a repetition."""
    start, end = value.start_mark.index, value.end_mark.index - 1
    if not isinstance(value, MappingNode) or text[key.end_mark.index : start].strip() != ":" or text[start] != "{":
        return False
    return not text[:end].rstrip().endswith(",") and all(isinstance(name, ScalarNode) for name, _ in value.value)
