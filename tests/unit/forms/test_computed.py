"""Computed fields that use one another, in whatever order they stand, and those that cannot be put in any."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from service.domain.forms import compile_form

TODAY = date(2026, 6, 1)


def computed(key: str, formula: str, **more: object) -> dict[str, object]:
    return {"type": "expression", "id": key, "key": key, "expression": f"={formula}", **more}


def number(key: str) -> dict[str, object]:
    return {"type": "number", "id": key, "key": key, "label": key}


def kept(components: list[dict[str, object]], values: Mapping[str, object]) -> Mapping[str, object]:
    return compile_form({"id": "f", "components": components}).check(values, today=TODAY).values


def test_what_is_computed_follows_what_it_uses_wherever_that_stands() -> None:
    form = [computed("third", "second + 1"), computed("second", "first * 10"), computed("first", "n + 1"), number("n")]
    assert kept(form, {"n": 2}) == {"n": 2, "first": 3, "second": 30, "third": 31}


def test_a_sum_follows_what_is_computed_in_the_rows() -> None:
    rows = {
        "type": "dynamiclist",
        "id": "rows",
        "path": "rows",
        "components": [number("n"), computed("twice", "n * 2"), computed("share", "twice / parent.all")],
    }
    form = [computed("all", "sum(rows.twice)"), rows]
    found = kept(form, {"rows": [{"n": 1}, {"n": 3}]})
    assert found["all"] == 8
    assert [row["share"] for row in found["rows"]] == [0.25, 0.75]  # type: ignore[attr-defined]


def test_what_is_hidden_by_something_computed_is_no_longer_counted() -> None:
    hidden = {**number("b"), "conditional": {"hide": "=large"}}
    form = [number("a"), hidden, computed("large", "a > 5"), computed("sum", "a + (if b = null then 0 else b)")]
    assert kept(form, {"a": 1, "b": 2})["sum"] == 3
    assert kept(form, {"a": 6, "b": 2})["sum"] == 6


def test_a_circle_ends() -> None:
    form = [number("n"), computed("a", "if b = null then n else b"), computed("b", "a")]
    assert kept(form, {"n": 7}) == {"n": 7, "a": 7, "b": 7}
