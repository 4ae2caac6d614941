"""The field to which somebody is led whose entries break a rule that belongs to no single field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.domain.feel import Expression
from service.domain.feel.expression import expression_of
from service.domain.feel.nodes import Name, Node, Quantified
from service.domain.feel.reader import walk
from service.domain.forms.expressions import FUNCTIONS, FormExpression
from service.domain.forms.model import FormNode, FormRule, Group, Input, InputType, Path, Rows, Values
from service.domain.forms.state import State, inside

Found = tuple[Input | Rows, Path, object]
"""A field or a list that a rule reads and somebody can change, its path, and its value."""

Reads = frozenset[tuple[str, ...]]
"""The dotted paths that a rule reads."""


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where a rule stands: the fields of its form or group, their values, their path, and what the rule can read."""

    nodes: tuple[FormNode, ...]
    values: Values
    path: Path
    scope: Mapping[str, object]


def field_of(rule: FormRule, place: RulePlace, state: State) -> Path:
    """Return the path of the field that a broken ``rule`` is about, that of its place where it reads none that is open.

    That is the first field it reads that is still blank, otherwise the last on the page: what was chosen last is what
    people change first. Of a list it is the field of the first row that breaks the rule.
    """
    expression = rule.condition.expression
    found = _chosen(_open(place.nodes, place.values, place.path, expression.paths, state))
    if found is None:
        return place.path
    node, path, rows = found
    return path if isinstance(node, Input) else _in_row(expression, node, path, rows, place.scope, state) or path


def _open(nodes: tuple[FormNode, ...], values: Values, path: Path, reads: Reads, state: State) -> Iterator[Found]:
    """Yield what is read of one object and can be changed, in the order of the page."""
    names = {read[0] for read in reads}
    for node in nodes:
        if node.unseen or (path, node.id) in state.hidden:
            continue
        if isinstance(node, Group):
            within = (
                reads if node.path is None else frozenset(one[1:] for one in reads if one[0] == node.path and one[1:])
            )
            for inner, _, inner_path in inside(node, values, {}, path):
                yield from _open(node.children, inner, inner_path, within, state)
        elif isinstance(node, Rows) and node.path in names:
            yield node, (*path, node.path), values.get(node.path)
        elif isinstance(node, Input) and node.key in names and (path, node.id) not in state.locked:
            yield node, (*path, node.key), values.get(node.key)


def _chosen(found: Iterable[Found]) -> Found | None:
    every = list(found)
    blank = (one for one in every if _is_blank(one))
    return next(blank, every[-1] if every else None)


def _is_blank(found: Found) -> bool:
    node, _, value = found
    return value is None and isinstance(node, Input) and node.type is not InputType.CHECKBOX


def _in_row(
    expression: Expression, node: Rows, path: Path, rows: object, scope: Mapping[str, object], state: State
) -> Path:
    """Return the field of the first row for which an “every … in list satisfies …” of the rule fails, or ()."""
    for name, condition in _demands(expression.node, node.path):
        said = FormExpression(expression_of(expression.text, condition, FUNCTIONS))
        read = frozenset(one[1:] for one in said.expression.paths if one[0] == name and one[1:])
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if said.value({**scope, name: row}, state.today) is False:
                led = _chosen(_open(node.children, row, (*path, index), read, state))
                return led[1] if led else ()
    return ()


def _demands(expression: Node, name: str) -> Iterator[tuple[str, Node]]:
    """Yield (variable, condition) of each demand that is made on every row of the list called ``name``."""
    for part in walk(expression):
        if isinstance(part, Quantified) and not part.settles and len(part.iterators) == 1:
            (iterator,) = part.iterators
            if isinstance(iterator.source, Name) and iterator.source.name == name:
                yield iterator.name, part.condition
