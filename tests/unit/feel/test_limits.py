"""No expression makes the program run long."""

from __future__ import annotations

import pytest

from service.domain.feel import FeelLimitExceeded, compile_expression
from service.domain.feel.limits import Meter
from service.domain.feel.pattern import compile_pattern
from tests.support.tables import rows

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
