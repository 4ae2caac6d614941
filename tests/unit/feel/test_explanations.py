"""Why an expression came out as it did."""

from __future__ import annotations

import pytest

from service.domain.feel import compile_expression


@pytest.mark.parametrize(
    ("text", "scope", "value", "unknown", "decided_by"),
    [
        ("a = 1 and b = 2", {"b": 3}, False, (), ("b = 2",)),
        ("a = 1 and b = 2", {"b": 2}, False, ("a",), ("a = 1",)),
        ("a = 1 and b = 2", {"a": 1, "b": 2}, True, (), ("a = 1", "b = 2")),
        ("a = 1 or b.c > 2", {"b": {}}, None, ("a", "b.c"), ("a = 1", "b.c > 2")),
        ("a = 1 or b > 2", {"b": 3}, True, (), ("b > 2",)),
        ("not(a > 1)", {}, None, ("a",), ("a > 1",)),
        ("a = null", {}, True, (), ("a = null",)),
        ("if a > 1 then b else c", {"a": 2, "b": "x"}, "x", (), ("a > 1",)),
        ("if a > 1 then b else c", {"c": "y"}, "y", ("a",), ("a > 1",)),
        ("count(findings) = 0", {}, False, ("findings",), ("count(findings) = 0",)),
    ],
)
def test_given_missing_inputs_when_explained_then_only_those_that_matter_are_reported(
    text: str, scope: dict[str, object], value: object, unknown: tuple[str, ...], decided_by: tuple[str, ...]
):
    found = compile_expression(text).explain(scope)

    assert (found.value, found.unknown, found.decided_by) == (value, unknown, decided_by)


def test_given_a_list_with_gaps_when_a_condition_on_every_element_is_explained_then_the_gap_is_located():
    expression = compile_expression('every f in findings satisfies f.result = "met"')

    gap = expression.explain({"findings": [{"result": "met"}, {}]})
    failed = expression.explain({"findings": [{"result": "not_met"}, {}]})

    assert (gap.verdict, gap.unknown) == (None, ("findings[2].result",))
    assert (failed.verdict, failed.unknown) == (False, ())


def test_given_a_filter_over_elements_with_gaps_when_explained_then_the_gap_is_located_unless_it_cannot_matter():
    expression = compile_expression('count(findings[result = "not_met" and (weight = null or item.weight > min)]) = 0')

    gap = expression.explain({"findings": [{"result": "met"}, {}], "min": 1})
    settled = expression.explain({"findings": [{"result": "met", "weight": 0}, {"weight": 1}], "min": 1})
    outside = expression.explain({"findings": [{"result": "not_met", "weight": 2}], "min": None})

    assert gap.unknown == ("findings[2].result",)
    assert (settled.verdict, settled.unknown) == (True, ())
    assert outside.unknown == ("min",)


def test_given_a_context_whose_entry_a_later_filter_reads_when_explained_then_it_is_no_gap_of_the_rows():
    later = compile_expression("{since: year - 6, kept: rows[year >= since]}.kept")
    itself = compile_expression("{since: rows[year >= since]}.since")

    found = later.explain({"year": 2025, "rows": [{"year": 2018}, {"year": 2022}]})

    assert (found.value, found.unknown) == ([{"year": 2022}], ())
    assert itself.explain({"year": 2025, "rows": [{"year": 2018}]}).unknown == ("rows[1].since",)


def test_given_any_scope_when_explained_then_the_value_is_that_of_evaluate():
    expression = compile_expression("(a > 1 or b) and not(c = null) and (some x in xs satisfies x > a)")

    for scope in ({}, {"a": 2, "c": 1, "xs": [3]}, {"b": True, "c": 1}, {"a": 1, "b": False}):
        assert expression.explain(scope).value == expression.evaluate(scope)
    text = "count(for day in [deadline], s in bans[item.until >= day] return s) = 0"
    scope = {"deadline": 5, "bans": [{"until": 3}, {"until": 9}]}
    assert compile_expression(text).explain(scope).unknown == ()
    assert compile_expression(text).explain({"bans": [{"until": 3}]}).unknown == ("deadline",)
