"""Every verb as a designer meets it."""

import re

import pytest

import handlers
from service.sdk import Operation, operations

handlers.load()
VERBS = [operations()[name] for name in sorted(operations()) if not name.startswith("test.")]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
def test_a_verb_has_a_title_in_both_languages(verb: Operation) -> None:
    assert CHINESE.search(verb.title.zh)
    assert verb.title.en
    assert not CHINESE.search(verb.title.en)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
def test_every_parameter_says_in_chinese_what_it_is_for(verb: Operation) -> None:
    assert [p.name for p in verb.parameters if not CHINESE.search(p.help)] == []


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.id)
def test_parameters_and_results_have_feel_types(verb: Operation) -> None:
    known = {"string", "number", "boolean", "date", "date and time", "list", "context", "any"}
    assert {p.type for p in verb.parameters} | set(verb.result.values()) <= known


def test_no_verb_knows_a_city() -> None:
    words = " ".join(f"{v.id} {v.title} {v.parameters}" for v in VERBS)
    assert not re.search("urumqi|乌鲁木齐|yining|伊宁|克孜勒苏|甘州|庆元", words, re.IGNORECASE)
