"""Every step and expectation of the cities is told in words: no role, record, state or key of a file is left."""

from __future__ import annotations

import re

import pytest

from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.scenarios.step_words import step_words
from service.catalog import Package
from service.catalog.scenarios.expectation_words import row_texts
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from tests.support.bundled import bundled
from tests.support.tree import PROJECT

_WRITTEN = re.compile(r"写有.*|不写.*|结尾.*|名称.*|“[^”]*”|[^，]*\.(pdf|jpg|xlsx)|地方 \w+|培训.*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]{4,}")


@pytest.fixture(scope="module")
def cities() -> dict[str, Package]:
    return dict(bundled().packages)


@pytest.mark.parametrize("city", ["kizilsu", "ganzhou", "urumqi", "yining", "qingyuan"])
def test_what_scenarios_say_stands_in_words(city: str, cities: dict[str, Package]) -> None:
    package = cities[f"{city}/quality_award"]
    say, row = step_words(package), row_texts(package)
    left: set[str] = set()
    for file in sorted((PROJECT / "processes" / city / "quality_award" / "scenarios").glob("*.yaml")):
        scenario = read_scenario(file.read_bytes(), file.stem)
        told = [row(m.value) if m.verb == "expect" else say(m) for m in scenario.moves]
        for text in (*told, *map(row, scenario.expect)):
            left |= set(_WORD.findall(_WRITTEN.sub("", text.zh)))
    assert left == set()


def test_a_fact_is_told_with_its_value_and_an_amount_with_its_unit(cities: dict[str, Package]) -> None:
    """No prize is told by the name of the parameter that happens to be called like the fact."""
    row = row_texts(cities["qingyuan/quality_award"])
    prize = row({"case": "甲", "fact": "prize_yuan", "value": 800000})
    assert (prize.zh, prize.en) == ("办件 甲，奖金：800,000元", "case 甲, prize: 800,000 yuan")
    assert row({"case": "甲", "fact": "accepting", "value": True}).zh == "办件 甲，是否受理申报：是"
    assert row({"case": "甲", "fact": "deadline_at", "value": "2026-03-31T16:00:00Z"}).zh.endswith("2026年3月31日24时")


def test_roles_of_shared_pieces_are_named_in_both_languages(cities: dict[str, Package]) -> None:
    """A place that binds a shared role says its own; what is bound nowhere has the name of its lane."""
    terms = ScenarioTerms(cities["kizilsu/quality_award"])
    for role in ("recommender", "investigator", "objection_decider"):
        word = terms.word(role)
        assert word.zh != role
        assert "_" not in word.en
    assert terms.word("recusal", "history").zh == "回避"
    assert terms.word("recusal", "history").en == "recusal"
