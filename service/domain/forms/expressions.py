"""FEEL inside forms: compiled once, refused when it names what is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.feel import BUILTINS, Expression, FeelLimitExceeded, FeelSyntaxError, Function, compile_expression
from service.domain.text import Text


class BadFormula(ValueError):
    """An expression that does not parse, or that reads what the form does not have; ``reason`` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def _get_today(day: date) -> date:
    return day


#: FEEL as forms have it: the standard's functions, and today as the date that was passed in.
FUNCTIONS = BUILTINS.extended([Function("today", (), _get_today)])


@dataclass(frozen=True, slots=True)
class FormExpression:
    """A compiled expression of a form."""

    expression: Expression

    @classmethod
    def of(cls, text: str, names: frozenset[str]) -> FormExpression:
        """Compile ``text``, which may read ``names``.

        Raises:
            BadFormula: if it does not parse, calls unknown functions or reads unknown names.
        """
        try:
            expression = compile_expression(text.strip(), functions=FUNCTIONS, names=names)
        except FeelSyntaxError as error:
            raise BadFormula(error.message) from error
        if expression.problems:
            raise BadFormula(expression.problems[0])
        unknown = sorted(expression.names - names)
        if unknown:
            raise BadFormula(
                Text(
                    f"没有字段“{unknown[0]}”，请检查名称或所在分组",
                    f"there is no field {unknown[0]!r}; check its name and group",
                )
            )
        return cls(expression)

    @property
    def names(self) -> frozenset[str]:
        """The names it reads."""
        return self.expression.names

    def value(self, scope: Mapping[str, object], today: date) -> object:
        """Return the value; null when it cannot be computed within its budget."""
        try:
            return self.expression.evaluate(scope, today)
        except FeelLimitExceeded:
            return None

    def holds(self, scope: Mapping[str, object], today: date) -> bool:
        """Return whether the value is true."""
        return self.value(scope, today) is True
