"""Where the fields of a form stand, and which of them depend on others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby

from service.domain.forms import Form
from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Computed, FormNode, Input, Path, Shown
from service.domain.forms.readable import is_field_read
from service.domain.forms.state import children_of


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The dotted paths that the form's visible formulas read, and these cut off after each of their parts."""

    read: frozenset[tuple[str, ...]]
    beginnings: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, form: Form) -> Dependencies:
        """Collect them from a form, once."""
        return form.derived("dependencies", lambda: cls._collect_reads(form))

    @classmethod
    def _collect_reads(cls, form: Form) -> Dependencies:
        paths = (formula.expression.paths for node in _iterate_nodes(form.nodes) for formula in formulas_of(node))
        read = frozenset(path for paths in paths for path in paths)
        beginnings = frozenset(path[:length] for path in read for length in range(1, len(path) + 1))
        return cls(read, beginnings)

    def feeds(self, path: Path) -> bool:
        """Return whether something on the page changes with the field at ``path``."""
        names = tuple(part for part in path if isinstance(part, str))
        if len(names) < len(path):  # in a row
            return any(is_field_read(read, names, in_row=True) for read in self.read)
        return names in self.beginnings or any(names[:length] in self.read for length in range(1, len(names)))


def formulas_of(node: FormNode) -> Iterator[FormExpression]:
    """Yield the formulas that decide how a node looks."""
    candidates: list[object] = [node.hide]
    if isinstance(node, Computed):
        candidates.append(node.formula)
    elif isinstance(node, Input):
        candidates += [node.readonly, node.disabled, node.options]
    elif isinstance(node, Shown):
        candidates += chain.from_iterable(node.pieces.values())
    yield from (candidate for candidate in candidates if isinstance(candidate, FormExpression))


def is_dynamic(node: FormNode) -> bool:
    """Return whether a node has to be redrawn when values change."""
    return next(formulas_of(node), None) is not None


def _iterate_nodes(nodes: tuple[FormNode, ...]) -> Iterator[FormNode]:
    for node in nodes:
        yield node
        yield from _iterate_nodes(children_of(node))


FULL = 16


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A node among its neighbours: how many of sixteen columns it takes, and whether it is redrawn when values change."""

    node: FormNode
    span: int
    dynamic: bool


def placed_nodes(form: Form) -> Mapping[int, tuple[PlacedNode, ...]]:
    """Return, once for a form, the nodes that are shown, by the identity of the tuple of nodes that they stand in."""
    return form.derived("placed nodes", lambda: dict(_iterate_placed(form.nodes)))


def _iterate_placed(nodes: tuple[FormNode, ...]) -> Iterator[tuple[int, tuple[PlacedNode, ...]]]:
    visible_nodes = tuple(node for node in nodes if not node.unseen)
    shares = spans(visible_nodes)
    yield id(nodes), tuple(PlacedNode(node, shares[node.id], is_dynamic(node)) for node in visible_nodes)
    for node in nodes:
        inner = children_of(node)
        if inner:
            yield from _iterate_placed(inner)


def spans(nodes: tuple[FormNode, ...]) -> Mapping[str, int]:
    """Return for every node's id how many of sixteen columns it takes; nodes of one row share the line."""
    return dict(_iterate_shares(nodes))


def _iterate_shares(nodes: tuple[FormNode, ...]) -> Iterator[tuple[str, int]]:
    for row, members in groupby(nodes, key=lambda node: node.row):
        line = list(members)
        if row is None:
            yield from ((node.id, FULL) for node in line)
            continue
        fixed = sum(node.columns or 0 for node in line)
        open_ = [node for node in line if node.columns is None]
        share = max((FULL - fixed) // len(open_), 2) if open_ else 0
        last = line[-1]
        for node in line:
            columns = node.columns or share
            rest = FULL - fixed if node is last and not open_ and fixed < FULL else 0
            yield node.id, min(columns + rest, FULL)
