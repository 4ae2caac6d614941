"""Expressions that tell when an unknown name left them with nothing."""

from __future__ import annotations

import pytest

from service.domain.feel import BUILTINS, WatchedFunctions, compile_expression

RECORDS: dict[str, object] = {
    "case": {"kind": "first", "reason": None},
    "rows": [{"points": 1}, {}],
    "day": "2026-03-02",
}


def told(text: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    functions = WatchedFunctions(BUILTINS, lambda said, names: found.append((said, names)))
    compile_expression(text, functions=functions).evaluate(RECORDS)
    return found


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("cese.kind", "cese.kind"),
        ("case.knd", "case.knd"),
        ('case.kind.name = "first"', "case.kind.name"),
        ("case.reason.text", "case.reason.text"),
        ("{kind: case.knd, other: 1}", "case.knd"),
        ('if case.kind = "first" then case.knd else 1', "case.knd"),
    ],
)
def test_what_is_not_there_is_told(text: str, unknown: str) -> None:
    assert told(text) == [(text, (unknown,))]


@pytest.mark.parametrize(
    "text",
    [
        "case.kind",
        "case.reason",
        'case.kind = "second"',
        "if case.knd = null then null else case.knd.name",
        "case.knd = null",
        "every r in rows satisfies r.points = 1",
        'case.knd = "x" or case.kind = "first"',
    ],
)
def test_what_is_empty_on_purpose_foreseen_or_without_effect_is_not_told(text: str) -> None:
    assert told(text) == []


def test_functions_that_nobody_watches_compile_to_the_same_value() -> None:
    assert compile_expression("case.knd").evaluate(RECORDS) is None


def test_what_is_there_and_empty_is_told_where_that_is_asked_for() -> None:
    found: list[tuple[str, tuple[str, ...]]] = []
    functions = WatchedFunctions(BUILTINS, lambda said, names: found.append((said, names)), empty=True)
    for text in ('case.reason = "late"', 'case.kind = "second"', "case.reason = null"):
        compile_expression(text, functions=functions).evaluate(RECORDS)
    assert found == [('case.reason = "late"', ("case.reason",))]
