"""How many votes were missing, from the sums of a count alone."""

import pytest

from service.casework.queries.cases.reasons import votes_short
from service.domain.ballots import Threshold


def line(yes: int, base: int = 12, result: str = "not_passed") -> dict[str, object]:
    return {"tier": "q", "yes": yes, "base": base, "result": result}


@pytest.mark.parametrize(("yes", "short"), [(6, 1), (7, 0), (0, 7)])
def test_more_than_half_of_twelve_are_seven(yes: int, short: int) -> None:
    assert votes_short(Threshold(), line(yes), [line(yes)]) == short


def test_beyond_the_places_one_more_than_the_last_elected_was_missing() -> None:
    last, other = line(9, result="elected"), line(8, result="beyond")
    assert votes_short(Threshold(), other, [last, other, line(11, result="elected")]) == 2
    assert votes_short(Threshold(), last, [last, other]) == 0
