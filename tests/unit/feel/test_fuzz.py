"""Whatever is typed: a syntax error, a value, or a refusal; never more work than the budget, never anything undeclared."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.feel import (
    BUILTINS,
    Expression,
    FeelLimitExceeded,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
)
from service.domain.feel.limits import Meter
from service.domain.feel.scope import Scope
from service.domain.feel.values import ValueKind, kind_of

_STEPS = 2_000
_CALLS_PER_STEP = 60
_QUICK = settings(
    max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


class Canary:
    """Fails the test if an expression touches anything of it."""

    touched = False

    def __getattribute__(self, name: str) -> object:
        if name != "__class__":
            type(self).touched = True
        return object.__getattribute__(self, name)


_NAMES = st.sampled_from(["a", "b", "xs", "item", "partial", "secret", "secret.__class__", "a.b", "xs.r", "?", "甲"])
_LEAVES = st.one_of(
    _NAMES,
    st.integers(-3, 12).map(str),
    st.sampled_from(
        ["1e6000", "0.5", '"x"', '"(a*)*"', "true", "null", "[]", "{}", "[1..9]", "(< 3)", '@"2026-05-01"', '@"P1M"',
         '@"PT5H"', '@"09:00:00"', '@"9999-12-31T23:59:59"', "1..900"]
    ),
)  # fmt: skip
_OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "=", "<", ">=", "!=", "and", "or", "in"])
_FUNCTIONS = st.sampled_from(sorted(BUILTINS.names))


def _wrap(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, _OPERATORS, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(_FUNCTIONS, st.lists(inner, max_size=4)).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"(for a in {parts[0]} return {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"(every b in {parts[0]} satisfies {parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"{{a: {parts[0]}, b: {parts[1]}}}"),
        st.tuples(inner, inner, inner).map(lambda parts: "(if {} then {} else {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: f"(function(a) {parts[0]})({parts[1]})"),
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
    )


_EXPRESSIONS = st.recursive(_LEAVES, _wrap, max_leaves=12)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "r", "item"]), inner),
    max_leaves=8,
)


@_QUICK
@given(_EXPRESSIONS, _DATA, _DATA)
def test_given_any_expression_and_data_when_evaluated_then_it_stays_within_budget_and_scope(
    text: str, one: object, other: object
):
    Canary.touched = False
    expression = _compiled(text)
    if expression is None:
        return
    scope = {"a": one, "xs": [other, one], "甲": other, "secret": Canary(), "item": one}
    meter = Meter(None, _STEPS)

    calls = _calls_of(lambda: _kind_of_result(expression, scope, meter))

    assert calls <= _CALLS_PER_STEP * (_STEPS + len(text))
    assert not Canary.touched


def _kind_of_result(expression: Expression, scope: dict[str, object], meter: Meter) -> ValueKind | None:
    try:
        return kind_of(expression.code(Scope(scope, None, meter)))
    except FeelLimitExceeded:
        return None


def _calls_of(run: Callable[[], object]) -> int:
    """Count the Python calls that ``run`` makes, which unlike time is the same on every machine."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return calls


def _compiled(text: str) -> Expression | None:
    try:
        return compile_expression(text)
    except FeelSyntaxError:
        return None


@_QUICK
@given(_EXPRESSIONS, _DATA)
def test_given_any_expression_when_explained_then_the_value_is_the_same(text: str, data: object):
    expression = _compiled(text)
    if expression is None:
        return
    scope = {"a": data, "xs": [data]}
    try:
        value, found = expression.evaluate(scope), expression.explain(scope)
    except FeelLimitExceeded:
        return

    assert kind_of(found.value) is kind_of(value)


@_QUICK
@given(st.text(max_size=60) | st.text("()[]{}<>=.,:-+*/\"'@?a1 \n", max_size=40))
def test_given_any_text_when_compiled_then_it_is_an_expression_or_a_syntax_error(text: str):
    assert _accepted(compile_expression, text) in (True, False)
    assert _accepted(compile_unary_tests, text) in (True, False)


def _accepted(compile_: Callable[[str], object], text: str) -> bool:
    try:
        compile_(text)
    except FeelSyntaxError:
        return False
    return True
