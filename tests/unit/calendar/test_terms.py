"""Terms of office: their last day, and how many follow each other."""

from datetime import date

import pytest

from service.domain.calendar.periods import TermLength, TermPeriod

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


@pytest.mark.parametrize(
    ("first", "served", "in_a_row"),
    [
        ("2027-01-04", [("2024-01-01", None)], 2),  # an open term lasted until the new one
        ("2027-01-04", [("2021-01-01", None), ("2024-01-01", None)], 3),
        ("2030-01-04", [("2024-01-01", None), ("2024-01-01", "2024-12-31")], 1),  # its end was said later
        ("2027-01-04", [("2027-01-04", None)], 1),  # the same term, its end said now
        ("2028-06-04", [("2020-03-20", "2023-03-19"), ("2023-03-20", "2026-03-19"), ("2025-06-01", "2025-06-02")], 3),
    ],
)
def test_open_and_inner_terms_hide_none_of_those_served(
    first: str, served: list[tuple[str, str | None]], in_a_row: int
) -> None:
    new = TermPeriod(date.fromisoformat(first), THREE_YEARS.last_day(date.fromisoformat(first)))
    assert THREE_YEARS.in_a_row(new, [term(*one) for one in served]) == in_a_row
