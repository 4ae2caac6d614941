"""Scenarios told in names and words instead of ids, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

import pytest

from service.catalog import Package
from service.catalog.scenarios.expectation_words import KEYS, row_texts
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.catalog.wording.word_lists import fact_words
from service.domain.text import Text
from tests.support.bundled import bundled
from tests.support.tree import PROJECT

CITIES = ("urumqi", "kizilsu", "ganzhou", "yining", "qingyuan")
_ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


@cache
def package_of(city: str) -> Package:
    catalog = bundled()
    return next(package for package in catalog.packages.values() if package.jurisdiction.id == city)


def test_states_days_and_names_are_words_of_the_language() -> None:
    terms = ScenarioTerms(package_of("urumqi"))
    assert terms.word("running").zh == "进行中"
    assert terms.word("2026-03-10T09:00+08:00").zh == "2026年3月10日 09:00"
    assert terms.word("2026-03-10T16:00:00+00:00") == Text("2026年3月10日24时", "10 March 2026, 24:00")
    assert terms.word(datetime(2026, 3, 10, 1, 30, tzinfo=UTC)).zh == "2026年3月10日 09:30"
    assert terms.word("2026-03-10").en == "10 March 2026"
    assert terms.word(date(2026, 3, 10)).zh == "2026年3月10日"
    assert terms.word("deadline_provisional", "fact").zh == "申报截止日是否暂定"
    assert terms.word(True).zh == "是"
    assert terms.outcome("application", "withdrawn").zh == "申报组织撤回"
    assert terms.word("office#2").zh.endswith("第2人")


def test_every_fact_of_a_city_has_a_name() -> None:
    unnamed = set()
    for city in CITIES:
        terms = ScenarioTerms(package_of(city))
        facts = {fact for info in package_of(city).award.processes.values() for fact in info.facts}
        unnamed |= {fact for fact in facts if terms.word(fact, "fact").zh == fact}
    assert unnamed == set()
    assert all(words.zh != key for key, words in fact_words().items())


@pytest.mark.parametrize("city", CITIES)
def test_expectations_of_the_cities_are_told_without_ids(city: str) -> None:
    """Of all expectations as they are written few still show an id: names of notices that a formula makes, codes of lists."""
    package = package_of(city)
    say, told, bare = row_texts(package), 0, []
    for path in sorted((PROJECT / "processes" / package.key / "scenarios").glob("*.yaml")):
        data = to_plain_value(parse_yaml(path.read_bytes(), path.name))
        assert isinstance(data, dict)
        for row in [*(data.get("expect") or ()), *(s["expect"] for s in data.get("steps") or () if "expect" in s)]:
            words = say({key: value for key, value in row.items() if key in KEYS and key not in ("contains", "lacks")})
            told += 1
            if _ID.search(words.zh):
                bare.append(words.zh)
    assert told > 20
    assert len(bare) < told / 50, sorted(bare)[:40]
