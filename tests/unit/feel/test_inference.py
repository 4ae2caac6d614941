"""Types of expressions, and what is told of them before anything runs."""

from __future__ import annotations

import pytest

from service.catalog.feel import compiled, compiled_tests
from service.catalog.manual.functions import EXAMPLES
from service.domain.feel.parser import parse_type
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


def kept(type_: str) -> StaticType:
    return declared_type(parse_type(type_), is_kept=True)


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
}

WRONG = [
    ('decision = "accepted"', "unknown_option"),
    ('decision in ("accept", "refused")', "unknown_option"),
    ('decision != "acept"', "unknown_option"),
    ('list contains(ticked, 1) or ticked[1] = "c"', "unknown_option"),
    ('ticked[item = "c"]', "unknown_option"),
    ('day <= date("2027-01-01")', "types_differ"),
    ("day = today()", "types_differ"),
    ("moment < now()", "types_differ"),
    ("date(day) < now()", "types_differ"),
    ("period > 30", "types_differ"),
    ("date(day) - today() > 30", "types_differ"),
    ('text >= 3', "types_differ"),
    ('number between "1" and 3', "types_differ"),
    ("number in [date(day)..today()]", "types_differ"),
    ("text in (1)", "types_differ"),
    ("rows = 3", "types_differ"),
    ("number > null", "types_differ"),
    ('rows[points > "3"]', "types_differ"),
    ("ok = \"true\"", "types_differ"),
    ("[1.. \"a\"]", "types_differ"),
    ("day + duration(\"P1D\")", "operand_type"),
    ("date(day) + 3", "operand_type"),
    ('"共" + number + "项"', "operand_type"),
    ("ok * 2", "operand_type"),
    ("-text", "operand_type"),
    ("day.year = 2026", "no_property"),
    ("text.length", "no_property"),
    ("number.x", "no_property"),
    ("rows.staff", "undeclared_fact"),
    ("sum(for r in rows return r.pionts)", "undeclared_fact"),
    ("every r in rows satisfies r.result = \"met\"", "undeclared_fact"),
    ("{a: 1, b: 2}.c", "undeclared_fact"),
    ("if number then 1 else 2", "not_boolean"),
    ("some r in rows satisfies r.name", "not_boolean"),
    ("ok and text", "not_boolean"),
    ('rows["met"]', "not_boolean"),
    ("sort(rows, function(a, b) a.points)", "not_boolean"),
    ("sum(rows.name)", "argument_type"),
    ("not(text)", "argument_type"),
    ("upper case(number)", "argument_type"),
    ("contains(number, \"1\")", "argument_type"),
    ("workdays(text)", "argument_type"),
    ("workdays(5, 3)", "argument_type"),
    ("count(text)", "argument_type"),
    ("all(rows.name)", "argument_type"),
    ("string join(rows.points, \"、\")", "argument_type"),
    ("workdays(0, day)", "argument_type"),
    ("caldays(-5, day)", "argument_type"),
    ("months(1.5)", "argument_type"),
    ("duration(3)", "argument_type"),
    ("day of week(day)", "argument_type"),
    ("substring(text, \"1\")", "argument_type"),
    ("for x in text return x", "not_a_list"),
    ("some x in 5 satisfies x > 1", "not_a_list"),
    ("count(rows)[1]", "filtered_result"),
]  # fmt: skip
RIGHT = [
    'decision = "accept" or decision = null',
    "date(day) <= today()",
    "date and time(moment) < now()",
    "date(day).year + 1",
    "(date(day) - today()).days > 30",
    "workdays(15, day) > now()",
    "text = null or text != \"x\"",
    "rows[points > 3][1].name",
    "rows[name = \"x\"][1].day",
    "sum(rows.points) + sum(for r in rows return r.points)",
    "sort(rows, function(a, b) a.points > b.points)[1].points",
    "anything.x.y > 3 and anything.x = \"a\" or anything",
    "anything[x = 3][1].y = anything + \"a\"",
    "open.b = \"x\" and open.a > 1",
    "if ok then number else null",
    "(if ok then \"a\" else 1) = 1",
    "max(1, number) + min(rows.points)",
    "number in (1, [2..3], > 5)",
    "for n in 1..3 return n + 1",
    "for d in [date(day)..today()] return d.year",
    "get value(rows[1], \"staff\") = null",
    "string join(rows.name, \"、\") + string(number)",
    "null = number and [] = rows",
    "count(rows[day > \"2026-01-01\"]) > 0",
    "append(rows, {points: 1})[1].points > 0",
    "{n: number, m: n + 1}.m > 2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_what_cannot_be_meant_is_told_with_a_remedy(text: str, code: str):
    faults = compiled(text).infer(SCOPE).faults
    assert [fault.code for fault in faults] == [code]
    assert all(fault.message.zh and fault.message.en and (fault.remedy.zh or fault.words) for fault in faults)


@pytest.mark.parametrize("text", RIGHT)
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
