"""Where a form has to be looked at again for each set of values."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.forms.model import Computed, FormNode, Group, Input, Rows


@dataclass(frozen=True, slots=True)
class Lively:
    """The groups and lists of a form, by identity, in which something is computed, and in which something has conditions."""

    computed: frozenset[int]
    conditioned: frozenset[int]


def lively(nodes: tuple[FormNode, ...]) -> Lively:
    """Return where a form has to be looked at again for each set of values: most of it is only filled in."""
    computed: set[int] = set()
    conditioned: set[int] = set()
    for node in nodes:
        if isinstance(node, Group | Rows):
            inner, children = lively(node.children), node.children
            computed |= inner.computed
            conditioned |= inner.conditioned
            if inner.computed or any(isinstance(child, Computed) for child in children):
                computed.add(id(node))
            if inner.conditioned or any(map(_has_conditions, children)):
                conditioned.add(id(node))
    return Lively(frozenset(computed), frozenset(conditioned))


def _has_conditions(node: FormNode) -> bool:
    return node.hide is not None or (
        isinstance(node, Input) and (node.readonly is not False or node.disabled is not False)
    )
