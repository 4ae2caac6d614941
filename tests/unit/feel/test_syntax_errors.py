"""What people are told when an expression does not parse."""

from __future__ import annotations

import pytest

from service.domain.feel import FeelSyntaxError, compile_expression
from tests.support.tables import rows

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
