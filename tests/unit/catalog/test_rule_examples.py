"""Every rule has an example that breaks it and nothing else, and one that keeps it: one fault, one message."""

from __future__ import annotations

import pytest

import handlers
from service.catalog.bpmn import structure
from service.catalog.rules import RULES
from tests.support.rule_examples import EXAMPLES, found

handlers.load()


def test_every_rule_has_an_example() -> None:
    assert {str(rule.id) for check in RULES for rule in check.rules} | structure.RULES.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("rule", EXAMPLES)
def test_what_is_wrong_is_told_once_and_what_is_right_not_at_all(rule: str) -> None:
    example = EXAMPLES[rule]
    assert found(example, "wrong") == [(rule, example["at"])]
    assert found(example, "right") == []
