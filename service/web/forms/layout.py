"""Shares of a sixteen-column line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from service.domain.forms.model import FormNode

FULL = 16


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
