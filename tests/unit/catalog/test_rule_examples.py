"""Every rule has an example that breaks it and nothing else, and one that keeps it: one fault, one message."""

from __future__ import annotations

import pytest

import handlers
from service.catalog import build_catalog
from service.catalog.bpmn import structure
from service.catalog.check import check_catalog
from service.catalog.rules import RULES
from tests.fuzz.mutations import MISSPELT, mutants
from tests.support.rule_examples import EXAMPLES, TREE, found

handlers.load()


def test_every_rule_has_an_example() -> None:
    assert {str(rule.id) for check in RULES for rule in check.rules} | structure.RULES.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("rule", EXAMPLES)
def test_what_is_wrong_is_told_once_and_what_is_right_not_at_all(rule: str) -> None:
    example = EXAMPLES[rule]
    assert [(str(p.rule), p.element, p.remedy.zh) for p in found(example, "wrong")] == [
        (rule, example["at"], example["remedy"])
    ]
    assert found(example, "right") == ()


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("unknown_clause", "LS-33"),
        ("lane_of_role", "办公室"),
        ("share_in_words", "{share: param.min_years}"),
        ("notice_end", "date and time(posted.ends_at)"),
        ("undeclared_variable", "decision"),
        ("fact_not_declared", "application.seen"),
    ],
)
def test_what_a_button_of_the_editor_puts_right_is_told_as_a_word(rule: str, word: str) -> None:
    assert [problem.word for problem in found(EXAMPLES[rule], "wrong")] == [word]


@pytest.mark.parametrize("path", [path for path in TREE if path.endswith(".bpmn")])
def test_an_attribute_that_is_left_out_or_misspelt_is_told_once(path: str) -> None:
    several = {}
    for mutant in mutants(path, TREE[path]):
        if mutant.content is not None and mutant.what.endswith(("= None", f"= {MISSPELT!r}")):
            told = check_catalog(build_catalog({**TREE, path: mutant.content}))
            if len({problem.rule for problem in told}) > 1:
                several[mutant.what] = [(str(problem.rule), problem.element) for problem in told]
    assert several == {}


@pytest.mark.parametrize(("key", "rules"), [("reason", []), ("remark", ["undeclared_fact"])])
def test_what_no_sender_brings_with_a_message_cannot_be_read(key: str, rules: list[str]) -> None:
    example = EXAMPLES["message_key_misspelt"]
    base = [{**change, "new": change["new"].replace("stop.reason", f"stop.{key}")} for change in example["base"]]
    assert [str(p.rule) for p in found({**example, "base": base}, "right")] == rules


@pytest.mark.parametrize(
    ("how", "rules"),
    [
        ("trimmed_mean", []),
        ("trimmed_mean_2", []),
        ("trimmed_mean_3", ["never_trimmed"]),
        ("trimed_mean", ["unknown_word"]),
        ("trimmed_mean_10", ["unknown_word"]),
    ],
)
def test_sheets_combine_in_a_known_way_and_the_panel_is_large_enough(how: str, rules: list[str]) -> None:
    example = EXAMPLES["never_trimmed"]
    base = [{**change, "new": change["new"].replace("trimmed_mean_2", how)} for change in example["base"]]
    assert [str(p.rule) for p in found({**example, "base": base}, "right")] == rules
