"""Every published vector, each worked out by hand, on the calendars that come with the program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.domain.calendar import Roll, StartRule, WorkingCalendar, calendar_window, working_window

DATA = Path(__file__).parents[2] / "data" / "calendar" / "vectors.yaml"
VECTORS = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))["vectors"]
RULES = {"day_after": StartRule.NEXT_DAY, "same_day": StartRule.POSTING_DAY}


def test_all_vectors_are_here() -> None:
    assert len({vector["id"] for vector in VECTORS}) == 111


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_window_agrees_with_the_vector(vector: dict, calendars: Mapping[str, WorkingCalendar]) -> None:
    calendar, start = calendars[vector["calendar"]], datetime.fromisoformat(vector["start"])
    rule = RULES[vector["convention"]]
    if vector["rule"] == "working_days":
        found = working_window(calendar, start, vector["length"], rule)
    else:
        found = calendar_window(calendar, start, vector["length"], rule, Roll(vector["roll"]))
    assert (found.first_day, found.last_day) == (vector["first_day"], vector["last_day"]), vector["why"]
    assert found.provisional is (vector["result"] == "provisional")
    assert found.relies_on_unconfirmed is vector["relies_on_unconfirmed"]
