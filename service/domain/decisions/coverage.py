"""Overlap analysis: the classes of values a column's cells distinguish, and so which rows can match together.

The constants of a column cut its values into classes inside which no cell can tell values apart; one value of each
class stands for it. Cells that read variables, call functions or question parts of the input are left out of every
conclusion. Columns are taken to be independent of one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import chain, islice, pairwise, product
from typing import Any

from service.domain.decisions.columns import Cell, InputColumn, Table
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
    Path,
    RangeLiteral,
    Test,
    Tests,
)
from service.domain.feel.reader import iterate_child_nodes, walk_nodes
from service.domain.feel.scope import Scope
from service.domain.feel.show import show
from service.domain.feel.values import Value

_MAX_CLASSES = 400
_OTHER = "（其他）\u2060"
"""A text that no cell names: it ends with an invisible sign."""
_ANYTHING = "任何情况 / anything"
_MAKERS = frozenset({"date", "time", "date and time", "duration"})
_TRANSPARENT = (Tests, Test, Literal, RangeLiteral, CompareNode, Logic, In, Between, ListLiteral)


class RowCoverage:
    """For every row and question, the classes of values that satisfy it.

    Columns asking the same are one question, and so are those of which one's cells compare with what the other asks.
    """

    def __init__(self, table: Table) -> None:
        self._questions = [_Question(table, columns) for columns in _joined_columns(table)]

    def is_impossible(self, row: int) -> bool:
        """Say whether nothing can satisfy the row."""
        return any(question.masks[row] == 0 and question.samples for question in self._questions)

    def common_case(self, row: int, other: int) -> str | None:
        """Describe a case that satisfies both rows; None if none is certain."""
        parts = []
        for question in self._questions:
            first, second = question.masks[row], question.masks[other]
            if first is None or second is None or not first & second:
                return None
            if first & second != question.everything:
                parts.append(question.described((first & second).bit_length() - 1))
        return ", ".join(parts) or _ANYTHING

    def covers(self, row: int, other: int) -> bool:
        """Say whether row ``row`` certainly matches whenever ``other`` does."""
        for question in self._questions:
            first, second = question.masks[row], question.masks[other]
            if first is not None and first == question.everything:
                continue
            if first is None or second is None or second & ~first:
                return False
        return True

    def class_counts(self) -> tuple[int, ...]:
        """Return for each question how many classes of values its cells tell apart."""
        return tuple(len(question.samples) for question in self._questions)

    def named_classes(self) -> list[list[int]]:
        """Return the places of the classes for each question, without null and without the texts that no cell names."""
        return [question.named() for question in self._questions]

    def may_match(self, row: int, case: tuple[int, ...]) -> bool:
        """Say whether a row may match a case, given as the place of one class for each question; null matches by leave."""
        return all(
            (mask := question.masks[row]) is None or None in question.samples[place] or mask >> place & 1
            for question, place in zip(self._questions, case, strict=True)
        )

    def described(self, case: tuple[int, ...]) -> str:
        """Describe a case, given as for ``may_match``, by what its cells tell apart."""
        placed = [
            (question, place)
            for question, place in zip(self._questions, case, strict=True)
            if len(question.samples) > 1
        ]
        return ", ".join(question.described(place) for question, place in placed) or _ANYTHING


class _Question:
    """Columns whose cells together tell values apart.

    ``samples`` are values of the ``terms``: of what its columns ask, and of one other thing that their cells compare with.
    """

    def __init__(self, table: Table, columns: list[int]) -> None:
        self._labels = {_term_of(table.inputs[place]): table.inputs[place].label for place in columns}
        rows = [[(place, rule.inputs[place]) for place in columns if place < len(rule.inputs)] for rule in table.rules]
        read = dict.fromkeys(term for row in rows for _, cell in row for term in _terms_in(cell) or ())
        self._terms = list(dict.fromkeys((*self._labels, *read)))
        cells = [cell for row in rows for _, cell in row if _terms_in(cell) is not None]
        allowed = {place: cell for place in columns if (cell := table.inputs[place].allowed) and _terms_in(cell) == ()}
        pool = _sample_values([cell.get().node for cell in (*cells, *allowed.values())], len(self._terms))
        has_constants = self._is_related and any(value is not None for value in _constants_in(cells))
        # What is not asked, a setting say, lies at one place among constants or other things: nobody knows at which.
        self._is_certain = len(read.keys() - self._labels.keys()) <= (0 if has_constants else 1)
        self._is_ordered = not has_constants
        cases = product(pool, repeat=len(self._terms)) if len(pool) ** len(self._terms) <= _MAX_CLASSES else ()
        self.samples = [case for case in cases if self._is_satisfied(table, allowed.items(), case)]
        self.masks = [self._compute_mask(table, row) for row in rows]

    @property
    def everything(self) -> int:
        """All classes of values, as bits."""
        return (1 << len(self.samples)) - 1

    @property
    def _is_related(self) -> bool:
        return len(self._terms) > 1

    def _is_satisfied(
        self, table: Table, cells: Iterable[tuple[int, Cell[UnaryTests]]], case: tuple[Value, ...]
    ) -> bool:
        values = dict(zip(self._terms, case, strict=True))
        scope = _build_scope(values) if self._is_related else {}
        return all(cell.get().matches(values[_term_of(table.inputs[place])], scope) is True for place, cell in cells)

    def _compute_mask(self, table: Table, cells: list[tuple[int, Cell[UnaryTests]]]) -> int | None:
        """Return which samples satisfy all ``cells``, as bits; None where that is not certain."""
        read = [_terms_in(cell) for _, cell in cells]
        if None in read or not self.samples or not (self._is_certain or not any(read)):
            return None
        return sum(1 << place for place, case in enumerate(self.samples) if self._is_satisfied(table, cells, case))

    def named(self) -> list[int]:
        """Return the places of the samples that are there and named; of all, where no others are."""
        places = [
            place
            for place, case in enumerate(self.samples)
            if not any(value is None or (isinstance(value, str) and value.startswith(_OTHER)) for value in case)
        ]
        return places or [*range(len(self.samples))]

    def described(self, place: int) -> str:
        """Describe a sample; things that are compared with one another alone, by their order."""
        case = [
            (self._labels.get(term, term), value) for term, value in zip(self._terms, self.samples[place], strict=True)
        ]
        if not self._is_related or not self._is_ordered or any(value is None for _, value in case):
            return ", ".join(f"{label} = {_format_value(value)}" for label, value in case)
        case.sort(key=lambda part: part[1])  # type: ignore[arg-type,return-value]  # all of one ordered kind
        signs = ("=" if current[1] == other[1] else "<" for current, other in pairwise(case))
        return " ".join(
            chain((case[0][0],), chain.from_iterable(zip(signs, (label for label, _ in case[1:]), strict=True)))
        )


def _joined_columns(table: Table) -> list[list[int]]:
    """Return the places of the columns by question."""
    groups: list[tuple[set[str], list[int]]] = []
    for place, column in enumerate(table.inputs):
        cells = (rule.inputs[place] for rule in table.rules if place < len(rule.inputs))
        terms, columns = {_term_of(column), *(term for cell in cells for term in _terms_in(cell) or ())}, [place]
        for other in [other for other in groups if not terms.isdisjoint(other[0])]:
            groups.remove(other)
            terms, columns = terms | other[0], other[1] + columns
        groups.append((terms, columns))
    return sorted(sorted(columns) for _, columns in groups)


def _term_of(column: InputColumn) -> str:
    """Return what a column asks: a path, that of ``date(path)`` too, or an expression as it is written."""
    cell = column.expression
    path = _path_in(cell.compiled.node) if cell.compiled is not None else None
    return cell.text if path is None else path


def _path_in(node: Node) -> str | None:
    """Return the path that a part reads, as it is or as a day."""
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "date":
        return _path_in(node.arguments[0]) if len(node.arguments) == 1 else None
    if isinstance(node, Path):
        return ".".join((node.base.name, *node.names)) if isinstance(node.base, Name) else None
    return node.name if isinstance(node, Name) else None


def _terms_in(cell: Cell[UnaryTests]) -> tuple[str, ...] | None:
    """Return the paths with which a cell compares its input as a whole, beside constants; None where it does anything else."""
    terms: list[str] = []
    pending: list[Node] = [cell.get().node]
    while pending:
        node = pending.pop()
        path = _path_in(node)
        if path is not None and path != "?":
            terms.append(path)
        elif path is None and not _is_made_of_text(node):
            if not isinstance(node, _TRANSPARENT):
                return None
            pending.extend(iterate_child_nodes(node))
    return tuple(terms)


def _build_scope(values: Mapping[str, Value]) -> Mapping[str, object]:
    """Return values by path as nested contexts."""
    scope: dict[str, Any] = {}
    for path, value in values.items():
        *before, last = path.split(".")
        inner = scope
        for name in before:
            inner = inner.setdefault(name, {})
        inner[last] = value
    return scope


def _is_made_of_text(node: Node) -> bool:
    """Say whether this is ``date("2026-05-01")`` or the like."""
    return (
        isinstance(node, Call)
        and isinstance(node.function, Name)
        and node.function.name in _MAKERS
        and all(isinstance(argument, Literal) for argument in node.arguments)
    )


def _list_constants(node: Node) -> list[Value]:
    """Return the constant that ``node`` is, if it is one."""
    if isinstance(node, Literal):
        return [node.value]
    return [Compiler(BUILTINS).code(node)(Scope({}, None, Meter()))] if _is_made_of_text(node) else []


def _constants_in(cells: Iterable[Cell[UnaryTests]]) -> list[Value]:
    return [value for cell in cells for part in walk_nodes(cell.get().node) for value in _list_constants(part)]


def _sample_values(nodes: list[Node], things: int) -> list[Value]:
    """Return one value of every class that the constants in ``nodes`` make, as many as ``things`` where they lie together."""
    parts = [part for node in nodes for part in walk_nodes(node)]
    constants = [value for part in parts for value in _list_constants(part)]
    samples: list[Value] = [None]
    if constants and all(value is None for value in constants) and things == 1:
        samples.append(_OTHER)  # “null” and “not(null)” tell what is there from what is not
    kinds = list(dict.fromkeys(type(value) for value in constants if value is not None))
    if things > 1 and not kinds:
        is_day = any(isinstance(part, Call) for part in parts)
        first = date(2026, 1, 1)
        samples += [first + timedelta(days=n) if is_day else Decimal(n) for n in range(things)]
    for kind in kinds:
        same = {value for value in constants if type(value) is kind and value is not None}
        samples.extend(_list_class_samples(kind, sorted(same), things))  # type: ignore[type-var]  # all of one ordered kind
    return samples


def _list_class_samples(kind: type, values: list[object], things: int) -> list[Value]:
    if kind is bool:
        return [True, False]
    if kind is str:
        return [*(_OTHER * n for n in range(1, things + 1)), *values]
    if kind is Decimal:
        return _sample_numbers([value for value in values if isinstance(value, Decimal)], things)
    return _sample_neighbours(kind, values, things)


def _sample_numbers(values: list[Decimal], things: int) -> list[Value]:
    steps = range(1, things + 1)
    between = [low + (high - low) * n / (things + 1) for low, high in pairwise(values) for n in steps]
    return [*(values[0] - n for n in steps), *(values[-1] + n for n in steps), *between, *values]


def _sample_neighbours(kind: type, values: list[object], things: int) -> list[Value]:
    """Return dates, times or durations with what lies just before and after each."""
    neighbours: dict[object, None] = {}
    for value in values:
        for steps in (step for n in range(1, things + 1) for step in (-n, n)):
            try:
                neighbours[_shift_value(kind, value, steps)] = None
            except OverflowError:
                continue
    return [*(value for value in neighbours if value not in values), *values]


def _shift_value(kind: type, value: object, direction: int) -> object:
    if isinstance(value, YearsMonths):
        return YearsMonths(value.months + direction)
    if isinstance(value, time):
        return value
    assert isinstance(value, date | timedelta)
    return value + direction * timedelta(days=1) if kind is date else value + direction * timedelta(microseconds=1)


def _format_value(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else show(value, Meter())


_MOST_LOOKS = 400_000
"""Cells looked at before no gap is found for certain."""


def gap_of(table: Table, *, named: bool = False) -> str | None:
    """Describe a case that no rule decides; None where there is none for certain, or where the table says what holds.

    With ``named`` only among the texts that the table names and values that are there.
    """
    if table.may_match_nothing or not table.rules:
        return None
    if any(cell.compiled is None for cell in (*table.cells(), *(column.expression for column in table.inputs))):
        return None
    coverage = RowCoverage(table)
    questions = coverage.named_classes() if named else [range(size) for size in coverage.class_counts()]
    cases = _MOST_LOOKS // (len(table.rules) * max(len(questions), 1))
    for case in islice(product(*questions), cases):
        if not any(coverage.may_match(row, case) for row in range(len(table.rules))):
            return coverage.described(case)
    return None
