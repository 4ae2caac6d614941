"""Types of expressions, and what is told of them before anything runs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from service.catalog.feel import compiled, compiled_tests
from service.catalog.manual.functions import EXAMPLES
from service.domain.feel.parser import parse_type
from service.domain.feel.spans import Span
from service.domain.feel.static_types import (
    BOOLEAN,
    NUMBER,
    STRING,
    UNKNOWN,
    StaticType,
    context_of,
    declared_type,
    list_of,
    text_of_options,
)
from tests.support.tables import rows


def kept(type_: str) -> StaticType:
    return declared_type(parse_type(type_), is_stored_as_json=True)


ROW = context_of({"points": NUMBER, "name": STRING, "day": kept("date")}, is_closed=True)
SCOPE = {
    "decision": text_of_options(["accept", "refuse"]),
    "text": STRING,
    "number": NUMBER,
    "ok": BOOLEAN,
    "day": kept("date"),
    "moment": kept("date and time"),
    "period": kept("days and time duration"),
    "rows": list_of(ROW),
    "ticked": list_of(text_of_options(["a", "b"])),
    "anything": UNKNOWN,
    "open": context_of({"a": NUMBER}),
    "long": replace(STRING, most_signs=10),
    "year": replace(NUMBER, span=Span(Decimal(2000), Decimal(2100))),
}


@pytest.mark.parametrize(("text", "code"), rows("feel", "wrong_types"))
def test_what_cannot_be_meant_is_told_with_a_remedy(text: str, code: str):
    faults = compiled(text).infer(SCOPE).faults
    assert [fault.code for fault in faults] == [code]
    assert all(fault.message.zh and fault.message.en and (fault.remedy.zh or fault.words) for fault in faults)


@pytest.mark.parametrize("text", rows("feel", "right_types"))
def test_what_may_be_meant_is_left_alone(text: str):
    assert compiled(text).infer(SCOPE).faults == ()


@pytest.mark.parametrize(
    "text",
    ['decision = "accepted"', 'day <= date("2027-01-01")', "rows.staff", "if ok then 1 else 2", "count(text)", "sum(rows.name)",
     "rows[points > 3]", "day.year = 2026", "text + 3 > day"],
)  # fmt: skip
def test_of_names_without_a_type_nothing_is_told(text: str):
    assert compiled(text).infer({}).faults == ()


@pytest.mark.parametrize(
    ("cell", "kind", "codes"),
    [
        (">= 3", NUMBER, []),
        ('"3"', NUMBER, ["types_differ"]),
        ('>= date("2020-01-01")', STRING, ["types_differ"]),
        ('"accept", "refuse"', SCOPE["decision"], []),
        ('"accepted"', SCOPE["decision"], ["unknown_option"]),
        ('not("acept")', SCOPE["decision"], ["unknown_option"]),
        ("? > 3 and ? < 5", NUMBER, []),
        ("? + 1", NUMBER, ["not_boolean"]),
        ("[1..3], null", NUMBER, []),
        ("1, true", UNKNOWN, []),
        ("count(rows) > 3", STRING, []),
        ("[1..3]", STRING, ["types_differ"]),
        ("> 5, <= 5", NUMBER, ["threshold_always"]),
        ("[10..1]", NUMBER, ["threshold_never"]),
        ("< 5, > 5", NUMBER, []),
        ("not(< 5, >= 5)", NUMBER, ["threshold_never"]),
        ("? > 5 and ? < 3", UNKNOWN, ["threshold_never"]),
        ("1 = 1", STRING, ["types_differ"]),
        ("number / 0", NUMBER, ["always_null"]),
    ],
)
def test_cells_are_judged_by_the_type_of_their_column(cell: str, kind: StaticType, codes: list[str]):
    assert [fault.code for fault in compiled_tests(cell).infer(kind, SCOPE).faults] == codes


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('"a" = 1', "比较同一种值。"),
        ('"5" = 1', "数字不加引号：5。"),
        ('"abc" < date("2026-01-01")', "比较同一种值。"),
        ('"2026-01-02" < date("2026-01-01")', '写 date("2026-01-02")。'),
    ],
)
def test_the_remedy_for_a_written_text_is_one_that_it_can_be_read_by(text: str, remedy: str):
    assert [fault.remedy.zh for fault in compiled(text).infer({}).faults] == [remedy]


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.value is not None], ids=lambda one: one.name)
def test_the_examples_of_the_manual_are_of_the_type_inferred(example):
    expression = compiled(example.expression)
    assert expression.infer({}).faults == ()
