"""Patterns of text in formulas: told where they cannot be used, left alone where only a case knows them."""

from __future__ import annotations

import pytest

from service.catalog.rules.formulas import Formula
from service.catalog.rules.text_patterns import _unreadable


def told(text: str) -> list[str]:
    return [p.message.en.split("“")[1].split("”")[0] for p in _unreadable([Formula("a.yaml", "here", "", text, None)])]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        (r'matches(x, "(a)\\1")', r"(a)\1"),
        ('matches(x, "a{1001}")', "a{1001}"),
        ('matches(x, "a", "z")', "a"),
        ('matches(pattern: "(", input: x)', "("),
        ('replace(x, "[", "-")', "["),
        ('split(delimiter: "(", string: x)', "("),
        ('for y in x return if matches(y, "(") then 1 else 2', "("),
    ],
)
def test_a_pattern_that_never_matches_is_told(text: str, pattern: str) -> None:
    assert told(text) == [pattern]


@pytest.mark.parametrize(
    "text",
    ['matches(x, "(", "q")', "matches(x, y)", 'replace(x, "a", "(")', 'split(x, "")', 'split("(", ";")', 'matches(input: "(")', 'contains(x, "(")'],
)  # fmt: skip
def test_a_pattern_that_can_be_used_or_is_not_known_yet_is_left_alone(text: str) -> None:
    assert told(text) == []
