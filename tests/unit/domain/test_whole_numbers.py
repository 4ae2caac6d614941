"""Whole numbers as programs write and people type them."""

from __future__ import annotations

import pytest

from service.domain.values.whole_numbers import typed_whole_number, typed_year, whole_number, whole_numbers


@pytest.mark.parametrize("text", ["²", "٣", "9" * 5000, "-1", "", "1.0"])
def test_what_is_no_number_is_left_out(text: str) -> None:
    assert whole_number(text) is None
    assert typed_whole_number(text) is None
    assert whole_numbers(["7", text, "12"]) == [7, 12]
    assert typed_year(text) == 0


@pytest.mark.parametrize("text", ["１２", "1,200", " 12"])
def test_what_a_program_sends_is_in_plain_digits(text: str) -> None:
    assert whole_number(text) is None
    assert typed_whole_number(text) is not None


def test_a_year_has_four_digits() -> None:
    assert [typed_year(text) for text in ("2027", "２０２７", "12027", "²027")] == [2027, 2027, 0, 0]
