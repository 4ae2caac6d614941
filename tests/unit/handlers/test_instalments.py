"""Parts of a prize add up to it, fall due on their days, and are refused where they are more than it."""

from datetime import date
from typing import Any

import pytest

from handlers.instalments import _amounts, _day
from service.domain.errors import Invalid


def test_the_last_share_takes_what_rounding_leaves() -> None:
    third = {"share": "1/3"}
    assert _amounts([third, third, third], 100_000) == [33_333, 33_333, 33_334]


def test_shares_that_are_not_the_whole_stay_what_they_are() -> None:
    assert _amounts([{"share": 0.5}, {"share": 0.25}], 1001) == [500, 250]


def test_parts_in_yuan_stand_beside_shares() -> None:
    assert _amounts([{"yuan": 20_000}, {"share": 0.5}], 60_000) == [20_000, 30_000]


@pytest.mark.parametrize(
    "rows",
    [
        [{"yuan": 70_000}],
        [{"yuan": 40_000}, {"yuan": 30_000}],
        [{"share": 0.5, "yuan": 1}],
        [{"share": 0.5, "month": 1}],
        [{}],
    ],
)
def test_a_plan_that_is_wrong_is_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(Invalid):
        _amounts(rows, 60_000)


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ({}, date(2026, 8, 31)),
        ({"months": 6}, date(2027, 2, 28)),
        ({"years": 2}, date(2028, 8, 31)),
        ({"years": 1, "months": 4}, date(2027, 12, 31)),
        ({"years": 1, "on": "06-30"}, date(2027, 6, 30)),
    ],
)
def test_a_part_falls_due_so_long_after_the_award(row: dict[str, Any], day: date) -> None:
    assert _day(row, date(2026, 8, 31)) == day
