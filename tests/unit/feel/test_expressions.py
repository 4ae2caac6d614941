"""What expressions come to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from service.domain.feel import BUILTINS, Function, Range, YearsMonths, compile_expression
from tests.support.tables import rows

APPLICATION = {
    "name": "甲公司",
    "age": 3,
    "score": 612.5,
    "tiers": ["city", "province"],
    "findings": [{"criterion": "年限", "result": "met"}, {"criterion": "处罚", "result": "not_met"}],
    "submitted": date(2026, 5, 1),
}


def value_of(text: str, **scope: object) -> object:
    return compile_expression(text).evaluate(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *rows("feel", "values"),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ('@"2026-05-01T09:00:00+08:00" - @"2026-05-01T00:00:00Z"', timedelta(hours=1)),
        ("decimal(2.345, 2)", Decimal("2.34")),
        ('range("]1..3[")', Range(Decimal(1), Decimal(3), False, False)),
        ('range("[1..1]")', Range(Decimal(1), Decimal(1), True, True)),
        ('range("[1..)")', Range(Decimal(1), None, True, False, ">=")),
        ('range("(..1]")', Range(None, Decimal(1), False, True, "<=")),
        ('date and time(@"2026-05-01T08:00:00", @"09:30:00")', datetime(2026, 5, 1, 9, 30)),
        ('years and months duration([@"2026-05-01"], [@"2027-05-01"])', YearsMonths(12)),
    ],
)
def test_given_a_constant_expression_when_evaluated_then_it_has_the_standards_value(text: str, expected: object):
    assert compile_expression(text).evaluate({}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("申报.name", "甲公司"),
        ("申报.age >= 3 and 申报.score > 600", True),
        ('count(申报.findings[result = "not_met"]) = 1', True),
        ('申报.findings[result = "not_met"].criterion', ["处罚"]),
        ('"city" in 申报.tiers', True),
        ('申报.submitted + duration("P7D")', date(2026, 5, 8)),
        ("申报.missing.deeper", None),
        ("申报.age.__class__", None),
        ("申报.name.upper", None),
    ],
)
def test_given_plain_data_in_scope_when_evaluated_then_paths_follow_declared_entries_only(text: str, expected: object):
    assert value_of(text, 申报=APPLICATION) == expected


def test_given_declared_names_with_signs_when_compiled_then_the_longest_name_wins():
    expression = compile_expression("Date-Time - Date", names=["Date-Time", "Date"])

    assert expression.names == {"Date-Time", "Date"}
    assert expression.evaluate({"Date-Time": 5, "Date": 3}) == 2


def test_given_an_extra_function_when_called_then_it_gets_the_callers_context_and_numbers_as_decimals():
    calls: list[tuple[object, object]] = []
    functions = BUILTINS.extended([Function("workdays", ("n",), lambda context, n: calls.append((context, n)) or n)])

    value = compile_expression("workdays(n: 5) + 1", functions=functions).evaluate({}, "calendar 2026")

    assert value == 6
    assert calls == [("calendar 2026", Decimal(5))]


def test_given_an_extra_function_that_cannot_use_its_argument_when_called_then_the_call_is_null():
    functions = BUILTINS.extended([Function("year of", ("day",), lambda _, day: day.year)])

    assert compile_expression('year of("soon")', functions=functions).evaluate({}) is None


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ('1/"a" > 3', "/"),
        ('x - "a"', "-"),
        ('"a" + 1', "+"),
        ('"a" + x + 1', "+"),
        ('@"2026-05-01" * 2', "*"),
        ("if a then true ** 2 else 1", "**"),
    ],
)
def test_given_an_operator_on_what_it_never_takes_when_compiled_then_the_problem_is_named(text: str, sign: str):
    assert f"“{sign}”" in compile_expression(text).problems[0].en


def test_given_a_call_with_too_few_arguments_when_compiled_then_the_problem_is_named():
    assert "start position" in compile_expression('substring("a")').problems[0].en


def test_a_function_of_a_context_may_call_itself() -> None:
    expression = compile_expression("{f: function(x) if x = 0 then 0 else 1 + f(x - 1), r: f(3)}.r")
    assert (expression.evaluate({}), expression.problems) == (3, ())
