"""What is taken back in a place begun from blank: a certificate only once it was handed over, where the place records that."""

from __future__ import annotations

from typing import Any

import pytest

from service.catalog.new_city.follow_up_pieces import revocation_pieces
from service.catalog.new_city.site import Site
from service.catalog.new_city.steps import CityStep
from service.domain.feel import compile_expression


def recovered(*, hands_over: bool, details: dict[str, Any]) -> object:
    site = Site("a", {}, frozenset({CityStep.REVOCATION}), hands_over=hands_over)
    said = revocation_pieces(site).patterns["revocation.bpmn"]["slots"]["recover"].replace('\\"', '"')
    award = {"details": {"application": 7, **details}}
    return compile_expression(said).evaluate({"register": {"awards": [award]}, "application": {"id": 7}})


@pytest.mark.parametrize(
    ("hands_over", "details", "things"),
    [
        (False, {}, ["证书"]),
        (True, {}, []),
        (True, {"handed_over_on": "2026-05-08"}, ["证书"]),
        (True, {"paid_yuan": 300000}, ["奖金300000元"]),
        (True, {"handed_over_on": "2026-05-08", "paid_yuan": 300000}, ["证书", "奖金300000元"]),
    ],
)
def test_nobody_returns_a_certificate_that_was_not_handed_over(
    hands_over: bool, details: dict[str, Any], things: list[str]
) -> None:
    assert recovered(hands_over=hands_over, details=details) == things


def test_what_is_handed_over_meanwhile_is_taken_back_too() -> None:
    for hands_over, said in ((False, "null"), (True, r"[\"证书\"]")):
        site = Site("a", {}, frozenset({CityStep.REVOCATION}), hands_over=hands_over)
        assert revocation_pieces(site).patterns["revocation.bpmn"]["slots"]["once_handed_over"] == said
