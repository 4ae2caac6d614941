"""Words of what was chosen among options that a formula gave, and a form that reads by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from service.domain.forms.expressions import FormExpression
from service.domain.forms.limits import options_of, to_option
from service.domain.forms.model import FormNode, Group, Input, InputType, Path, Rows, Values, format_path_pattern
from service.domain.forms.state import State, children_of, inside

ChosenWords = Mapping[str, Sequence[Mapping[str, str]]]
"""Field path → what was chosen there: ``value``, ``label`` and ``label_en``."""


def has_computed_options(nodes: tuple[FormNode, ...]) -> bool:
    """Whether a formula gives the options of a field."""
    return any(
        isinstance(node.options, FormExpression) if isinstance(node, Input) else has_computed_options(children_of(node))
        for node in nodes
    )


def list_chosen_words(nodes: tuple[FormNode, ...], state: State) -> dict[str, list[dict[str, str]]]:
    """Return the words of what was chosen among options that a formula gave, by field path."""
    words: dict[str, dict[str, dict[str, str]]] = {}
    _collect(nodes, state.values, state.scope(), (), state.today, words)
    return {path: list(options.values()) for path, options in words.items()}


def _collect(
    nodes: tuple[FormNode, ...],
    values: Values,
    scope: Mapping[str, object],
    path: Path,
    today: date,
    words: dict[str, dict[str, dict[str, str]]],
) -> None:
    for node in nodes:
        for inner, inner_scope, inner_path in inside(node, values, scope, path):
            _collect(children_of(node), inner, inner_scope, inner_path, today, words)
        if isinstance(node, Input) and isinstance(node.options, FormExpression) and values[node.key] is not None:
            value = values[node.key]
            chosen = value if isinstance(value, list) else [value]
            for option in options_of(node, scope, today):
                if option.value in chosen:
                    word = {"value": option.value, "label": option.label.zh, "label_en": option.label.en}
                    words.setdefault(format_path_pattern((*path, node.key)), {})[option.value] = word


def fill_alike(nodes: tuple[FormNode, ...], state: State, values: Mapping[str, object]) -> dict[str, object]:
    """Return ``values`` with what another field chose in each choice that offers just that by a formula, and not what it held."""
    scope, inputs, filled = state.scope(), [node for node in nodes if isinstance(node, Input)], dict(values)
    chosen = {values[node.key] for node in inputs if node.options and isinstance(values.get(node.key), str)}
    for node in inputs:
        if node.type is InputType.SELECT and isinstance(node.options, FormExpression):
            offered = {option.value for option in options_of(node, scope, state.today)}
            alike = offered & (chosen - {values.get(node.key)})
            if values.get(node.key) not in offered and len(alike) == 1:
                filled[node.key] = alike.pop()
    return filled


def fix_options(nodes: tuple[FormNode, ...], words: ChosenWords, path: Path = ()) -> tuple[FormNode, ...]:
    """Return ``nodes`` with what was chosen as their options, where a formula gave them and words were kept."""
    return tuple(_fix_options(node, words, path) for node in nodes)


def _fix_options(node: FormNode, words: ChosenWords, path: Path) -> FormNode:
    if isinstance(node, Group):
        return replace(node, children=fix_options(node.children, words, (*path, node.path) if node.path else path))
    if isinstance(node, Rows):
        return replace(node, children=fix_options(node.children, words, (*path, node.path, 0)))
    if isinstance(node, Input) and isinstance(node.options, FormExpression):
        chosen = words.get(format_path_pattern((*path, node.key)))
        if chosen:
            return replace(node, options=tuple(option for word in chosen if (option := to_option(word))))
    return node
