"""Unary tests: what stands in a table cell or after ``in`` (DMN 1.5, 10.3.2.8)."""
# ruff: noqa: ARG005  functions of one family share a signature

from __future__ import annotations

from service.domain.feel.compare import in_range, is_equal_value
from service.domain.feel.limits import Meter
from service.domain.feel.scope import Code, Scope, TestCode
from service.domain.feel.values import Range, Value, to_feel_value


def any_test(tests: list[TestCode], *, negated: bool) -> TestCode:
    """Match if any test does; no tests match everything."""
    if not tests:
        return lambda value, scope: True
    if len(tests) == 1 and not negated:
        return tests[0]

    def run_any_test(value: Value, scope: Scope) -> bool | None:
        result: bool | None = False
        for test in tests:
            verdict = test(value, scope)
            if verdict is True:
                return not negated
            if verdict is None:
                result = None
        return None if result is None else negated

    return run_any_test


def condition_test(code: Code) -> TestCode:
    """Match if the condition about ``?`` is true."""

    def run_condition_test(value: Value, scope: Scope) -> bool | None:
        verdict = code(Scope({"?": value}, scope, scope.meter))
        return verdict if isinstance(verdict, bool) else None

    return run_condition_test


def value_test(code: Code) -> TestCode:
    """Match a value equal to, contained in, or within what the expression gives."""
    return lambda value, scope: is_matching_value(value, code(scope), scope.meter)


def is_matching_value(value: Value, expected: Value, meter: Meter) -> bool | None:
    """Say whether ``value`` equals ``expected``, lies in it (range) or is one of it (list)."""
    if isinstance(expected, Range):
        return in_range(value, expected, meter)
    if type(expected) is list:
        return _is_any_of(value, expected, meter)
    if isinstance(expected, bool) and value is not None and not isinstance(value, bool):
        return expected  # a condition that does not mention the input
    return is_equal_value(value, expected, meter)


def _is_any_of(value: Value, expected: list[Value], meter: Meter) -> bool | None:
    if type(value) is list and is_equal_value(value, expected, meter):
        return True
    result: bool | None = False
    for element in expected:
        meter.charge(1)
        element = to_feel_value(element)
        if isinstance(element, Range):
            verdict = in_range(value, element, meter)
            result = None if verdict is None else result
        else:
            verdict = is_equal_value(value, element, meter)
        if verdict is True:
            return True
    return result
