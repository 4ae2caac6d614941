"""The structure of a decision table (DMN 1.5, chapter 8): columns, rules, hit policy, results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, NoReturn, TypeVar, cast

from service.domain.feel import Expression, FeelSyntaxError, FunctionSet, UnaryTests, compile_expression
from service.domain.feel import compile_unary_tests as compile_tests
from service.domain.feel.scope import Code, TestCode
from service.domain.feel.types import FeelType
from service.domain.feel.values import Function, Value, is_context, to_feel_value
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type of a model: a FEEL type, or components, or another type in a list, with allowed values."""

    base: FeelType | None = None
    components: tuple[tuple[str, ItemType], ...] = ()
    element: ItemType | None = None
    allowed: UnaryTests | None = None
    is_function: bool = False

    def admits(self, value: Value) -> bool:
        """Say whether a variable of this type may hold ``value``; null always passes."""
        if value is None:
            return True
        return self._right_kind(value) and (self.allowed is None or self.allowed.matches(value, {}) is True)

    def _right_kind(self, value: Value) -> bool:
        if self.element is not None:
            return type(value) is list and all(self.element.admits(to_feel_value(one)) for one in value)
        if self.components:
            return is_context(value) and self._has_components(cast("Mapping[str, Value]", value))
        if self.is_function:
            return isinstance(value, Function)
        return self.base is None or self.base.admits(value)

    def _has_components(self, value: Mapping[str, Value]) -> bool:
        return all(name in value and kind.admits(to_feel_value(value[name])) for name, kind in self.components)

    def fitted(self, value: Value) -> Value:
        """Return ``value`` fitted to this type: alone, taken out of or put into a list of one; otherwise None."""
        if self.admits(value):
            return value
        if type(value) is list and len(value) == 1 and self.element is None and self.admits(to_feel_value(value[0])):
            return to_feel_value(value[0])
        return [value] if self.element is not None and self.element.admits(value) else None


ANYTHING = ItemType()


C = TypeVar("C", Expression, UnaryTests)


@dataclass(frozen=True, slots=True)
class Cell(Generic[C]):
    """A text and what it compiles to, or the error that keeps it from compiling."""

    text: str
    compiled: C | None
    error: FeelSyntaxError | None = None

    def get(self) -> C:
        """Return what it compiles to; raise the FeelSyntaxError if it does not."""
        if self.compiled is None:
            self.refuse()
        return self.compiled

    def refuse(self) -> NoReturn:
        """Raise the error of the text."""
        assert self.error is not None
        raise self.error


@dataclass(frozen=True, slots=True)
class Compilation:
    """What the texts of one model are compiled with: functions and the names the model defines."""

    functions: FunctionSet
    names: tuple[str, ...]

    def expression(self, text: str) -> Cell[Expression]:
        """Compile an expression."""
        return _cell(text, lambda: compile_expression(text, functions=self.functions, names=self.names))

    def tests(self, text: str) -> Cell[UnaryTests]:
        """Compile a cell of unary tests; an empty one is ``-``."""
        return _cell(text, lambda: compile_tests(text, functions=self.functions, names=self.names))


def _cell(text: str, compile_: Callable[[], C]) -> Cell[C]:
    try:
        return Cell(text, compile_())
    except FeelSyntaxError as error:
        return Cell(text, None, error)


def code_of(cell: Cell[Expression]) -> Code:
    """Return code that evaluates the expression, or raises its error."""
    return cell.compiled.code if cell.compiled is not None else lambda _scope: cell.refuse()


def get_test_code(cell: Cell[UnaryTests]) -> TestCode:
    """Return code that applies the tests, or raises their error."""
    return cell.compiled.code if cell.compiled is not None else lambda _value, _scope: cell.refuse()


def read_names(cells: Iterable[Cell[Expression] | Cell[UnaryTests]]) -> frozenset[str]:
    """Return the variables that the cells read."""
    return frozenset(name for cell in cells if cell.compiled is not None for name in cell.compiled.names)


class HitPolicy(Enum):
    """What happens when several rules match; the values are the standard's names."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(Enum):
    """How COLLECT puts several outputs together."""

    LIST = ""
    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of conditions; ``allowed`` are the values it may take, if they are listed."""

    id: str
    label: str
    expression: Cell[Expression]
    allowed: Cell[UnaryTests] | None = None
    type: ItemType = ANYTHING


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; ``allowed`` are its values in order of priority; ``default`` counts if no rule matches."""

    id: str
    name: str
    label: str
    allowed: Cell[Expression] | None = None
    default: Cell[Expression] | None = None
    type: ItemType = ANYTHING


@dataclass(frozen=True, slots=True)
class TableRule:
    """A row; ``annotations`` are its notes by column name (unnamed columns count from 1), its description among them."""

    id: str
    inputs: tuple[Cell[UnaryTests], ...]
    outputs: tuple[Cell[Expression], ...]
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table decides: the value, the rules that matched, and where the hit policy was violated."""

    value: Value
    matched: tuple[str, ...] = ()
    violations: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RowResult:
    """How one row stands: ``matched`` None means that ``unknown`` facts (dotted paths) leave it open.

    ``outputs`` are the row's results by output name, whether it matched or not; ``output_unknown`` says of each output
    which missing facts it rests on, so that a result reckoned from nothing is not taken for known. ``decided_by`` are
    the input and condition, as written, that decided or are open.
    """

    rule_id: str
    matched: bool | None
    unknown: tuple[str, ...]
    outputs: Mapping[str, Value]
    annotations: Mapping[str, str]
    decided_by: tuple[str, ...] = ()
    output_unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The contents of a table."""

    id: str
    name: str
    hit_policy: HitPolicy
    inputs: tuple[InputColumn, ...]
    outputs: tuple[Output, ...]
    rules: tuple[TableRule, ...]
    aggregation: Aggregation = Aggregation.LIST

    @property
    def may_match_nothing(self) -> bool:
        """Whether the table says what holds where no rule matches: it lists or counts, or an output has a default."""
        return (
            self.lists or self.aggregation is Aggregation.COUNT or any(out.default is not None for out in self.outputs)
        )

    @property
    def lists(self) -> bool:
        """Whether its result is a list of what each matching rule gives."""
        ordered = self.hit_policy in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
        return ordered or (self.hit_policy is HitPolicy.COLLECT and self.aggregation is Aggregation.LIST)

    @property
    def names(self) -> frozenset[str]:
        """The variables it reads."""
        return read_names([*(column.expression for column in self.inputs), *self.cells()])

    def reads(self, rule_id: str, column: str) -> frozenset[tuple[str, ...]]:
        """Return the paths that the cell of a row in output ``column`` reads; none without such a row or column."""
        rule = next((rule for rule in self.rules if rule.id == rule_id), None)
        cells = zip(self.outputs, rule.outputs, strict=True) if rule else ()
        return next((cell.get().paths for output, cell in cells if output.name == column), frozenset())

    def cells(self) -> Iterable[Cell[Expression] | Cell[UnaryTests]]:
        """Return the cells of all rules."""
        for rule in self.rules:
            yield from rule.inputs
            yield from rule.outputs
