"""What a play says when a scenario holds a slip of the pen."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

import handlers
from service.casework.simulate import ScenarioMistake
from service.catalog import Package
from service.catalog.scenarios.expectation_words import KEYS, row_texts
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.catalog.wording.word_lists import fact_words
from service.cli.simulate import play_file
from service.domain.text import Text
from tests.support.bundled import bundled
from tests.support.tree import PROJECT
from tests.unit.catalog.conftest import MINIATURE

handlers.load()
SEASON = """
title: 一处笔误
clauses: [LS-2]
start: 2026-03-02
organisations: {甲: {name: 湖滨木作坊, uscc: 91650100MA7800001X}}
steps:
  - STEP
  - {at: 2026-03-02 09:00, as: 甲, start: application, name: 甲, with: {founded: 2020-05-01, merit: 榫卯技艺传承。}}
expect:
  - EXPECT
"""
EXPECT = "{case: 甲, waiting: decide}"


def sentences(tmp_path: Path, step: str, expect: str = EXPECT) -> list[str]:
    shutil.copytree(MINIATURE, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "processes/lakeside/star_award/scenarios/slip.yaml"
    path.write_text(SEASON.replace("STEP", step).replace("EXPECT", expect), "utf-8")
    return [unmet.message.zh for unmet in play_file(path).unmet]


def test_a_key_that_would_be_passed_over_is_refused_with_those_there_are(tmp_path: Path) -> None:
    [said] = sentences(tmp_path, "{award: {for: 甲, tier: star_award, decided_on: 2022-05-01, prize: 5}}")
    assert said.startswith("第1步：“award”没有“prize”一项，可用：for、tier")


def test_an_award_on_record_keeps_its_details_and_a_finding_that_differs_is_shown_alone(tmp_path: Path) -> None:
    award = "{award: {for: 甲, tier: star_award, decided_on: 2022-05-01, details: {prize_yuan: 5}}}"
    [said] = sentences(tmp_path, award, "{case: 甲, finding: founded_long_enough, result: not_met}")
    assert "'finding': 'founded_long_enough', 'result': 'met'" in said


@pytest.mark.parametrize(
    ("expect", "word", "hint"),
    [
        ("{case: 甲, reached: decides, no: true}", "decides", "decide"),
        ("{case: 甲, outcome: acepted, no: true}", "acepted", "accepted"),
        ("{case: 甲, document: refusel, times: 0}", "refusel", "refusal"),
        ("{case: 甲, fact: stages, value: ended, no: true}", "stages", "stage"),
        ("{case: 甲, waiting: decide, rol: office, no: true}", "rol", "role"),
        ("{case: 甲, waiting: decide, proves: [LS-22]}", "LS-22", "LS-2"),
    ],
)
def test_an_expectation_that_could_never_be_broken_is_refused(
    tmp_path: Path, expect: str, word: str, hint: str
) -> None:
    """Each wants none of what there can never be for a slip of the pen."""
    with pytest.raises(ScenarioMistake) as refused:
        sentences(tmp_path, "{until: 2026-03-02}", expect)
    assert f"“{word}”不存在" in refused.value.message.zh
    assert hint in refused.value.message.zh


@pytest.mark.parametrize(
    "said", ["waiting: [decide]", "task: [decide, decide]", "document: {refusal: 1}", "outcome: [accepted]"]
)
def test_an_expectation_names_one_thing(tmp_path: Path, said: str) -> None:
    with pytest.raises(ScenarioMistake) as refused:
        sentences(tmp_path, "{until: 2026-03-02}", f"{{case: 甲, {said}}}")
    assert "只写一个名称" in refused.value.message.zh


YOUNG = "{at: 2026-03-02 09:00, as: 甲, start: application, name: 新, with: {founded: 2025-05-01, merit: 榫卯。}}"


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ("contains: [不予受理, 成立不满3年], lacks: 五年, ends: 2026年3月2日", True),
        ("contains: [不予受理, 成立不满五年]", False),
        ("lacks: [五年, 不予受理]", False),
        ("ends: 2026年3月3日", False),
        ("lacks: 五年, no: true", False),
    ],
)
def test_a_text_is_asked_for_what_it_holds_what_it_lacks_and_how_it_ends(tmp_path: Path, said: str, met: bool) -> None:
    found = sentences(tmp_path, YOUNG, f"{{case: 新, document: refusal, {said}}}")
    assert (not found) is met, found


def test_a_refusal_names_the_fields_that_it_marks(tmp_path: Path) -> None:
    refused = "{as: 甲, refused: true, start: application, with: {founded: 2020-05-01}, fields: [FIELDS]}"
    assert sentences(tmp_path, refused.replace("FIELDS", "merit")) == []


def test_a_field_that_a_refusal_does_not_mark_is_told(tmp_path: Path) -> None:
    refused = "{as: 甲, refused: true, start: application, with: {founded: 2020-05-01}, fields: [merit, founded]}"
    [said] = sentences(tmp_path, refused)
    assert said == "应指出成立日期有误，实际指出：主要事迹"


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
