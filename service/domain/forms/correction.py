"""Corrections of a form: which of its parts may be named, and which fields stay shut."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from service.domain.forms.model import FormNode, Group, Input, Path, Rows, format_path_pattern, same_object
from service.domain.forms.state import State
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class CorrectablePart:
    """A part of a form that a correction can name: a group, a list or a field, by its path, with its way in words."""

    path: str
    label: Text


def correctable(
    nodes: tuple[FormNode, ...], path: Path = (), above: tuple[Text, ...] = ()
) -> Iterator[CorrectablePart]:
    """Yield every group, list and input field, in the order of the page."""
    for node in nodes:
        if node.unseen:
            continue
        label = node.label if isinstance(node, Group | Rows | Input) else Text("", "")
        way = (*above, label) if label.zh else above
        if isinstance(node, Group):
            inner = path if node.path is None else (*path, node.path)
            if node.path is not None and label.zh:
                yield CorrectablePart(format_path_pattern(inner), _join_path(way))
            yield from correctable(node.children, inner, way)
        elif isinstance(node, Rows):
            yield CorrectablePart(format_path_pattern((*path, node.path)), _join_path(way))
        elif isinstance(node, Input) and label.zh:
            yield CorrectablePart(format_path_pattern((*path, node.key)), _join_path(way))


def unchanged(named: Collection[str], before: State, after: State) -> frozenset[str]:
    """Return the ``named`` parts that hold the same after a correction as before; a file put in anew is another one."""
    return frozenset(path for path in named if _get_at_path(before.values, path) == _get_at_path(after.values, path))


def _get_at_path(value: object, path: str) -> object:
    """Return what stands at the path of a part, of a list what stands in each of its rows."""
    if isinstance(value, list):
        return [_get_at_path(row, path) for row in value]
    name, _, rest = path.replace("[]", "").partition(".")
    return _get_at_path(value.get(name), rest) if name and isinstance(value, Mapping) else value


def shut_but(nodes: tuple[FormNode, ...], state: State, named: Collection[str]) -> frozenset[str]:
    """Return the fields that stay as they are while only what is ``named`` may be changed.

    What does not stand on the page yet is left open: a changed answer may bring it out, and then it must be filled in.
    """
    return frozenset(_iterate_shut_fields(nodes, state, frozenset(named), ()))


def _iterate_shut_fields(nodes: tuple[FormNode, ...], state: State, named: frozenset[str], path: Path) -> Iterator[str]:
    for node in nodes:
        if (path, node.id) in state.hidden:
            continue
        if isinstance(node, Group):
            yield from _iterate_shut_fields(
                node.children, state, named, path if node.path is None else (*path, node.path)
            )
        elif isinstance(node, Rows):
            inside = format_path_pattern((*path, node.path))
            if not _is_open(inside, named):
                yield from (f"{inside}[].{name}" for name in _iterate_inputs(node.children))
        elif isinstance(node, Input):
            field_pattern = format_path_pattern((*path, node.key))
            if not _is_open(field_pattern, named):
                yield field_pattern


def _iterate_inputs(nodes: tuple[FormNode, ...], before: str = "") -> Iterator[str]:
    for node in same_object(nodes):
        if isinstance(node, Group):
            yield from _iterate_inputs(node.children, f"{before}{node.path}.")
        elif isinstance(node, Rows):
            yield from _iterate_inputs(node.children, f"{before}{node.path}[].")
        elif isinstance(node, Input):
            yield f"{before}{node.key}"


def _is_open(path: str, named: frozenset[str]) -> bool:
    return path in named or any(path.startswith((f"{part}.", f"{part}[]")) for part in named)


def _join_path(way: tuple[Text, ...]) -> Text:
    return Text(" › ".join(t.zh for t in way), " › ".join(t.en for t in way))


def named_label(places: Mapping[str, Text], path: str) -> Text:
    """Return what a part is called on the page; its path where the form has no such part any more."""
    return places.get(path) or Text(path, path)
