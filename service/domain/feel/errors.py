"""Errors of expressions: syntax, and exceeded limits."""

from __future__ import annotations

from service.domain.errors import LaurelError
from service.domain.text import Text


class FeelSyntaxError(LaurelError):
    """The text is not a FEEL expression.

    ``position`` is the offset of the first character that does not fit, counted from 0;
    ``line`` and ``column`` count from 1.
    """

    code = "feel_syntax"

    def __init__(self, text: str, position: int, problem: Text) -> None:
        self.position = position
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1
        self.problem = problem
        near = text[max(0, position - 12) : position + 12].replace("\n", " ").strip()
        super().__init__(
            Text(
                f"表达式第 {self.line} 行第 {self.column} 列有误（“{near}”附近）：{problem.zh}",
                f"The expression is wrong at line {self.line}, column {self.column} (near “{near}”): {problem.en}",
            )
        )


class FeelLimitExceeded(LaurelError):
    """An evaluation needed more steps, depth or room than it is allowed."""

    code = "feel_limit"


def too_many_steps(limit: int) -> FeelLimitExceeded:
    """Say that the step budget is used up."""
    return FeelLimitExceeded(
        Text(
            f"表达式计算超过 {limit} 步，已停止。请缩小列表或区间，或拆成几个表达式。",
            f"The evaluation was stopped after {limit} steps. Shorten the lists or ranges, or split the expression.",
        )
    )


def too_large(zh: str, en: str, limit: int) -> FeelLimitExceeded:
    """Say that a value (``zh``/``en`` name its kind) would exceed ``limit``."""
    return FeelLimitExceeded(
        Text(
            f"表达式产生的{zh}超过上限 {limit}，已停止。请缩小输入。",
            f"The evaluation was stopped: it would build a {en} larger than {limit}. Use smaller inputs.",
        )
    )


def too_deep() -> FeelLimitExceeded:
    """Say that functions call each other too deeply."""
    return FeelLimitExceeded(
        Text(
            "表达式嵌套或递归调用过深，已停止。请检查函数是否调用自身而不结束。",
            "The evaluation was stopped: calls are nested too deeply. Does a function call itself endlessly?",
        )
    )
