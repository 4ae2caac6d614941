"""Misuse counts from the day it was found; a case moved from a version that did not ask for it, from the day it began."""

from __future__ import annotations

import pytest

from service.catalog.feel import compiled
from tests.support.bundled import bundled

LAST_DAY = "2031-07-20"
NEXT_DAY = "2031-07-21"
WAYS = {"urumqi": "ignored_to_set_revocation", "kizilsu": "misuse_revokes_to_revoke_for_misuse"}


def may_be_revoked(city: str, found_on: str | None, began_at: str, *, held: bool = True) -> bool:
    diagram = bundled().package(f"{city}/quality_award").diagram(f"{city}_misuse")
    scope = {
        "case": {"misuse": "ignored", "started_at": began_at},
        "frame": {} if found_on is None else {"found_on": found_on},
        "misuse_result": "misuse",
        "param": {"misuse_revokes": "after_ignored_order", "monitoring_years": 5},
        "standing": {"held": held},
        "supervision": {"decided_on": "2026-07-20"},
    }
    return compiled(diagram.flows[WAYS[city]].condition).evaluate(scope) is True


@pytest.mark.parametrize("city", WAYS)
def test_the_day_of_finding_counts(city: str) -> None:
    assert may_be_revoked(city, LAST_DAY, began_at=f"{NEXT_DAY}T01:00:00+00:00")
    assert not may_be_revoked(city, NEXT_DAY, began_at=f"{NEXT_DAY}T01:00:00+00:00")


@pytest.mark.parametrize("city", WAYS)
def test_where_it_is_not_known_the_day_in_china_on_which_the_case_began_counts(city: str) -> None:
    assert may_be_revoked(city, None, began_at=f"{LAST_DAY}T15:59:59.5+00:00")
    assert not may_be_revoked(city, None, began_at=f"{LAST_DAY}T16:00:01+00:00")


@pytest.mark.parametrize("city", WAYS)
def test_an_award_that_is_gone_is_not_revoked_again(city: str) -> None:
    assert not may_be_revoked(city, LAST_DAY, began_at=f"{LAST_DAY}T01:00:00+00:00", held=False)
