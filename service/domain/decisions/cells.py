"""The texts of a model, compiled; a text that does not parse is kept with its error and raises it when used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from service.domain.feel import Expression, FeelSyntaxError, FunctionSet, UnaryTests, compile_expression
from service.domain.feel import compile_unary_tests as compile_tests
from service.domain.feel.scope import Code, TestCode

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


def test_code_of(cell: Cell[UnaryTests]) -> TestCode:
    """Return code that applies the tests, or raises their error."""
    return cell.compiled.code if cell.compiled is not None else lambda _value, _scope: cell.refuse()


def read_names(cells: Iterable[Cell[Expression] | Cell[UnaryTests]]) -> frozenset[str]:
    """Return the variables that the cells read."""
    return frozenset(name for cell in cells if cell.compiled is not None for name in cell.compiled.names)
