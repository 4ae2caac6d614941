"""Where a form has to be looked at again for each set of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Computed, FormNode, Group, Input, Rows

_ALL_AROUND = frozenset({"this", "parent"})
"""What stands for all values of an object."""


@dataclass(frozen=True, slots=True)
class Lively:
    """What of a form has rules, by identity.

    ``turns`` are the computed fields and the groups and lists that hold them, in the turns in which they can be worked out:
    each reads what was computed in turns before it. Where it is ``circular``, some in the last turn read one another.
    ``computed_shows``: nothing that is computed can be hidden. ``conditioned`` are the groups and lists in which something
    has conditions.
    """

    turns: tuple[frozenset[int], ...]
    circular: bool
    computed_shows: bool
    conditioned: frozenset[int]


def lively(nodes: tuple[FormNode, ...]) -> Lively:
    """Return where a form has to be looked at again for each set of values: most of it is only filled in."""
    found = list(_computed(nodes, ()))
    turns, circular = _turns(found)
    shows = all(one.hide is None for node, holders in found for one in (node, *holders))
    return Lively(turns, circular, shows, frozenset(_conditioned(nodes)))


def _conditioned(nodes: tuple[FormNode, ...]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, Group | Rows):
            inner = set(_conditioned(node.children))
            yield from inner
            if inner or any(map(_has_conditions, node.children)):
                yield id(node)


_Holders = tuple[Group | Rows, ...]


def _computed(nodes: tuple[FormNode, ...], holders: _Holders) -> Iterator[tuple[Computed, _Holders]]:
    """Yield what is computed, each with the groups and lists that hold it."""
    for node in nodes:
        if isinstance(node, Computed):
            yield node, holders
        elif isinstance(node, Group | Rows):
            yield from _computed(node.children, (*holders, node))


def _turns(found: Sequence[tuple[Computed, _Holders]]) -> tuple[tuple[frozenset[int], ...], bool]:
    """Return what is worked out in which turn, and whether there is no such order for the last."""
    before = {id(node): _read_by(node.formula, found) for node, _ in found}
    turns: list[frozenset[int]] = []
    left = set(before)
    while left:
        ready = {one for one in left if before[one].isdisjoint(left)}
        circular = not ready
        ready = ready or left
        turns.append(frozenset(ready | {id(one) for node, holders in found if id(node) in ready for one in holders}))
        if circular:
            return tuple(turns), True
        left -= ready
    return tuple(turns), False


def _read_by(formula: FormExpression, found: Sequence[tuple[Computed, _Holders]]) -> set[int]:
    """Return what computed fields a formula may read: each that one part of a path names, and all in what a whole path names."""
    reads = formula.expression.reads
    paths = {*reads.paths, *reads.hidden, *((name,) for name in reads.uncertain)}
    parts, wholes = set(chain.from_iterable(paths)), {path[-1] for path in paths}
    around = not wholes.isdisjoint(_ALL_AROUND)
    return {
        id(node)
        for node, holders in found
        if around or node.key in parts or any(one.path in wholes for one in holders if one.path)
    }


_Name = tuple[str, ...]
_Placed = tuple[FormNode, _Name]
"""A node with the path of the object that it lies in."""


def find_hide_circle(nodes: tuple[FormNode, ...]) -> FormNode | None:
    """Return a node whose hide condition reads what is there or not by this very condition; None without one."""
    fields = dict(_fields(nodes, (), ()))
    hiding = {id(node): (node, path) for line in fields.values() for node, path in line if node.hide is not None}
    for start, at in hiding.values():
        reached, ahead = set[_Name](), _read_fields(start.hide, at, fields)
        while ahead:
            name = ahead.pop()
            *above, (field, _) = fields[name]
            if (
                isinstance(field, Input) and field.readonly is True
            ):  # what is stored of it decides, whether shown or not
                continue
            if field is start or any(node is start for node, _ in above):
                return start
            reached.add(name)
            for node, path in fields[name]:
                formula = node.formula if isinstance(node, Computed) else None
                ahead |= _read_fields(node.hide, path, fields) | _read_fields(formula, path, fields)
            ahead -= reached
    return None


def _fields(
    nodes: tuple[FormNode, ...], path: _Name, above: tuple[_Placed, ...]
) -> Iterator[tuple[_Name, tuple[_Placed, ...]]]:
    """Yield the path of each field, with the field and what holds it."""
    for node in nodes:
        line = (*above, (node, path))
        if isinstance(node, Group | Rows):
            yield from _fields(node.children, (*path, node.path) if node.path is not None else path, line)
        elif isinstance(node, Input | Computed):
            yield (*path, node.key), line


def _read_fields(formula: FormExpression | None, path: _Name, fields: Mapping[_Name, object]) -> set[_Name]:
    """Return the single fields that a formula in the object at ``path`` reads; a list that is read whole is left out."""
    found = set[_Name]()
    for read in formula.expression.paths if formula is not None else ():
        up = 0 if read[0] == "this" else 1 if read[0] == "parent" else None
        around = range(len(path), -1, -1) if up is None else [max(len(path) - up, 0)]
        names = [(*path[:depth], *(read if up is None else read[1:])) for depth in around]
        found |= {name for name in names if name in fields and not found.intersection(names)}
    return found


def _has_conditions(node: FormNode) -> bool:
    return node.hide is not None or (
        isinstance(node, Input) and (node.readonly is not False or node.disabled is not False)
    )
