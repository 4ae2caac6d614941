"""What stands in the cells of a table."""

from __future__ import annotations

import pytest

from service.domain.feel import BUILTINS, WatchedFunctions, compile_expression, compile_unary_tests
from tests.support.tables import rows


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
