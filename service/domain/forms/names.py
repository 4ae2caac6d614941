"""Names that a form asks for and that are known: the reader's own, and those of colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from service.domain.forms.model import FormNode, Group, Input, Path

READER, COLLEAGUE, OTHER = "reader", "colleague", "other"

PERSONS = (READER, COLLEAGUE, OTHER)
"""Whose name a line of text may ask for."""


def asks_for_colleague(nodes: tuple[FormNode, ...]) -> bool:
    """Return whether some field asks for the name of a colleague."""
    return any(node.person == COLLEAGUE for node, _ in _iterate_person_fields(nodes, ()))


def with_names(
    nodes: tuple[FormNode, ...], values: Mapping[str, object], reader: str, colleagues: Sequence[str]
) -> dict[str, object]:
    """Return first values with the names that are certain where nothing stands: the reader's, that of an only colleague."""
    names_by_person = {READER: reader, COLLEAGUE: colleagues[0] if len(colleagues) == 1 else ""}
    filled: dict[str, object] = deepcopy(dict(values))
    for node, path in _iterate_person_fields(nodes, ()):
        target = filled
        for part in path:
            inner = target.get(str(part))
            target[str(part)] = target = inner if isinstance(inner, dict) else {}
        if not target.get(node.key) and names_by_person[node.person or ""]:
            target[node.key] = names_by_person[node.person or ""]
    return filled


def _iterate_person_fields(nodes: tuple[FormNode, ...], path: Path) -> Iterator[tuple[Input, Path]]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _iterate_person_fields(node.children, (*path, node.path) if node.path else path)
        elif isinstance(node, Input) and node.person in (READER, COLLEAGUE):
            yield node, path
