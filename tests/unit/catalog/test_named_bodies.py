"""Settings of the five cities in words."""

from __future__ import annotations

import re

import pytest

from service.catalog.parameters.value_words import value_words
from service.web.demo.cities import cities
from tests.support.bundled import bundled

KEY = re.compile(r"[a-z]{3,}")


@pytest.mark.parametrize("city", [one.id for one in cities()])
def test_no_value_of_a_setting_is_told_by_its_key(city: str) -> None:
    parameters = bundled().package(f"{city}/quality_award").award.parameters
    told = {p.id: value_words(p, one.value).zh for p in parameters.values() for one in p.values}
    assert {ident: words for ident, words in told.items() if KEY.search(words)} == {}


def test_bodies_of_a_list_are_told_by_their_names() -> None:
    parameters = bundled().package("urumqi/quality_award").award.parameters
    told = value_words(parameters["entrusted_units"], parameters["entrusted_units"].values[0].value)
    assert told.zh == "甘泉堡经济技术开发区（工业区）受委托行政机关"
