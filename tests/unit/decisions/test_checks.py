"""What is wrong with a table before anybody uses it."""

from __future__ import annotations

import pytest

from service.domain.decisions import DecisionModelError, read_tables
from tests.unit.decisions.tables import model_of, table_of


def problems(rules: list[tuple[str, ...]], hit_policy: str = "UNIQUE", **more: str) -> list[tuple[str | None, str]]:
    table = table_of(rules, hit_policy=hit_policy, **more)  # type: ignore[arg-type]
    return [(problem.rule_id, problem.message.en) for problem in table.problems()]


@pytest.mark.parametrize(
    ("rules", "hit_policy", "rule_id", "words"),
    [
        ([("< 3", "-", '"a'), ("-", "-", "1")], "FIRST", "r1", "no closing quote"),
        ([("? > wrkdays(3)", "-", "1")], "UNIQUE", "r1", "no function “wrkdays”"),
        ([(">= 3", "-", "1"), ("[1..3]", "-", "2")], "UNIQUE", "r2", "Overlaps with row 1: both match when years = 3"),
        ([("-", '"a"', "1"), ("> 5", 'not("b")', "2")], "UNIQUE", "r2", 'years = 6, penalty = "a"'),
        ([('<= date("2026-05-01")', "-", "1"), ('> date("2026-04-30")', "-", "2")], "UNIQUE", "r2", "2026-05-01"),
        ([(">= 3", "-", "1"), ("> 4", '"a"', "2")], "FIRST", "r2", "Is never reached"),
        ([("? > 5 and ? < 3", "-", "1")], "UNIQUE", "r1", "ever satisfy"),
        ([("<= bound", "-", "1"), (">= bound", "-", "2")], "UNIQUE", "r2", "both match when years = bound"),
        ([("< penalty", "-", "1"), ("< 3", "-", "2")], "UNIQUE", "r2", "years = 1, penalty = 3"),
        ([("<= penalty", "-", "1"), ("-", "<= years", "2")], "UNIQUE", "r2", "years = penalty"),
        ([("<= bound", "-", "1"), ("< bound", "-", "2")], "FIRST", "r2", "Is never reached"),
        ([("? > bound and ? <= bound", "-", "1")], "UNIQUE", "r1", "ever satisfy"),
        ([("-", "-", "1")], "PRIORITY", None, "output values in their order"),
    ],
)
def test_given_a_faulty_table_when_checked_then_the_row_and_the_fault_are_named(
    rules: list[tuple[str, ...]], hit_policy: str, rule_id: str | None, words: str
):
    assert any(row == rule_id and words in text for row, text in problems(rules, hit_policy))


@pytest.mark.parametrize(
    ("rules", "hit_policy"),
    [
        ([("< 3", "-", "1"), (">= 3", '"a"', "2"), (">= 3", 'not("a")', "3")], "UNIQUE"),
        ([("[1..3)", "-", "1"), ("[3..5]", "-", "2"), ("null", "-", "3")], "UNIQUE"),
        ([("< bound", "-", "1"), ("< 3", "-", "2")], "UNIQUE"),
        ([("< bound", "-", "1"), ("> least", "-", "2")], "UNIQUE"),
        ([("< bound", "-", "1"), (">= bound", "-", "2")], "UNIQUE"),
        ([("< penalty", "-", "1"), ("-", "< years", "2"), ("penalty", "-", "3")], "UNIQUE"),
        ([("> 4", '"a"', "1"), (">= 3", "-", "2"), ("-", "-", "3")], "FIRST"),
        ([("< 3", "-", "1"), (">= 3", "-", "2"), ("-", "-", "3")], "FIRST"),
        ([("< 2 + 3", "-", "1"), ("4", "-", "2")], "UNIQUE"),
    ],
)
def test_given_a_sound_table_when_checked_then_nothing_is_reported(rules: list[tuple[str, ...]], hit_policy: str):
    assert problems(rules, hit_policy) == []


@pytest.mark.parametrize(
    ("rules", "allowed", "named", "any_at_all"),
    [
        ([("< 3", '"a"', "1"), (">= 3", '"a"', "2")], "", None, "（其他）"),
        ([("< 3", '"a"', "1"), ("> 3", '"a"', "2"), ("-", '"b"', "3")], "", 'years = 3, penalty = "a"', "（其他）"),
        ([("-", '"x"', "1"), ('"x"', '"y"', "2")], '"x", "y"', 'years = "y", penalty = "y"', 'penalty = "y"'),
        ([("< 3", "-", "1")], "", "years = 4", "years = 4"),
        ([("< bound", "-", "1"), ("> bound", "-", "2")], "", "years = bound", ""),
        ([("< date(bound.day)", "-", "1"), ("> date(bound.day)", "-", "2")], "", "years = bound.day", ""),
        ([("< penalty", "-", "1"), ("penalty", "-", "2")], "", "penalty < years", ""),
        ([("< bound", "-", "1"), (">= bound", "-", "2")], "", None, ""),
        ([("< bound", "-", "1"), ("> least", "-", "2")], "", None, ""),
        ([("<= bound", "< 3", "1"), ("> bound", "-", "2")], "", "years = bound, penalty = 4", ""),
    ],
)
def test_a_gap_is_looked_for_among_what_the_table_names_or_among_everything(
    rules: list[tuple[str, ...]], allowed: str, named: str | None, any_at_all: str
):
    table = table_of(rules, allowed=allowed)
    assert table.gap(named=True) == named
    assert any_at_all in (table.gap() or "")


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"<definitions", "XML"),
        (b"<html/>", "definitions"),
        (b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>', "DOCTYPE"),
        (model_of('<decision id="d" name="d"><decisionTable hitPolicy="BEST"/></decision>'), "BEST"),
        (b" " * 5_000_001, "5 MB"),
        (b"<definitions>" + b"<a>" * 300 + b"</a>" * 300 + b"</definitions>", "第 1 行：元素嵌套超过 60 层"),
    ],
)
def test_given_what_is_no_usable_file_when_read_then_it_is_refused_with_the_reason(xml: bytes, words: str):
    with pytest.raises(DecisionModelError, match=words):
        read_tables(xml)
