"""The state of a filled-in form: computed values, hidden and locked fields.

Conditions and computed fields depend on values, and values on conditions (what is hidden counts as null), so the state
is computed in rounds until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from service.domain.forms.expressions import FormExpression
from service.domain.forms.intake import Intake, Read
from service.domain.forms.model import (
    Address,
    Computed,
    FormNode,
    Group,
    Input,
    Path,
    Rows,
    Values,
    format_path_pattern,
)
from service.domain.text import Text

#: Conditions that depend on one another settle in a few rounds, or never.
MAX_ROUNDS = 10
#: So many times what is computed is looked at again: a chain of computed fields is shorter, a circle ends there.
_MOST_PASSES = 50

_NESTED = (Group, Rows)


@dataclass(slots=True)
class State:
    """What the rules of the form make of the values.

    ``values`` are FEEL values, every declared key is there; at the paths of ``unasked`` something was entered into a hidden
    or locked field, and is in none of them, at those of ``mistyped`` a text into a box or for a number. An address is the
    path of the object a node lies in, and the node's id.
    """

    today: date
    values: Values = field(default_factory=dict)
    hidden: set[Address] = field(default_factory=set)
    locked: set[Address] = field(default_factory=set)
    wrong: dict[Path, Text] = field(default_factory=dict)
    unknown: list[Path] = field(default_factory=list)
    unasked: list[Path] = field(default_factory=list)
    mistyped: dict[Path, Text] = field(default_factory=dict)
    external: Mapping[str, object] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    settled: bool = True

    def scope(self) -> Values:
        """Return what expressions at the top of the form can read."""
        return {**self.external, **self.values, "this": self.values}


def row_scope(outer: Mapping[str, object], parent: Values, row: Values, index: int) -> Values:
    """Return what expressions in a row can read: ``this`` row, its ``parent``, ``i`` from 1, and what is outside."""
    return {**outer, **row, "this": row, "parent": parent, "i": Decimal(index + 1)}


def compute_state(
    nodes: tuple[FormNode, ...],
    submission: Mapping[str, object],
    stored: Mapping[str, object],
    today: date,
    withheld: frozenset[str] = frozenset(),
) -> State:
    """Return the state of a form with ``submission`` entered over ``stored``.

    Computed fields are never read from the submission; locked (read-only, disabled, withheld) ones are read from
    ``stored``, which also serves expressions that use variables from outside the form.
    """
    state = State(today, external=stored, withheld=withheld)
    read: dict[tuple[Path, bool], Read] = {}
    for _ in range(MAX_ROUNDS):
        intake = Intake(state.hidden, state.locked, read)
        state.values = intake.take(nodes, submission, stored, (), hidden=False)
        state.wrong, state.unknown = intake.wrong, intake.unknown
        state.unasked, state.mistyped = intake.unasked, intake.mistyped
        for _ in range(_MOST_PASSES):
            if not _compute_object(state, nodes, state.values, state.scope(), (), False):
                break
        before, state.hidden, state.locked = (state.hidden, state.locked), set(), set()
        _evaluate_conditions(state, nodes, state.values, (), state.scope())
        if before == (state.hidden, state.locked):  # all that another round would start from
            return state
    state.settled = False
    return state


def _compute_object(
    state: State,
    nodes: tuple[FormNode, ...],
    values: Values,
    scope: Mapping[str, object],
    path: Path,
    hidden: bool,
) -> bool:
    """Compute what can be computed of an object; tell whether anything changed."""
    changed = False
    for node in nodes:
        gone = hidden or (path, node.id) in state.hidden
        if isinstance(node, Computed):
            value = None if gone else node.formula.value(scope, state.today)
            changed |= value != values[node.key]
            values[node.key] = value
        else:
            for inner, inner_scope, inner_path in inside(node, values, scope, path):
                changed |= _compute_object(state, children_of(node), inner, inner_scope, inner_path, gone)
    return changed


def _evaluate_conditions(
    state: State,
    nodes: tuple[FormNode, ...],
    values: Values,
    path: Path,
    scope: Mapping[str, object],
) -> None:
    """Note what is hidden and locked."""
    withheld = state.withheld
    for node in nodes:
        if node.hide is not None and node.hide.holds(scope, state.today):
            state.hidden.add((path, node.id))
        if isinstance(node, Input):
            away = bool(withheld) and format_path_pattern((*path, node.key)) in withheld
            if _is_locked(node, scope, state.today, away):
                state.locked.add((path, node.id))
        elif isinstance(node, _NESTED):
            for inner, inner_scope, inner_path in inside(node, values, scope, path):
                _evaluate_conditions(state, children_of(node), inner, inner_path, inner_scope)


def _is_locked(node: Input, scope: Mapping[str, object], today: date, withheld: bool) -> bool:
    if node.readonly is False and node.disabled is False:
        return withheld
    return withheld or any(
        condition.holds(scope, today) if isinstance(condition, FormExpression) else condition
        for condition in (node.readonly, node.disabled)
    )


def children_of(node: FormNode) -> tuple[FormNode, ...]:
    """Return the nodes inside a group or a list of rows."""
    return node.children if isinstance(node, _NESTED) else ()


def inside(
    node: FormNode, values: Values, scope: Mapping[str, object], path: Path
) -> Iterator[tuple[Values, Mapping[str, object], Path]]:
    """Yield the objects a node's children work on: (values, scope, path), none for a field, one per row for a list."""
    if isinstance(node, Group):
        inner = values if node.path is None else _to_object(values.get(node.path))
        yield inner, scope, path if node.path is None else (*path, node.path)
    elif isinstance(node, Rows):
        rows = values.get(node.path)
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            yield row, row_scope(scope, values, row, index), (*path, node.path, index)


def _to_object(value: object) -> Values:
    return value if isinstance(value, dict) else {}
