"""Where the nodes of a form stand with their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.domain.forms import State
from service.domain.forms.model import FormNode, Group, Path, Shown, Values, key_of
from service.domain.forms.state import inside
from service.web.forms.shown import NodePlace


def places(nodes: tuple[FormNode, ...], state: State, typed: Mapping[str, object]) -> Iterator[tuple[Path, NodePlace]]:
    """Yield the fields, groups and lists that are shown, each with its path.

    A group without a path has its id in the place of one. What stands in the rows of a list has no place of its own.
    """
    return _within(nodes, state, state.values, typed, state.scope(), ())


def _within(
    nodes: tuple[FormNode, ...],
    state: State,
    values: Values,
    typed: Mapping[str, object],
    scope: Mapping[str, object],
    path: Path,
) -> Iterator[tuple[Path, NodePlace]]:
    for node in nodes:
        if node.unseen or (path, node.id) in state.hidden or isinstance(node, Shown):
            continue
        yield (*path, key_of(node) or node.id), NodePlace(node, values, typed, scope, path)  # type: ignore[arg-type]
        if isinstance(node, Group):
            inner, around, here = next(inside(node, values, scope, path))
            raw = typed if node.path is None else typed.get(node.path)
            yield from _within(node.children, state, inner, raw if isinstance(raw, Mapping) else {}, around, here)
