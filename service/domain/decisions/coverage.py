"""Overlap analysis: the classes of values a column's cells distinguish, and so which rows can match together.

The constants of a column cut its values into classes inside which no cell can tell values apart; one value of each
class stands for it. Cells that read variables, call functions or question parts of the input are left out of every
conclusion. Columns are taken to be independent of one another.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise

from service.domain.decisions.cells import Cell
from service.domain.decisions.columns import Table
from service.domain.feel import BUILTINS, UnaryTests, YearsMonths
from service.domain.feel.compiler import Compiler
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import (
    Between,
    Call,
    CompareNode,
    In,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Node,
    RangeLiteral,
    Test,
    Tests,
)
from service.domain.feel.reader import children, walk
from service.domain.feel.scope import Scope
from service.domain.feel.show import show
from service.domain.feel.values import Value

_MAX_CLASSES = 400
_ANYTHING = "任何情况 / anything"
_MAKERS = frozenset({"date", "time", "date and time", "duration"})
_TRANSPARENT = (Tests, Test, Literal, RangeLiteral, CompareNode, Logic, In, Between, ListLiteral)


class RowCoverage:
    """For every row and question (columns asking the same are one), the classes of values that satisfy it."""

    def __init__(self, table: Table) -> None:
        self._questions = list(dict.fromkeys(column.expression.text for column in table.inputs))
        self._labels = {column.expression.text: column.label for column in table.inputs}
        self._samples: dict[str, list[Value]] = {}
        self._masks: list[dict[str, int | None]] = [{} for _ in table.rules]
        for question in self._questions:
            self._study(table, question)

    def _study(self, table: Table, question: str) -> None:
        columns = [place for place, column in enumerate(table.inputs) if column.expression.text == question]
        allowed = [column.allowed for place, column in enumerate(table.inputs) if place in columns and column.allowed]
        cells = [rule.inputs[place] for rule in table.rules for place in columns if place < len(rule.inputs)]
        samples = _samples([cell.get().node for cell in [*cells, *allowed] if _is_constant(cell)])
        samples = [value for value in samples if all(cell.get().matches(value, {}) is True for cell in allowed)]
        self._samples[question] = samples
        for rule, masks in zip(table.rules, self._masks, strict=True):
            masks[question] = _mask([rule.inputs[place] for place in columns if place < len(rule.inputs)], samples)

    def is_impossible(self, row: int) -> bool:
        """Say whether nothing can satisfy the row."""
        return any(mask == 0 and self._samples[question] for question, mask in self._masks[row].items())

    def common_case(self, one: int, other: int) -> str | None:
        """Describe a case that satisfies both rows; None if none is certain."""
        parts = []
        for question in self._questions:
            first, second = self._masks[one][question], self._masks[other][question]
            if first is None or second is None or not first & second:
                return None
            value = self._samples[question][(first & second).bit_length() - 1]
            if first & second == self._everything(question):
                continue
            parts.append(f"{self._labels[question]} = {_quoted(value)}")
        return ", ".join(parts) or _ANYTHING

    def covers(self, one: int, other: int) -> bool:
        """Say whether row ``one`` certainly matches whenever ``other`` does."""
        for question in self._questions:
            first, second = self._masks[one][question], self._masks[other][question]
            if first is not None and first == self._everything(question):
                continue
            if first is None or second is None or second & ~first:
                return False
        return True

    def class_counts(self) -> tuple[int, ...]:
        """Return for each question how many classes of values its cells tell apart."""
        return tuple(len(self._samples[question]) for question in self._questions)

    def named_classes(self) -> list[list[int]]:
        """Return the places of the classes for each question, without null and without the texts that no cell names."""
        return [_named(self._samples[question]) for question in self._questions]

    def may_match(self, row: int, case: tuple[int, ...]) -> bool:
        """Say whether a row may match a case, given as the place of one class for each question; null matches by leave."""
        return all(
            (mask := self._masks[row][question]) is None or self._samples[question][place] is None or mask >> place & 1
            for question, place in zip(self._questions, case, strict=True)
        )

    def described(self, case: tuple[int, ...]) -> str:
        """Describe a case, given as for ``may_match``, by what its cells tell apart."""
        told = [
            (question, place)
            for question, place in zip(self._questions, case, strict=True)
            if len(self._samples[question]) > 1
        ]
        parts = [f"{self._labels[question]} = {_quoted(self._samples[question][place])}" for question, place in told]
        return ", ".join(parts) or _ANYTHING

    def _everything(self, question: str) -> int:
        return (1 << len(self._samples[question])) - 1


def _mask(cells: list[Cell[UnaryTests]], samples: list[Value]) -> int | None:
    """Return which samples satisfy all ``cells``, as bits; None if a cell is not made of constants."""
    if not all(_is_constant(cell) for cell in cells) or len(samples) > _MAX_CLASSES:
        return None
    mask = 0
    for place, value in enumerate(samples):
        if all(cell.get().matches(value, {}) is True for cell in cells):
            mask |= 1 << place
    return mask


def _is_constant(cell: Cell[UnaryTests]) -> bool:
    """Say whether a cell only compares the input as a whole with constants."""
    pending: list[Node] = [cell.get().node]
    while pending:
        node = pending.pop()
        if _is_made_of_text(node) or (isinstance(node, Name) and node.name == "?"):
            continue
        if not isinstance(node, _TRANSPARENT):
            return False
        pending.extend(children(node))
    return True


def _is_made_of_text(node: Node) -> bool:
    """Say whether this is ``date("2026-05-01")`` or the like."""
    return (
        isinstance(node, Call)
        and isinstance(node.function, Name)
        and node.function.name in _MAKERS
        and all(isinstance(argument, Literal) for argument in node.arguments)
    )


def _constant(node: Node) -> list[Value]:
    """Return the constant that ``node`` is, if it is one."""
    if isinstance(node, Literal):
        return [node.value]
    return [Compiler(BUILTINS).code(node)(Scope({}, None, Meter()))] if _is_made_of_text(node) else []


def _samples(nodes: list[Node]) -> list[Value]:
    """Return one value of every class that the constants in ``nodes`` make."""
    constants = [value for node in nodes for part in walk(node) for value in _constant(part)]
    found: list[Value] = [None]
    if constants and all(value is None for value in constants):
        found.append(_other_text([]))  # “null” and “not(null)” tell what is there from what is not
    for kind in dict.fromkeys(type(value) for value in constants if value is not None):
        same = {value for value in constants if type(value) is kind and value is not None}
        found.extend(_classes(kind, sorted(same)))  # type: ignore[type-var]  # all of one ordered kind
    return found


def _classes(kind: type, values: list[object]) -> list[Value]:
    if kind is bool:
        return [True, False]
    if kind is str:
        return [_other_text(values), *values]
    if kind is Decimal:
        return _numbers([value for value in values if isinstance(value, Decimal)])
    return _neighbours(kind, values)


def _named(samples: list[Value]) -> list[int]:
    """Return the places of ``samples`` that are there and named; of all, where no others are."""
    texts: list[object] = [value for value in samples if isinstance(value, str)]
    unnamed = (None, _other_text(texts[1:]))
    return [place for place, value in enumerate(samples) if value not in unnamed] or [*range(len(samples))]


def _other_text(values: list[object]) -> str:
    return "（其他）" if "（其他）" not in values else "（其他）" * 2


def _numbers(values: list[Decimal]) -> list[Value]:
    between = [(low + high) / 2 for low, high in pairwise(values)]
    return [values[0] - 1, values[-1] + 1, *between, *values]


def _neighbours(kind: type, values: list[object]) -> list[Value]:
    """Return dates, times or durations with what lies just before and after each."""
    found: dict[object, None] = {}
    for value in values:
        for direction in (-1, 1):
            try:
                found[_moved(kind, value, direction)] = None
            except OverflowError:
                continue
    return [*(value for value in found if value not in values), *values]


def _moved(kind: type, value: object, direction: int) -> object:
    if isinstance(value, YearsMonths):
        return YearsMonths(value.months + direction)
    if isinstance(value, time):
        return value
    assert isinstance(value, date | timedelta)
    return value + direction * timedelta(days=1) if kind is date else value + direction * timedelta(microseconds=1)


def _quoted(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else show(value, Meter())
