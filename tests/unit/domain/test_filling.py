"""Tiers are filled from the highest down, within limits per group; equals are told, and what was decided of them is kept."""

from datetime import date
from fractions import Fraction

import pytest

from service.domain.calendar.periods import TermLength, TermPeriod
from service.domain.review.filling import NO_PLACE, NOT_CHOSEN, Cap, Contestant, TieForPlaces, TierPlaces, fill
from service.domain.signatures import AGREED, ALL, FIRST, REFUSED, SHARE, WAITS, decided

GOLD, SILVER = TierPlaces("gold", 1), TierPlaces("silver", 2)


def one(ident: str, points: int, *groups: str | None, tiers: str = "gold silver") -> Contestant:
    return Contestant(ident, ((1, Fraction(points)),), groups, frozenset(tiers.split()))


def test_nobody_has_two_tiers_and_the_next_get_the_lower_one() -> None:
    found = fill([one("a", 95), one("b", 90), one("c", 85), one("d", 80)], [GOLD, SILVER], [], {})
    assert found.seats == {"a": "gold", "b": "silver", "c": "silver"}
    assert found.reasons == {"d": NO_PLACE}


def test_who_is_below_the_threshold_of_a_tier_leaves_its_place_vacant() -> None:
    found = fill([one("a", 85, tiers="silver"), one("b", 80, tiers="silver")], [GOLD, SILVER], [], {})
    assert found.seats == {"a": "silver", "b": "silver"}
    assert found.vacant == {"gold": 1, "silver": 0}


def test_equals_at_the_last_place_are_told_and_nothing_below_is_filled() -> None:
    found = fill([one("a", 90), one("b", 90), one("c", 85)], [GOLD, SILVER], [], {})
    assert found.contest == TieForPlaces("gold/places", "gold", ("a", "b"), 1)
    assert found.seats == {}


def test_who_was_not_chosen_stands_for_the_next_tier() -> None:
    found = fill([one("a", 90), one("b", 90), one("c", 85)], [GOLD, SILVER], [], {"gold/places": ["b"]})
    assert found.seats == {"b": "gold", "a": "silver", "c": "silver"}


def test_a_contested_place_given_to_nobody_stays_vacant() -> None:
    found = fill([one("a", 90), one("b", 90), one("c", 85)], [GOLD], [], {"gold/places": []})
    assert found.seats == {}
    assert found.vacant == {"gold": 1}
    assert found.reasons == {"a": NOT_CHOSEN, "b": NOT_CHOSEN, "c": NO_PLACE}


def test_a_decision_gives_no_more_than_the_places_there_are() -> None:
    found = fill([one("a", 90), one("b", 90)], [GOLD], [], {"gold/places": ["a", "b"]})
    assert len(found.seats) == 1


def test_a_group_gets_no_more_than_its_limit_and_the_next_moves_up() -> None:
    rows = [one("a", 95, "x"), one("b", 90, "x"), one("c", 85, "y")]
    found = fill(rows, [TierPlaces("gold", 2)], [Cap({"x": 1})], {})
    assert set(found.seats) == {"a", "c"}
    assert found.reasons == {"b": "x的名额已满"}


def test_a_limit_of_one_tier_does_not_bind_the_others() -> None:
    rows = [one("a", 95, "x"), one("b", 90, "x"), one("c", 85, "y")]
    found = fill(rows, [TierPlaces("gold", 2), SILVER], [Cap({"x": 1}, "gold")], {})
    assert found.seats == {"a": "gold", "c": "gold", "b": "silver"}


def test_equals_of_one_group_contest_its_limit_though_places_are_left() -> None:
    rows = [one("a", 90, "x"), one("b", 90, "x"), one("c", 90, "y")]
    found = fill(rows, [TierPlaces("gold", 3)], [Cap({"x": 1})], {})
    assert found.contest == TieForPlaces("gold/0:x", "gold", ("a", "b"), 1)
    found = fill(rows, [TierPlaces("gold", 3)], [Cap({"x": 1})], {"gold/0:x": ["b"]})
    assert found.seats == {"b": "gold", "c": "gold"}


def test_two_contests_follow_each_other() -> None:
    rows = [one("a", 90, "x"), one("b", 90, "x"), one("c", 90, "y")]
    found = fill(rows, [GOLD], [Cap({"x": 1})], {"gold/0:x": ["b"]})
    assert found.contest == TieForPlaces("gold/places", "gold", ("b", "c"), 1)


def test_without_a_number_of_places_only_the_limits_count() -> None:
    rows = [one("a", 95, "x"), one("b", 90, "x"), one("c", 85, "y")]
    found = fill(rows, [TierPlaces("gold", None)], [Cap({"x": 1})], {})
    assert set(found.seats) == {"a", "c"}
    assert found.vacant == {}


# Who decides where several people sign.


@pytest.mark.parametrize(
    ("mode", "needed", "said", "expected"),
    [
        (ALL, 2, [AGREED, WAITS], None),
        (ALL, 2, [REFUSED, WAITS], None),
        (ALL, 2, [AGREED, AGREED], True),
        (ALL, 2, [AGREED, REFUSED], False),
        (SHARE, 2, [AGREED, WAITS, WAITS], None),
        (SHARE, 2, [AGREED, AGREED, WAITS], True),
        (SHARE, 2, [REFUSED, AGREED, WAITS], None),
        (SHARE, 2, [REFUSED, REFUSED, WAITS], False),
        (FIRST, 1, [WAITS, WAITS], None),
        (FIRST, 1, [WAITS, AGREED], True),
        (FIRST, 1, [REFUSED, WAITS], False),
    ],
)
def test_it_is_decided_as_soon_as_nobody_can_change_it(
    mode: str, needed: int, said: list[str], expected: object
) -> None:
    assert decided(mode, needed, said) is expected


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
