"""Every published vector, each worked out by hand, on the calendars that come with the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.domain.calendar import Layer, RestDayRule, StartRule, WorkingCalendar, calendar_window, working_window

DATA = Path(__file__).parents[2] / "data" / "calendar" / "vectors.yaml"
VECTORS = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))["vectors"]
RULES = {"day_after": StartRule.NEXT_DAY, "same_day": StartRule.POSTING_DAY}


FIRST_YEAR = 2024
"""The vectors were worked out when this was the first year held, and say what is provisional for that reason."""


@pytest.fixture(scope="module")
def of_the_vectors(calendars: Mapping[str, WorkingCalendar]) -> Mapping[str, WorkingCalendar]:
    return {key: WorkingCalendar(tuple(map(_from_first_year, one.layers))) for key, one in calendars.items()}


def _from_first_year(layer: Layer) -> Layer:
    return replace(layer, years={number: year for number, year in layer.years.items() if number >= FIRST_YEAR})


def test_all_vectors_are_here() -> None:
    assert len({vector["id"] for vector in VECTORS}) == 111


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_window_agrees_with_the_vector(vector: dict, of_the_vectors: Mapping[str, WorkingCalendar]) -> None:
    calendar, start = of_the_vectors[vector["calendar"]], datetime.fromisoformat(vector["start"])
    rule = RULES[vector["convention"]]
    if vector["rule"] == "working_days":
        found = working_window(calendar, start, vector["length"], rule)
    else:
        found = calendar_window(calendar, start, vector["length"], rule, RestDayRule(vector["roll"]))
    assert (found.first_day, found.last_day) == (vector["first_day"], vector["last_day"]), vector["why"]
    assert found.provisional is (vector["result"] == "provisional")
    assert found.relies_on_unconfirmed is vector["relies_on_unconfirmed"]
