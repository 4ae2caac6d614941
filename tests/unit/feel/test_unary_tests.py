"""What stands in the cells of a table."""

from __future__ import annotations

import pytest

from service.domain.feel import compile_unary_tests


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("< 5", 4, True),
        ("< 5", None, None),
        ("[1..3]", 3, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("not(null)", None, False),
        ("null", None, True),
        ("null", 1, False),
        ("? > 3 and ? < limit", 5, True),
        ("limit", 9, True),
        ("tiers", "city", True),
        ("limit > 5", 1, True),
        ("true", True, True),
        ("not(true)", False, True),
        ('starts with(?, "甲")', "甲公司", True),
        ('"x"', 1, None),
    ],
)
def test_given_a_cell_when_a_value_is_tested_then_it_matches_by_the_standard(
    cell: str, value: object, expected: object
):
    assert compile_unary_tests(cell).matches(value, {"limit": 9, "tiers": ["city"]}) is expected


def test_given_a_missing_value_when_explained_then_it_is_unknown_rather_than_a_mismatch():
    found = compile_unary_tests('"国家级", "省级"').explain(None, {}, name="奖项.级别")

    assert found.value is False
    assert found.unknown == ("奖项.级别",)
    assert found.verdict is None


def test_given_a_cell_that_asks_for_null_when_the_value_is_missing_then_it_is_known_to_match():
    assert compile_unary_tests("null").explain(None, {}, name="处罚").verdict is True


def test_given_a_cell_comparing_with_a_missing_variable_when_explained_then_the_variable_is_unknown():
    assert compile_unary_tests("<= param.limit").explain(5, {}, name="days").unknown == ("param.limit",)
