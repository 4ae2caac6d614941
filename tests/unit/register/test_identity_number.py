from __future__ import annotations

from datetime import date

import pytest

from service.domain.values.identity_codes import valid_identity_number

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "440524198001010013", "830000199001010012", "933442198507120021"]
)
def test_a_number_with_its_check_sign_is_valid(number: str) -> None:
    assert valid_identity_number(number, TODAY)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("110105194912310021", "another check sign"),
        ("11010519491331002X", "no such day"),
        ("110105194913310021", "no such month, with its check sign"),
        ("110105194912310", "fifteen digits"),
        ("1１010519491231002X", "a digit of another width"),
        ("91350100M000100Y43", "a credit code"),
        ("", "nothing"),
    ],
)
def test_what_is_no_identity_number_is_refused(number: str, why: str) -> None:
    assert not valid_identity_number(number, TODAY), why


def test_nobody_is_born_after_the_day() -> None:
    assert not valid_identity_number("11010519491231002X", date(1949, 12, 30))
