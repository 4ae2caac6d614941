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
        (r"\d+", "", "a٣1", "٣1"),
        (r"\w+", "", "《中a_+》", "中a"),
        (r"[\W\d]+", "", "中《1》a", "《1》"),
        (r"[\S-[ab]]+", "", "ab c\n", "c"),
        ("[a-c-[b-[b]]]+", "", "abc", "abc"),
        ("[a-[a]]", "", "a", None),
        (r"\i\c*", "", "1a-b:2中 c", "a-b:2中"),
        ("[ a]+", "x", "b a", " a"),
        ("a{2}", "q", "a{2}", "a{2}"),
        ("É", "i", "é", "é"),
        ("a.", "", "a\r", None),
        ("]", "", "]", "]"),
    ],
)
def test_given_a_pattern_when_searched_then_the_leftmost_match_is_found(
    pattern: str, flags: str, text: str, expected: str | None
):
    assert _first(pattern, text, flags) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a{2,1}",
        "[z-a]",
        "*a",
        r"(a)\1",
        r"\q",
        "a" * 501,
        "((a{100}){100}){9}",
        "(?i)a",
        "(?P<a>b)",
        r"\bx",
        r"\p{Han}",
        "a{,2}",
        "a**",
        "[[:alpha:]]",
        "[a",
        "[a-[b]c]",
    ],
)
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
    found = next(compiled.find_all(text, Meter()), None)
    expected = re.search(pattern.replace("$", r"\Z"), text)

    assert (found is None) == (expected is None)
    assert found is None or expected is None or found.span()[0] == expected.start()


def _first(pattern: str, text: str, flags: str) -> str | None:
    """Return what the pattern finds first."""
    compiled = compile_pattern(pattern, flags)
    assert compiled is not None
    match = next(compiled.find_all(text, Meter()), None)
    return None if match is None else text[slice(*match.span())]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b*", "abbc", [(0, 0), (1, 3), (3, 3), (4, 4)]),
        ("(?:)", "中a", [(0, 0), (1, 1), (2, 2)]),
        ("c$|$", "abc", [(2, 3), (3, 3)]),
        ("\ud800", "a\ud800", [(1, 2)]),
    ],
)
def test_given_a_pattern_when_all_matches_are_asked_then_each_comes_once(
    pattern: str, text: str, expected: list[tuple[int, int]]
):
    compiled = compile_pattern(pattern)
    assert compiled is not None

    assert [match.span() for match in compiled.find_all(text, Meter())] == expected
