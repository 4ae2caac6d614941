"""What many findings or opinions come to, and every verb as a designer meets it."""

from __future__ import annotations

import re

import pytest

import handlers
from handlers.eligibility import summarise_findings
from handlers.people import sum_up
from service.sdk import Finding, Operation, operations


def finding(ground: str, result: str, supplied_by: str = "") -> Finding:
    return Finding(ground, result, ground, ("X-1",), "machine", supplied_by)


def test_all_grounds_met_give_met() -> None:
    assert summarise_findings([finding("a", "met"), finding("b", "met")])["result"] == "met"


def test_no_grounds_at_all_give_met() -> None:
    assert summarise_findings([]) == {"result": "met", "unknown": [], "failed": [], "suppliers": []}


def test_one_open_ground_leaves_the_result_unknown_and_names_who_can_supply_it() -> None:
    found = summarise_findings(
        [finding("a", "met"), finding("b", "unknown", "office"), finding("c", "unknown", "applicant")]
    )
    assert found == {"result": "unknown", "unknown": ["b", "c"], "failed": [], "suppliers": ["applicant", "office"]}


def test_a_ground_that_fails_decides_although_another_is_open() -> None:
    found = summarise_findings([finding("a", "not_met"), finding("b", "unknown", "office")])
    assert (found["result"], found["failed"], found["unknown"]) == ("not_met", ["a"], ["b"])


def test_each_supplier_is_named_once_and_nobody_where_nobody_can() -> None:
    found = summarise_findings(
        [finding("a", "unknown", "office"), finding("b", "unknown", "office"), finding("c", "unknown")]
    )
    assert found["suppliers"] == ["office"]


# Summing up what several departments said.


ASKED = ["ecology", "emergency"]


def opinion(department: str, value: str | None) -> dict[str, str | None]:
    return {"department": department, "opinion": value}


def test_everybody_in_favour_passes() -> None:
    found = sum_up(ASKED, [opinion("ecology", "pass"), opinion("emergency", "pass")])
    assert found == {"passed": ASKED, "refused": [], "missing": [], "result": "passed"}


def test_silence_is_missing_and_never_a_pass() -> None:
    found = sum_up(ASKED, [opinion("ecology", "pass")])
    assert (found["result"], found["missing"]) == ("missing", ["emergency"])


def test_an_opinion_left_blank_counts_as_silence() -> None:
    assert sum_up(ASKED, [opinion("ecology", "pass"), opinion("emergency", None)])["missing"] == ["emergency"]


def test_a_refusal_shows_even_while_another_is_silent() -> None:
    found = sum_up(ASKED, [opinion("ecology", "fail")])
    assert (found["result"], found["refused"]) == ("missing", ["ecology"])


def test_one_refusal_among_complete_opinions_refuses() -> None:
    assert sum_up(ASKED, [opinion("ecology", "fail"), opinion("emergency", "pass")])["result"] == "refused"


def test_the_last_word_of_a_department_counts() -> None:
    given = [opinion("ecology", "fail"), opinion("ecology", "pass"), opinion("emergency", "pass")]
    assert sum_up(ASKED, given)["result"] == "passed"


def test_nobody_asked_passes() -> None:
    assert sum_up([], [])["result"] == "passed"


def test_who_was_not_asked_is_not_counted() -> None:
    assert sum_up(["ecology"], [opinion("ecology", "pass"), opinion("police", "fail")])["result"] == "passed"


# Every verb as a designer meets it.


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
