"""Expressions and unary tests: values, limits, errors of syntax, the kit of the standard."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from service.domain.feel import (
    BUILTINS,
    FeelLimitExceeded,
    FeelSyntaxError,
    Function,
    Range,
    WatchedFunctions,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
)
from service.domain.feel.limits import Meter
from service.domain.feel.pattern import compile_pattern
from tests.support.tables import rows
from tests.unit.feel.manual import MANUAL, filled, reason_of
from tests.unit.feel.tck import Score, run_level

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


# What stands in the cells of a table.


@pytest.mark.parametrize(("cell", "value", "expected"), rows("feel", "cells"))
def test_given_a_cell_when_a_value_is_tested_then_it_matches_by_the_standard(
    cell: str, value: object, expected: object
):
    assert compile_unary_tests(cell).matches(value, {"limit": 9, "tiers": ["city"]}) is expected


def test_given_a_missing_value_when_explained_then_it_is_unknown_rather_than_a_mismatch():
    found = compile_unary_tests('"国家级", "省级"').explain(None, {}, name="奖项.级别")

    assert found.value is False
    assert found.unknown == ("奖项.级别",)
    assert found.verdict is None


# Expressions that tell when an unknown name left them with nothing.

RECORDS: dict[str, object] = {
    "case": {"kind": "first", "reason": None},
    "rows": [{"points": 1}, {}],
    "day": "2026-03-02",
}


def told(text: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    functions = WatchedFunctions(BUILTINS, lambda said, names: found.append((said, names)))
    compile_expression(text, functions=functions).evaluate(RECORDS)
    return found


@pytest.mark.parametrize(("text", "unknown"), rows("feel", "not_there"))
def test_what_is_not_there_is_told(text: str, unknown: str) -> None:
    assert told(text) == [(text, (unknown,))]


@pytest.mark.parametrize("text", rows("feel", "empty_on_purpose"))
def test_what_is_empty_on_purpose_foreseen_or_without_effect_is_not_told(text: str) -> None:
    assert told(text) == []


def test_what_is_there_and_empty_is_told_where_that_is_asked_for() -> None:
    found: list[tuple[str, tuple[str, ...]]] = []
    functions = WatchedFunctions(BUILTINS, lambda said, names: found.append((said, names)), empty=True)
    for text in ('case.reason = "late"', 'case.kind = "second"', "case.reason = null"):
        compile_expression(text, functions=functions).evaluate(RECORDS)
    assert found == [('case.reason = "late"', ("case.reason",))]


# Why an expression came out as it did.


@pytest.mark.parametrize(("text", "scope", "value", "unknown", "decided_by"), rows("feel", "explained"))
def test_given_missing_inputs_when_explained_then_only_those_that_matter_are_reported(
    text: str, scope: dict[str, object], value: object, unknown: list[str], decided_by: list[str]
):
    found = compile_expression(text).explain(scope)

    assert [found.value, list(found.unknown), list(found.decided_by)] == [value, unknown, decided_by]


def test_given_a_list_with_gaps_when_a_condition_on_every_element_is_explained_then_the_gap_is_located():
    expression = compile_expression('every f in findings satisfies f.result = "met"')

    gap = expression.explain({"findings": [{"result": "met"}, {}]})
    failed = expression.explain({"findings": [{"result": "not_met"}, {}]})

    assert (gap.verdict, gap.unknown) == (None, ("findings[2].result",))
    assert (failed.verdict, failed.unknown) == (False, ())


# What was decided without a value: by = or !=, in the condition of an if; unless the formula speaks of null itself.


@pytest.mark.parametrize(("text", "names"), rows("feel", "undecided"))
def test_names_that_decided_although_nobody_filled_them_are_told(text: str, names: str) -> None:
    scope: dict[str, object] = {"a": None, "n": 3, "c": {"x": None}, "rows": [{"x": None}], "param": {"p": None}}
    assert ", ".join(compile_expression(text).undecided(scope)) == names


# No expression makes the program run long.


_DOUBLING = ", ".join(f"a{n + 1}: [a{n}, a{n}]" for n in range(60))


@pytest.mark.parametrize(
    "text",
    [
        "count(for i in 1..20000, j in 1..20000 return 1)",
        "for i in 1..1000000000000 return i",
        "some i in 1..20000, j in 1..20000 satisfies i = -j",
        "for i in 1..20000 return " + " + ".join(["i ** 1.5"] * 300),
        f"{{a0: [1], {_DOUBLING}, r: a60 = a60}}",
        f"{{a0: [1], {_DOUBLING}, r: flatten(a60)}}",
        f"{{a0: [1], {_DOUBLING}, r: string(a60)}}",
        '{a: "xxxxxxxxxx", ' + ", ".join(f"{chr(98 + n)}: {chr(97 + n)} + {chr(97 + n)}" for n in range(17)) + "}",
        "{f: function(g, n) g(g, n + 1), r: f(f, 1)}",
        "{f: function(g, n) if n = 0 then 0 else g(g, n - 1) + g(g, n - 1), r: f(f, 20)}",
        'replace(string join(for i in 1..25000 return "x"), "x*y|x", "")',
        'for i in 1..1000 return matches("a", "[a-z-[b" + string(i) + "]]")',
        'for i in 1..1000 return matches("a", ".{1000}{1000}" + string(i))',
        "for i in 1..20000 return modulo(10 ** 6000, 7)",
        "for i in 1..20000 return exp(i)",
        "distinct values(for i in 1..20000 return i)",
        "for i in 1..20000 return partial",
    ],
)  # fmt: skip
def test_given_a_costly_expression_when_evaluated_then_it_is_stopped(text: str):
    with pytest.raises(FeelLimitExceeded) as caught:
        compile_expression(text).evaluate({})

    assert "停止" in caught.value.message.zh
    assert "stopped" in caught.value.message.en


def test_given_data_that_contains_itself_when_compared_or_written_then_it_is_stopped():
    circle: list[object] = []
    circle.append(circle)

    for text in ("x = y", "string(x)", "flatten(x)"):
        with pytest.raises(FeelLimitExceeded):
            compile_expression(text).evaluate({"x": circle, "y": [circle]})


# Regular expressions of the standard, in linear time.


@pytest.mark.parametrize(("pattern", "flags", "text", "expected"), rows("feel", "patterns"))
def test_given_a_pattern_when_searched_then_the_leftmost_match_is_found(
    pattern: str, flags: str, text: str, expected: str | None
):
    assert _first(pattern, text, flags) == expected


@pytest.mark.parametrize("pattern", [*rows("feel", "refused_patterns"), "a" * 501])
def test_given_a_pattern_that_is_malformed_or_too_large_when_compiled_then_there_is_none(pattern: str):
    assert compile_pattern(pattern) is None


def _first(pattern: str, text: str, flags: str) -> str | None:
    """Return what the pattern finds first."""
    compiled = compile_pattern(pattern, flags)
    assert compiled is not None
    match = next(compiled.find_all(text, Meter()), None)
    return None if match is None else text[slice(*match.span())]


# What people are told when an expression does not parse.


LONG = [["(" * 300, 1, 101, "嵌套过深", "too deeply"], ["1" * 10_001, 1, 10_001, "10000 个字符", "10000 characters"]]


@pytest.mark.parametrize(("text", "line", "column", "chinese", "english"), rows("feel", "slips") + LONG)
def test_given_a_slip_when_compiled_then_the_error_says_where_and_what_to_do(
    text: str, line: int, column: int, chinese: str, english: str
):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert chinese in caught.value.message.zh
    assert english in caught.value.message.en


@pytest.mark.parametrize(
    ("text", "meant"),
    [("n ≥ 3", ">="), ("n ≤ 3", "<="), ("n ≠ 3", "!="), ("n × 3", "*"), ("n ÷ 3", "/"), ("a && b", "and"), ("a || b", "or"), ("!a", "not(…)"),
     ("a == 1", "="), ("a = 'met'", '"'), ("a <> 1", "!="), ("40%", "/ 100"), ("a – 1", "-")],
)  # fmt: skip
def test_signs_of_other_languages_are_told_as_feel_writes_them(text: str, meant: str):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert f"要写成“{meant}”" in caught.value.problem.zh


@pytest.mark.parametrize("text", ["1" * 35, "0." + "3" * 35, "x > 1e6145", "1e99999999999999999999"])
def test_a_number_that_would_become_another_one_is_refused(text: str):
    with pytest.raises(FeelSyntaxError, match="34"):
        compile_expression(text)
    assert compile_expression("1" * 34 + "000").evaluate({}, None) == Decimal("1" * 34 + "000")


# The standard's own test kit is the measure.


@pytest.fixture(scope="module")
def scores() -> dict[int, Score]:
    return {level: run_level(level) for level in (2, 3)}


def test_given_the_kit_when_run_then_all_of_level_two_passes(scores: dict[int, Score]):
    assert scores[2].misses == ()
    assert (scores[2].passed, scores[2].cases) == (116, 116)


def test_given_the_kit_when_run_then_level_three_scores_what_the_manual_says(scores: dict[int, Score]):
    assert (scores[3].passed, scores[3].cases) == (2489, 2553)
    assert all(reason_of(miss) for miss in scores[3].misses)


def test_given_the_manual_when_compared_then_its_generated_parts_are_up_to_date(scores: dict[int, Score]):
    manual = MANUAL.read_text("utf-8")

    assert filled(manual, scores.values()) == manual
