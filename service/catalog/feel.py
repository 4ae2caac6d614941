"""FEEL as packages use it: the standard's functions and those of statutory time, compiled once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import fields
from functools import lru_cache
from typing import Any

from service.domain.calendar.feel_functions import TIME_FUNCTIONS
from service.domain.feel import (
    BUILTINS,
    Expression,
    FeelLimitExceeded,
    FeelSyntaxError,
    FunctionSet,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    nodes,
)

_QUOTED = re.compile(r'"([^"]*)"')
FUNCTIONS: FunctionSet = BUILTINS.extended(TIME_FUNCTIONS)
"""Every function that an expression of a package may call: the standard's, and those of statutory time."""
_BRACES = re.compile(r"\{([^{}]+)\}")
_OTHER_BRACE = re.compile(r"｛\s*[A-Za-z_]|(?<![A-Za-z])[$＄]\{")
_AROUND = 16
"""How much of a text is quoted with a brace that stands alone."""


@lru_cache(maxsize=8192)
def compiled(text: str) -> Expression:
    """Return the compiled expression; raises FeelSyntaxError."""
    return compile_expression(text, functions=FUNCTIONS)


@lru_cache(maxsize=4096)
def compiled_tests(text: str) -> UnaryTests:
    """Return the compiled cell of a table; raises FeelSyntaxError."""
    return compile_unary_tests(text, functions=FUNCTIONS)


def find_constant_value(text: str) -> Any:
    """Return the value of an expression that reads nothing, None for any other."""
    try:
        expression = compiled(text)
        if expression.names or expression.functions - BUILTINS.names:
            return None
        return expression.evaluate({})
    except (FeelSyntaxError, FeelLimitExceeded):
        return None


def calls_of(text: str, names: Collection[str]) -> Iterator[nodes.Call]:
    """Yield the calls of the functions ``names`` in an expression, outermost first; none where it cannot be read."""
    if not any(name in text for name in names):
        return
    try:
        waiting: list[object] = [compiled(text).node]
    except FeelSyntaxError:
        return  # reported as a formula
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting.extend(part)
        elif isinstance(part, nodes.Node):
            if isinstance(part, nodes.Call) and isinstance(part.function, nodes.Name) and part.function.name in names:
                yield part
            waiting.extend(getattr(part, node_field.name) for node_field in fields(part) if node_field.name != "span")


def words_of(text: str) -> frozenset[str]:
    """Return the texts that stand in an expression in quotation marks: what it may come to where it chooses a name."""
    return frozenset(_QUOTED.findall(text))


def in_braces(text: str) -> list[str]:
    """Return the FEEL in the braces of a text."""
    return [formula.strip() for formula in _BRACES.findall(text)]


def lone_brace(text: str) -> str:
    """Return the first brace of a text without its other half and what follows it, "" where all are paired: it would be printed."""
    remainder = _BRACES.sub(lambda match: " " * len(match[0]), text)
    at = next((place for place, sign in enumerate(remainder) if sign in "{}"), None)
    return "" if at is None else text[at : at + _AROUND].partition("\n")[0]


def other_brace(text: str) -> str:
    """Return the first full-width brace before a name, or dollar before a brace, and what follows: both would be printed."""
    match = _OTHER_BRACE.search(text)
    return "" if match is None else text[match.start() : match.start() + _AROUND].partition("\n")[0]
