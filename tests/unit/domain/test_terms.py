from __future__ import annotations

from datetime import date

import pytest

from service.domain.terms import TermLength, TermPeriod

THREE_YEARS = TermLength(36, 2)


def term(first: str, last: str | None) -> TermPeriod:
    return TermPeriod(date.fromisoformat(first), date.fromisoformat(last) if last else None)


def test_a_term_ends_on_the_day_before_the_corresponding_one() -> None:
    assert THREE_YEARS.last_day(date(2026, 3, 1)) == date(2029, 2, 28)
    assert not THREE_YEARS.is_too_long(term("2026-03-01", "2029-02-28"))
    assert THREE_YEARS.is_too_long(term("2026-03-01", "2029-03-01"))
    assert THREE_YEARS.is_too_long(term("2026-03-01", None))


@pytest.mark.parametrize(
    ("served", "in_a_row"),
    [
        ([], 1),
        ([("2023-03-01", "2026-02-28")], 2),
        ([("2020-03-01", "2023-02-28"), ("2023-03-01", "2026-02-28")], 3),
        ([("2020-03-01", "2023-02-28")], 1),  # a whole term lies between
        ([("2020-06-01", "2023-05-31")], 2),
        ([("2026-02-01", "2028-12-31")], 1),  # the same term, its days corrected
        ([("2024-02-01", "2027-01-31")], 2),  # together as long as two
    ],
)
def test_terms_follow_each_other_unless_a_whole_one_lies_between(served: list[tuple[str, str]], in_a_row: int) -> None:
    before = [term(first, last) for first, last in served]
    assert THREE_YEARS.in_a_row(term("2026-03-01", "2029-02-28"), before) == in_a_row
