"""Tiers are filled from the highest down, within limits per group; equals are told, and what was decided of them is kept."""

from fractions import Fraction

from service.domain.review.filling import NO_PLACE, NOT_CHOSEN, Cap, Contestant, TieForPlaces, TierPlaces, fill

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
