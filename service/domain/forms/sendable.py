"""Values of a form for programs: what they send, and what they only reckon conditions with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Computed, FormNode, Group, Input, Path, Rows, Values
from service.domain.forms.state import State, children_of, inside
from service.domain.forms.values import is_empty, to_json
from service.domain.values.value_at import value_at


def select_values(
    nodes: tuple[FormNode, ...], state: State, raw: object, values: Values, path: Path = (), *, asked: bool
) -> Values:
    """Return those of the ``values`` of an object that are ``asked``, or else those that the program fills in.

    ``raw`` is what they were read from: what cannot be read is asked as it was typed.
    """
    entered = raw if isinstance(raw, Mapping) else {}
    selected: Values = {}
    for node in nodes:
        if (path, node.id) in state.hidden:
            continue
        if isinstance(node, Group) and node.path is None:
            selected |= select_values(node.children, state, entered, values, path, asked=asked)
        elif isinstance(node, Group | Rows):
            typed = entered.get(str(node.path))
            raws = typed if isinstance(typed, list) else [typed]
            parts = [
                select_values(node.children, state, raws[min(number, len(raws) - 1)], inner, inner_path, asked=asked)
                for number, (inner, _, inner_path) in enumerate(inside(node, values, {}, path))
            ]
            if any(parts) or (parts and asked and isinstance(node, Rows)):
                selected[str(node.path)] = parts if isinstance(node, Rows) else parts[0]
        elif isinstance(node, Input | Computed):
            is_asked = isinstance(node, Input) and (path, node.id) not in state.locked
            value = to_json(values[node.key], node if isinstance(node, Input) else None)
            if asked and value in (None, False):
                value = entered.get(node.key)
            if is_asked == asked and not is_empty(value):
                selected[node.key] = value
    return selected


def list_outside_values(nodes: tuple[FormNode, ...], external: Mapping[str, object]) -> Values:
    """Return what conditions of the fields read from outside the form, by its names: settings, what was recorded before."""
    outside: Values = {}
    for path in sorted({read for condition in _iterate_conditions(nodes) for read in condition.expression.paths}):
        value = value_at(external, path)
        if value is None:
            continue
        place: dict[str, Any] = outside
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = to_json(value)
    return outside


def _iterate_conditions(nodes: tuple[FormNode, ...]) -> Iterator[FormExpression]:
    for node in nodes:
        conditions = (getattr(node, name, None) for name in ("hide", "required_if", "readonly", "disabled"))
        yield from (each for each in conditions if isinstance(each, FormExpression))
        yield from _iterate_conditions(children_of(node))
