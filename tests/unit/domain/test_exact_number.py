"""Numbers that somebody wrote are read exactly, and none takes long."""

from __future__ import annotations

from fractions import Fraction

import pytest

from service.casework.review.full_marks import limit_of
from service.domain.ballots.rules import read_quorum, read_threshold
from service.domain.errors import Invalid
from service.domain.review.filling import weight
from service.domain.values.exact_number import exact_number


@pytest.mark.parametrize(
    ("said", "read"),
    [(" 2/3 ", Fraction(2, 3)), (0.6, Fraction(3, 5)), ("-12", Fraction(-12)), (1e-07, Fraction(1, 10**7))],
)
def test_numbers_and_fractions_are_read(said: object, read: Fraction) -> None:
    assert exact_number(said) == read


@pytest.mark.parametrize("said", ["1e99999", "1/0", "nan", "1_000", "9" * 61, "", None, True])
def test_anything_else_is_refused_and_no_great_power_is_worked_out(said: object) -> None:
    with pytest.raises(ValueError, match=r"no number|fraction of nothing"):
        exact_number(said)
    for reader in (read_quorum, lambda said: read_threshold(f"> {said}"), lambda said: limit_of(said, {})):
        with pytest.raises(Invalid):
            reader(said)
    assert weight(said)[0] in (0, 2)


def test_a_limit_may_be_a_share_of_the_full_marks() -> None:
    full = {1: Fraction(1000), 2: Fraction(1000)}
    assert limit_of({"share": "2/3"}, full) == Fraction(2000, 3)
    assert limit_of({"share": 0.6}, full) == limit_of("60%", full) == 600
