"""Another choice for what a text leaves open lets the same steps come out differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import handlers
from service.casework.simulate import play, read_scenario
from service.catalog.calendars import bundled_calendars, load_calendars
from service.catalog.catalog import load_package
from service.sdk import operations
from service.store import Store

PROJECT = Path(__file__).parents[2]
handlers.load()
CALENDARS = load_calendars(bundled_calendars())


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario, the values set in it instead of its own, and the expectations that then hold in place of its own.

    ``left_out`` are so many of its last steps, which only its own values allow or refuse.
    """

    city: str
    scenario: str
    values: Mapping[str, Any]
    expected: tuple[Mapping[str, Any], ...]
    left_out: int = 0


CHOICES = (
    Choice(
        "urumqi",
        "branch_record",
        {"branch_record_scope": "applicant"},
        (
            {"case": "乙", "finding": "no_major_accident", "result": "met"},
            {"case": "丙", "finding": "no_major_accident", "result": "not_met"},
        ),
    ),
    Choice(
        "qingyuan",
        "after_award",
        {"title_use_end": "revocation"},
        (
            {"case": "甲管", "fact": "title_status", "value": "kept"},
            {"case": "甲管", "document": "validity_end_notice", "contains": "仍可用于"},
        ),
        left_out=1,
    ),
)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: f"{c.city}-{c.scenario}-{'-'.join(c.values)}")
def test_another_choice_comes_out_differently(choice: Choice, sqlite_url: str, tmp_path: Path) -> None:
    path = PROJECT / "processes" / choice.city / "quality_award" / "scenarios" / f"{choice.scenario}.yaml"
    own = read_scenario(path.read_bytes(), path.name)
    other = replace(
        own,
        parameters={**own.parameters, **choice.values},
        moves=own.moves[: len(own.moves) - choice.left_out],
        expect=choice.expected,
    )
    package = load_package(PROJECT, choice.city, "quality_award")
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    played = play(store, package, other, CALENDARS, operations())
    store.close()
    assert played.passed, "\n".join(f"{u.where}: {u.message.zh}" for u in played.unmet)
