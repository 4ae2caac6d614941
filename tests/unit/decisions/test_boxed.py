"""Boxed expressions as the standard's kit has them where the part of it that lies here does not."""

from __future__ import annotations

import pytest

from service.domain.decisions import read_dmn
from service.domain.feel import BUILTINS

HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" id="m" namespace="urn:m">'
    '<decision name="d" id="d"><variable name="d"/>'
)


def part(tag: str, text: str) -> str:
    return f"<{tag}><literalExpression><text>{text}</text></literalExpression></{tag}>"


def decided(boxed: str) -> object:
    return read_dmn(f"{HEAD}{boxed}</decision></definitions>".encode(), functions=BUILTINS).evaluate("d", {})


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"abc"', None), ("1", None)]
)
def test_a_boxed_if_asks_for_a_truth_value(condition: str, expected: object) -> None:
    parts = part("if", condition) + part("then", "1") + part("else", "2")
    assert decided(f"<conditional>{parts}</conditional>") == expected


@pytest.mark.parametrize(
    ("kind", "condition", "expected"),
    [
        ("some", "x = 2", True),
        ("some", "x = 3", False),
        ("some", 'if x = 2 then true else "no truth value"', None),
        ("every", "x &lt; 3", True),
        ("every", 'if x = 2 then false else "no truth value"', None),
    ],
)
def test_a_boxed_some_or_every_asks_for_truth_values(kind: str, condition: str, expected: object) -> None:
    parts = part("in", "[1, 2]") + part("satisfies", condition)
    assert decided(f'<{kind} iteratorVariable="x">{parts}</{kind}>') == expected
