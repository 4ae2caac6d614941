"""Writes the generated parts of the FEEL manual: ``python -m tests.unit.feel.manual``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from service.domain.feel import BUILTINS, Function
from tests.unit.feel.tck import Miss, Score, run_level

MANUAL = Path(__file__).parents[3] / "docs" / "feel.md"
_YEARS = "年份在 1 至 9999 之外 · a year outside 1 to 9999"
_FRACTIONS = "秒的小数细于微秒 · a fraction of a second finer than a microsecond"
_KEY = "参数按名称写成 `key` 时也接受列表 · a list is accepted under the name `key` as well"
_REASONS = (
    ("0100-arithmetic/", _YEARS),
    ("1115-feel-date-function/", _YEARS),
    ("1121-feel-years-and-months-duration-function/", _YEARS),
    ("1116-feel-time-function/", _FRACTIONS),
    ("1120-feel-duration-function/", _FRACTIONS),
    ("1146-feel-context-put-function/", _KEY),
)


def functions_section() -> str:
    """List the built-in functions with their parameters; optional ones stand in brackets."""
    lines = ["| 函数 / function | 参数 / parameters |", "| --- | --- |"]
    lines += [f"| `{function.name}` | {_parameters(function)} |" for function in sorted(BUILTINS, key=_by_name)]
    return "\n".join(lines)


def _by_name(function: Function) -> str:
    return function.name


def _parameters(function: Function) -> str:
    required = len(function.parameters) if function.required is None else function.required
    shown = [name if place < required else f"[{name}]" for place, name in enumerate(function.parameters)]
    lists = [", ".join(shown) + (" …" if function.variadic else ""), *(", ".join(names) for names in function.others)]
    return " · ".join(f"`{text}`" for text in lists if text)


def kit_section(scores: Iterable[Score]) -> str:
    """Show the score of every level and every miss with its reason."""
    scores = list(scores)
    lines = ["| 级别 / level | 通过 / passed | 用例 / cases |", "| --- | --- | --- |"]
    lines += [f"| {score.level} | {score.passed} | {score.cases} |" for score in scores]
    lines += ["", "未通过的用例 · Cases missed:", "", "| 用例 / case | 原因 / reason |", "| --- | --- |"]
    lines += [f"| `{miss.case}` | {reason_of(miss)} |" for score in scores for miss in score.misses]
    return "\n".join(lines)


def reason_of(miss: Miss) -> str:
    """Return why a case is missed; raise StopIteration for a miss nobody has looked at."""
    return next(reason for prefix, reason in _REASONS if miss.case.startswith(prefix))


def filled(manual: str, scores: Iterable[Score]) -> str:
    """Return ``manual`` with its generated parts brought up to date."""
    parts = {"functions": functions_section(), "tck": kit_section(scores)}
    for name, text in parts.items():
        pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end -->)", re.DOTALL)
        manual = pattern.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", manual, count=1)
    return manual


if __name__ == "__main__":
    MANUAL.write_text(filled(MANUAL.read_text("utf-8"), [run_level(2), run_level(3)]), "utf-8")
