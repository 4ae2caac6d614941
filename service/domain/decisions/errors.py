"""Errors and problems of decision models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.errors import LaurelError
from service.domain.text import Text


class DecisionModelError(LaurelError):
    """The bytes are no decision model that can be read."""

    code = "decision_model"


class HitPolicyViolated(LaurelError):
    """Rules of a decision table match that may not match together."""

    code = "hit_policy"


class UndeclaredValue(LaurelError):
    """A column of a decision table got a value that is none of those that it declares, so that no row was meant for it."""

    code = "undeclared_value"

    def __init__(self, table: str, column: str, value: str, declared: str) -> None:
        super().__init__(
            Text(
                f"决策表“{table}”的“{column}”得到“{value}”，不在这一列声明的取值（{declared}）之内。"
                "请更正数据，或者在表中补上这个取值。",
                f"“{column}” of decision table “{table}” got “{value}”, which is none of the values that the column declares "
                f"({declared}). Correct the data, or add the value to the table.",
            )
        )


class NoValue(LaurelError):
    """A column of a decision table that no row lets be null has no value, and which row matches depends on it."""

    code = "no_value"

    def __init__(self, table: str, column: str, names: Sequence[str]) -> None:
        zh, en = "、".join(names), ", ".join(names)
        super().__init__(
            Text(
                f"决策表“{table}”的“{column}”没有值：“{zh}”还没有填写或者记录。请补上数据；可以没有的，"
                "在表中为 null 补一行，或者在这一列的公式中写明没有时按什么办（if … = null then …）。",
                f"“{column}” of decision table “{table}” has no value: “{en}” was not filled in or recorded. Supply it; where it "
                "may be missing, add a row for null, or let the column's formula say what holds then (if … = null then …).",
            )
        )


class NothingMatches(LaurelError):
    """No rule of a decision table matches, and the table does not say what holds then."""

    code = "nothing_matches"

    def __init__(self, table: str, values: Mapping[str, str]) -> None:
        zh = "、".join(f"“{column}”得到“{value}”" for column, value in values.items())
        en = ", ".join(f"“{column}” got “{value}”" for column, value in values.items())
        super().__init__(
            Text(
                f"决策表“{table}”没有一行符合：{zh}。请更正数据，或者在表中为这种情况补一行；"
                "有意不作决定的，命中策略选 FIRST，最后加一行，条件都写“-”，结果写 null。",
                f"No rule of decision table “{table}” matches: {en}. Correct the data, or add a rule for this case; where "
                "nothing is meant to be decided, use hit policy FIRST and a last rule of “-” with the result null.",
            )
        )


@dataclass(frozen=True, slots=True)
class TableProblem:
    """Something wrong with a table; ``rule_id`` is the row it is about, None for the table as a whole."""

    rule_id: str | None
    message: Text
