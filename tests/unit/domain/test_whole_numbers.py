"""Whole numbers as people and programs type them."""

from __future__ import annotations

import pytest

from service.domain.values.whole_numbers import whole_number, whole_numbers, year_or_zero


@pytest.mark.parametrize("typed", ["²", "٣", "9" * 5000, "-1", "", "1.0"])
def test_what_is_no_number_is_left_out(typed: str) -> None:
    assert whole_number(typed) is None
    assert whole_numbers(["7", typed, "12"]) == [7, 12]
    assert year_or_zero(typed) == 0


def test_a_year_has_four_digits() -> None:
    assert [year_or_zero(typed) for typed in ("2027", "12027", "²027")] == [2027, 0, 0]
