"""Expressions: everything the engine evaluates must compile now, not when a token arrives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from service.domain.feel import FeelSyntaxError, FunctionSet, compile_expression
from service.domain.text import Text
from service.engine.lint.report import Rule, make
from service.engine.lint.scope import Package
from service.engine.model import EngineProblem
from service.engine.xml import FoundExpression, expressions_in

RULES = {
    "empty_expression": Rule(
        "“{id}”的{purpose_zh}没有写表达式。", "The {purpose} of “{id}” is empty.",
        "填写 FEEL 表达式。", "Write a FEEL expression."),
    "bad_expression": Rule(
        "“{id}”的{purpose_zh}“{text}”不能计算：{why_zh}", "The {purpose} “{text}” of “{id}” cannot be computed: {why}",
        "按提示修改表达式。", "Correct the expression as said."),
    "raw_iso": Rule(
        "“{id}”的计时“{text}”不是 FEEL。", "The timer “{text}” of “{id}” is not FEEL.",
        "写成 workdays(5)、duration(\"P10D\") 或 date(\"2026-03-09\")。",
        "Write workdays(5), duration(\"P10D\") or date(\"2026-03-09\")."),
    "month_cycle": Rule(
        "“{id}”按月或按年循环“{text}”，日期会逐次漂移。", "“{id}” repeats by months or years (“{text}”); the day would drift.",
        "用函数算出日期列表，例如 [years(1), years(2)]。", "Compute a list of dates, such as [years(1), years(2)]."),
}  # fmt: skip

problem = partial(make, RULES)
_PURPOSES = {"condition": "条件", "timer": "计时", "loop": "多实例设置", "parameter": "参数", "payload": "消息内容",
             "correlation": "关联表达式"}  # fmt: skip
_RAW_ISO = re.compile(r"-?P[0-9T].*|R[0-9]*/.*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
_MONTH_CYCLE = re.compile(r"R[0-9]*/P[^T\"/]*[YM]")


def check_expressions(package: Package, functions: FunctionSet) -> Iterator[EngineProblem]:
    """Compile every expression of the diagrams."""
    for file, root in package.roots.items():
        for found in expressions_in(root):
            yield from _one(file, found, functions)


def _one(file: str, found: FoundExpression, functions: FunctionSet) -> Iterator[EngineProblem]:
    words = {"purpose": found.purpose, "purpose_zh": _PURPOSES[found.purpose], "text": found.text}
    if not found.text:
        yield problem("empty_expression", file, found.element, **words)
    elif found.purpose == "timer" and _RAW_ISO.fullmatch(found.text):
        yield problem("raw_iso", file, found.element, **words)
    elif found.purpose == "timer" and _MONTH_CYCLE.search(found.text):
        yield problem("month_cycle", file, found.element, **words)
    else:
        for why in _compiled(found.text, functions):
            yield problem("bad_expression", file, found.element, why_zh=why.zh, why=why.en, **words)


def _compiled(text: str, functions: FunctionSet) -> tuple[Text, ...]:
    try:
        return compile_expression(text, functions=functions).problems
    except FeelSyntaxError as error:
        return (error.message,)
