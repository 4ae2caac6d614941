"""Regular expressions of the standard, in linear time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.feel.limits import Meter
from service.domain.feel.pattern import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "expected"),
    [
        ("b+", "", "aabbb", "bbb"),
        ("b+?", "", "aabbb", "b"),
        ("^a.c$", "", "abc", "abc"),
        ("a.c", "", "a\nc", None),
        ("a.c", "s", "a\nc", "a\nc"),
        ("^b", "m", "a\nb", "b"),
        ("ABC", "i", "xabc", "abc"),
        ("a b\tc", "x", "abc", "abc"),
        ("a.c", "q", "abc a.c", "a.c"),
        ("[a-z-[aeiou]]+", "", "aeixyz", "xyz"),
        ("[^0-9]+", "", "12ab3", "ab"),
        (r"\d{4}年", "", "在2026年", "2026年"),
        (r"\p{Lu}\p{Nd}", "", "aB7", "B7"),
        (r"[\-\]]", "", "a]", "]"),
        ("(?:ab|a)(c|bcd)", "", "abcd", "abc"),
        ("x{0}y", "", "xy", "y"),
    ],
)
def test_given_a_pattern_when_searched_then_the_leftmost_match_is_found(
    pattern: str, flags: str, text: str, expected: str | None
):
    compiled = compile_pattern(pattern, flags)
    assert compiled is not None
    match = compiled.search(text, 0, Meter())

    assert (match and match.group(text, 0)) == expected


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "[z-a]", "*a", r"(a)\1", r"\q", "a" * 501, "((a{100}){100}){9}"])
def test_given_a_pattern_that_is_malformed_or_too_large_when_compiled_then_there_is_none(pattern: str):
    assert compile_pattern(pattern) is None


_ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "^", "$"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{1,2}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(_PATTERNS, st.text("abc", max_size=8))
def test_given_any_pattern_when_searched_then_it_matches_where_a_backtracking_engine_does(pattern: str, text: str):
    compiled = compile_pattern(pattern)
    assert compiled is not None
    found = compiled.search(text, 0, Meter())
    expected = re.search(pattern.replace("$", r"\Z"), text)

    assert (found is None) == (expected is None)
    assert found is None or expected is None or found.start == expected.start()
