"""Tiers of a list, as the operation reads them."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.lists import ListTier
from service.domain.errors import Invalid


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ({"places": 3}, 3),
        ({"share": 0.3}, 2),
        ({"share": 0.3, "round": "up"}, 3),
        ({"share": 0.25, "round": "half_up"}, 2),
        ({"share": "1/3", "places": 1}, 1),
        ({"share": 0.3, "places": 5}, 2),
        ({}, None),
    ],
)
def test_a_tier_has_the_smaller_of_its_places_and_its_share(row: dict[str, Any], places: int | None) -> None:
    assert ListTier.read({"id": "gold", **row}, 9 if row.get("share") != 0.25 else 6).places == places


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"places": 1}, "id"),
        ({"id": "gold", "place": 1}, "place"),
        ({"id": "gold", "places": "many"}, "many"),
        ({"id": "gold", "least": "high"}, "high"),
        ("gold", "tiers"),
    ],
)
def test_a_tier_that_is_written_wrong_says_what_is_wrong(row: Any, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        ListTier.read(row, 9)
    assert says in refused.value.message.zh
