"""Patterns and shared pieces that leave their own name open are called by what is made of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from service.catalog.package import Package
from service.catalog.pieces.pattern_names import pattern_name, slot_places
from service.catalog.pieces.pattern_pieces import patterns_offered
from service.catalog.pieces.piece_kinds import document_name
from service.catalog.source.json import parse_json
from service.catalog.tree import Files, below, read_sources
from tests.support.bundled import bundled
from tests.support.tree import PROJECT

CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture(scope="module")
def files() -> Files:
    return read_sources(PROJECT)


@pytest.fixture(scope="module")
def package() -> Package:
    return bundled().package("ganzhou/quality_award")


@pytest.mark.parametrize("city", ["urumqi", "kizilsu", "ganzhou", "qingyuan", "yining"])
def test_every_pattern_has_a_chinese_name_whichever_city_looks(files: Files, city: str) -> None:
    package = bundled().package(f"{city}/quality_award")
    folders = (("forms/shared/patterns", ".json"), ("processes/shared/patterns", ".bpmn"))
    paths = [path for folder, end in folders for path in below(files, folder, end)]
    assert [path for path in paths if not CHINESE.search(pattern_name(files, package, path))] == []


@pytest.mark.parametrize("city", ["urumqi", "kizilsu", "ganzhou", "qingyuan", "yining"])
def test_no_two_parts_that_can_be_added_to_a_form_have_one_name(files: Files, city: str) -> None:
    package = bundled().package(f"{city}/quality_award")
    paths = [f"forms/shared/patterns/{name}.json" for name in patterns_offered(files)]
    parts = [path for path in paths if b'"type": "default"' not in files[path]]
    names = Counter(pattern_name(files, package, path) for path in parts)
    assert [name for name, times in names.items() if times > 1] == []


def test_a_pattern_is_called_by_what_a_place_makes_of_it(files: Files, package: Package) -> None:
    assert pattern_name(files, package, "processes/shared/patterns/publicity.bpmn") == "拟获奖名单公示"
    assert pattern_name(files, package, "forms/shared/patterns/application.json") == "甘州区政府质量奖申报表"


def test_a_document_that_takes_its_title_from_a_case_is_called_by_the_step_that_issues_it(package: Package) -> None:
    assert [ident for ident in package.documents if not CHINESE.search(document_name(package, ident))] == []


def test_a_slot_tells_whose_words_it_fills_in(files: Files) -> None:
    pattern = parse_json(files["forms/shared/patterns/application.json"], "application.json")
    places = slot_places(pattern)
    assert places["text_text"] == "field_text"
    assert places["form_title"] == "application"
