"""Shares of a sixteen-column line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from service.domain.forms import Form
from service.domain.forms.model import FormNode
from service.domain.forms.state import children_of
from service.web.forms.dynamic import is_dynamic

FULL = 16


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A node among its neighbours: how many of sixteen columns it takes, and whether it is redrawn when values change."""

    node: FormNode
    span: int
    dynamic: bool


def placed_nodes(form: Form) -> Mapping[int, tuple[PlacedNode, ...]]:
    """Return, once for a form, the nodes that are shown, by the identity of the tuple of nodes that they stand in."""
    return form.derived("placed nodes", lambda: dict(_placed(form.nodes)))


def _placed(nodes: tuple[FormNode, ...]) -> Iterator[tuple[int, tuple[PlacedNode, ...]]]:
    shown = tuple(node for node in nodes if not node.unseen)
    shares = spans(shown)
    yield id(nodes), tuple(PlacedNode(node, shares[node.id], is_dynamic(node)) for node in shown)
    for node in nodes:
        inner = children_of(node)
        if inner:
            yield from _placed(inner)


def spans(nodes: tuple[FormNode, ...]) -> Mapping[str, int]:
    """Return for every node's id how many of sixteen columns it takes; nodes of one row share the line."""
    return dict(_shares(nodes))


def _shares(nodes: tuple[FormNode, ...]) -> Iterator[tuple[str, int]]:
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
