"""Scenarios that get a stage of review, also those in which a step is not written to the end."""

from __future__ import annotations

from service.catalog.new_city.scored_seasons import with_reviews

DECIDED = "{as: office, case: %s, complete: decide, with: {decision: accept}}"


def test_a_step_that_names_no_case_or_no_nickname_gets_no_review() -> None:
    unnamed = "steps:\n  - {complete: decide, with: {decision: accept}}\n  - " + DECIDED % 5 + "\n"
    assert with_reviews(unnamed, 3, 1) == unnamed
    both = with_reviews(unnamed + "  - " + DECIDED % "甲" + "\n", 3, 1)
    assert both.count("each: score") == 1
