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
from service.domain.forms.lively import Lively
from service.domain.forms.model import (
    ROW_CAP,
    Computed,
    FormNode,
    Group,
    Input,
    Path,
    Rows,
    key_of,
    pattern,
)
from service.domain.forms.values import BadValue, from_json
from service.domain.text import Text

Values = dict[str, object]
Address = tuple[Path, str]

#: Conditions that depend on one another settle in a few rounds, or never.
MAX_ROUNDS = 10

#: Lists inside lists must not multiply without end.
MAX_ROWS_IN_ALL = 2000

_NOTHING: Mapping[str, object] = {}
_NESTED = (Group, Rows)


@dataclass(slots=True)
class State:
    """What the rules of the form make of the values.

    ``values`` are FEEL values, every declared key is there. An address is the path of the object a node lies in, and
    the node's id.
    """

    today: date
    values: Values = field(default_factory=dict)
    hidden: set[Address] = field(default_factory=set)
    locked: set[Address] = field(default_factory=set)
    wrong: dict[Path, Text] = field(default_factory=dict)
    unknown: list[Path] = field(default_factory=list)
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
    alive: Lively,
    submission: Mapping[str, object],
    stored: Mapping[str, object],
    today: date,
    withheld: frozenset[str] = frozenset(),
) -> State:
    """Return the state of a form, ``alive`` where it says, with ``submission`` entered over ``stored``.

    Computed fields are never read from the submission; locked (read-only, disabled, withheld) ones are read from
    ``stored``, which also serves expressions that use variables from outside the form.
    """
    state = State(today, external=stored, withheld=withheld)
    read: dict[tuple[Path, bool], _Read] = {}
    former: Values | None = None
    entered: list[object] | None = None
    for _ in range(MAX_ROUNDS):
        intake = _Intake(state, read)
        values = intake.take(nodes, submission, stored, (), hidden=False)
        state.wrong, state.unknown = intake.wrong, intake.unknown
        if alive.computed_shows and intake.taken == entered:  # then all that is computed of it is as before, too
            return state
        state.values, entered = values, intake.taken
        _compute(state, nodes, alive)
        if state.values == former:  # then the conditions are those of the round before
            return state
        former = state.values
        before, state.hidden, state.locked = (state.hidden, state.locked), set(), set()
        _conditions(state, nodes, state.values, (), state.scope(), None if withheld else alive.conditioned)
        if before == (state.hidden, state.locked):  # all that another round would start from
            return state
    state.settled = False
    return state


_Read = tuple[object, Text | None]
"""The value of a field, or why what was entered is none."""


@dataclass(slots=True)
class _Intake:
    """One reading of the submission, with what the last round found hidden or locked.

    ``read`` is what any round read of the fields, by path and whether it was locked: their text is the same in all.
    ``taken`` are the values of the fields and the lengths of the lists, in their order.
    """

    last: State
    read: dict[tuple[Path, bool], _Read]
    wrong: dict[Path, Text] = field(default_factory=dict)
    unknown: list[Path] = field(default_factory=list)
    taken: list[object] = field(default_factory=list)
    rows_left: int = MAX_ROWS_IN_ALL

    def take(self, nodes: tuple[FormNode, ...], raw: object, stored: object, path: Path, *, hidden: bool) -> Values:
        entered = raw if isinstance(raw, Mapping) else _NOTHING
        kept = stored if isinstance(stored, Mapping) else _NOTHING
        if raw is not None and not isinstance(raw, Mapping):
            self.wrong[path] = Text("数据格式不对，请重新填写。", "The data have the wrong shape; fill this in again.")
        values: Values = {}
        self._take_each(nodes, values, entered, kept, path, hidden)
        self.unknown += [(*path, str(key)) for key in entered if key not in values]
        return values

    def _take_each(
        self,
        nodes: tuple[FormNode, ...],
        values: Values,
        entered: Mapping[str, object],
        kept: Mapping[str, object],
        path: Path,
        hidden: bool,
    ) -> None:
        last = self.last
        for node in nodes:
            gone = hidden or (path, node.id) in last.hidden
            if isinstance(node, Input):
                locked = (path, node.id) in last.locked
                source = kept if locked else entered
                value = None if gone else self._input(node, source.get(node.key), (*path, node.key), locked)
                values[node.key] = value
                self.taken.append(value)
            elif isinstance(node, Group) and node.path is None:
                self._take_each(node.children, values, entered, kept, path, gone)
            elif isinstance(node, Group):
                key = key_of(node)
                values[key] = self.take(node.children, entered.get(key), kept.get(key), (*path, key), hidden=gone)
            elif isinstance(node, Rows):
                rows = [] if gone else self._rows(node, entered.get(node.path), kept.get(node.path), path)
                values[node.path] = rows
                self.taken.append(len(rows))
            elif isinstance(node, Computed):
                values[node.key] = None

    def _rows(self, node: Rows, raw: object, stored: object, path: Path) -> list[Values]:
        here = (*path, node.path)
        if raw is not None and not isinstance(raw, list):
            self.wrong[here] = Text("数据格式不对，请重新填写。", "The data have the wrong shape; fill this in again.")
        entered = raw if isinstance(raw, list) else []
        if len(entered) > node.max_rows:
            self.wrong[here] = Text(f"最多 {node.max_rows} 行。", f"At most {node.max_rows} rows.")
        taken = entered[: min(ROW_CAP, self.rows_left)]
        self.rows_left -= len(taken)
        if len(taken) < min(len(entered), ROW_CAP):
            self.wrong[here] = Text(
                f"全表最多 {MAX_ROWS_IN_ALL} 行。", f"At most {MAX_ROWS_IN_ALL} rows in the whole form."
            )
        kept = stored if isinstance(stored, list) else []
        return [
            self.take(node.children, row, kept[index] if index < len(kept) else None, (*here, index), hidden=False)
            for index, row in enumerate(taken)
        ]

    def _input(self, node: Input, raw: object, path: Path, locked: bool) -> object:
        found = self.read.get((path, locked))
        if found is None:
            found = self.read[path, locked] = _read(node, raw)
        value, bad = found
        if bad is not None:
            if not locked:
                self.wrong[path] = bad
            return None
        return False if value is None and node.unticked_is_false and not locked else value


def _read(node: Input, raw: object) -> _Read:
    try:
        return from_json(node, raw), None
    except BadValue as bad:
        return None, bad.text


def _compute(state: State, nodes: tuple[FormNode, ...], alive: Lively) -> None:
    """Compute each after what it uses; what uses one another until nothing changes."""
    for turn in alive.turns:
        _compute_object(state, nodes, state.values, state.scope(), (), False, turn)
    for _ in range(MAX_ROUNDS if alive.circular else 0):
        if not _compute_object(state, nodes, state.values, state.scope(), (), False, alive.turns[-1]):
            return


def _compute_object(
    state: State,
    nodes: tuple[FormNode, ...],
    values: Values,
    scope: Mapping[str, object],
    path: Path,
    hidden: bool,
    among: frozenset[int],
) -> bool:
    changed = False
    for node in nodes:
        if id(node) not in among:
            continue
        gone = hidden or (path, node.id) in state.hidden
        if isinstance(node, Computed):
            value = None if gone else node.formula.value(scope, state.today)
            changed |= value != values[node.key]
            values[node.key] = value
        else:
            for inner, inner_scope, inner_path in inside(node, values, scope, path):
                changed |= _compute_object(state, children_of(node), inner, inner_scope, inner_path, gone, among)
    return changed


def _conditions(
    state: State,
    nodes: tuple[FormNode, ...],
    values: Values,
    path: Path,
    scope: Mapping[str, object],
    among: frozenset[int] | None,
) -> None:
    """Note what is hidden and locked; ``among``: in which groups and lists, where not in all."""
    withheld = state.withheld
    for node in nodes:
        if node.hide is not None and node.hide.holds(scope, state.today):
            state.hidden.add((path, node.id))
        if isinstance(node, Input):
            away = bool(withheld) and pattern((*path, node.key)) in withheld
            if _locked(node, scope, state.today, away):
                state.locked.add((path, node.id))
        elif isinstance(node, _NESTED) and (among is None or id(node) in among):
            for inner, inner_scope, inner_path in inside(node, values, scope, path):
                _conditions(state, children_of(node), inner, inner_path, inner_scope, among)


def _locked(node: Input, scope: Mapping[str, object], today: date, withheld: bool) -> bool:
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
        inner = values if node.path is None else _object(values.get(node.path))
        yield inner, scope, path if node.path is None else (*path, node.path)
    elif isinstance(node, Rows):
        rows = values.get(node.path)
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            yield row, row_scope(scope, values, row, index), (*path, node.path, index)


def _object(value: object) -> Values:
    return value if isinstance(value, dict) else {}
