"""Where a form has to be looked at again for each set of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def _has_conditions(node: FormNode) -> bool:
    return node.hide is not None or (
        isinstance(node, Input) and (node.readonly is not False or node.disabled is not False)
    )
