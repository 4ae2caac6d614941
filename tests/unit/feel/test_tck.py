"""The standard's own test kit is the measure."""

from __future__ import annotations

import pytest

from tests.unit.feel.manual import MANUAL, filled, reason_of
from tests.unit.feel.tck import Score, run_level


@pytest.fixture(scope="module")
def scores() -> dict[int, Score]:
    return {level: run_level(level) for level in (2, 3)}


def test_given_the_kit_when_run_then_all_of_level_two_passes(scores: dict[int, Score]):
    assert scores[2].misses == ()
    assert (scores[2].passed, scores[2].cases) == (116, 116)


def test_given_the_kit_when_run_then_level_three_scores_what_the_manual_says(scores: dict[int, Score]):
    assert (scores[3].passed, scores[3].cases) == (2489, 2553)
    assert all(reason_of(miss) for miss in scores[3].misses)


def test_given_the_manual_when_compared_then_its_generated_parts_are_up_to_date(scores: dict[int, Score]):
    manual = MANUAL.read_text("utf-8")

    assert filled(manual, scores.values()) == manual
