"""What people are told when an expression does not parse."""

from __future__ import annotations

import pytest

from service.domain.feel import FeelSyntaxError, compile_expression


@pytest.mark.parametrize(
    ("text", "line", "column", "chinese", "english"),
    [
        ("1 +", 1, 4, "表达式到此结束", "not the end"),
        ("a，b", 1, 2, "请改用半角“,”", "full-width"),
        ("a + ３", 1, 5, "请改用半角“3”", "full-width"),
        ('"x', 1, 1, "缺少结尾的双引号", "closing quote"),
        ("a =\n  [1, 2", 2, 8, "这里应为“]”", "“]” is expected"),
        ("1 2", 1, 3, "多出“2”", "does not belong"),
        ("if a then b", 1, 12, "else", "else"),
        ("f(a: 1, 2)", 1, 9, "全部写名称", "Name either all"),
        ("x instance of nothing", 1, 15, "没有类型“nothing”", "no type"),
        ("function(a) external {}", 1, 13, "不支持外部函数", "refused"),
        ("(" * 300, 1, 101, "嵌套过深", "too deeply"),
        ("1" * 10_001, 1, 10_001, "10000 个字符", "10000 characters"),
        ("@2026", 1, 2, "引号", "quoted"),
        ("{a 1}", 1, 2, "名称: 值", "name: value"),
        ("a\u200bb = 1", 1, 1, "“ab”里有一个看不见的字符（U+200B）", "invisible character (U+200B)"),
        ("a\u200db = 1", 1, 1, "看不见的字符（U+200D）", "invisible character (U+200D)"),
        ("ab\u2060 = 1", 1, 3, "看不见的字符（U+2060）", "invisible character (U+2060)"),
        ("a # b", 1, 3, "不认识的符号", "means nothing"),
    ],
)
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
