from fractions import Fraction

import pytest

from service.domain.ballots import (
    MarkUnit,
    Overflow,
    Quorum,
    Rules,
    Threshold,
    TierOrder,
    TieRule,
    read_quorum,
    read_rules,
    read_threshold,
)
from service.domain.errors import Invalid


def test_silent_texts_get_the_recorded_defaults():
    assert read_rules({}) == Rules()
    usual = Rules()
    assert usual.quorum == Quorum(Fraction(2, 3))
    assert usual.threshold == Threshold(Fraction(1, 2), strict=True)
    assert (usual.base, usual.unit, usual.max_ballots, usual.secret) == ("votes_cast", "per_candidate", 2, True)
    assert (usual.overflow, usual.tie, usual.votes_per_voter) == (Overflow.MOST_VOTES, TieRule.SECOND_BALLOT, 1)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("2/3", Quorum(Fraction(2, 3))),
        ("1/2", Quorum(Fraction(1, 2))),
        ("all", Quorum(Fraction(1))),
        (7, Quorum(None, 7)),
        ("7", Quorum(None, 7)),
        ("> 1/2", Quorum(Fraction(1, 2), strict=True)),
        (">= 2/3", Quorum(Fraction(2, 3))),
    ],
)
def test_a_quorum_is_a_share_everybody_or_a_number(value, rule):
    assert read_quorum(value) == rule


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("> 1/2", Threshold(Fraction(1, 2), True)),
        (">= 1/2", Threshold(Fraction(1, 2), False)),
        ("> 2/3", Threshold(Fraction(2, 3), True)),
        (">= 2/3", Threshold(Fraction(2, 3), False)),
        ("≥ 3/4", Threshold(Fraction(3, 4), False)),
        ("plurality", Threshold(None)),
    ],
)
def test_a_threshold_is_a_share_with_its_sign(value, rule):
    assert read_threshold(value) == rule


@pytest.mark.parametrize("base", ["votes_cast", "members_present", "members_on_roll"])
@pytest.mark.parametrize("unit", list(MarkUnit))
@pytest.mark.parametrize("order", list(TierOrder))
def test_every_recorded_choice_is_known(base, unit, order):
    rules = read_rules({"vote_threshold_base": base, "vote_unit": str(unit), "vote_order_of_tiers": str(order)})
    assert (rules.base, rules.unit, rules.order) == (base, unit, order)


def test_words_may_be_written_as_in_the_list_of_defaults():
    assert read_rules({"vote_order_of_tiers": "one ballot for both tiers"}).order is TierOrder.ONE_BALLOT
    assert read_rules({"vote_quorum": "all members"}).quorum == Quorum(Fraction(1))


def test_a_casting_vote_of_the_chair_decides_ties():
    assert read_rules({"chair_casting_vote": True}).tie is TieRule.CHAIR
    assert read_rules({"chair_casting_vote": False}).tie is TieRule.SECOND_BALLOT


@pytest.mark.parametrize(
    "bad",
    [
        {"vote_quorum": "most"}, {"vote_quorum": "3/2"}, {"vote_quorum": "1/0"}, {"vote_threshold": "1/2"},
        {"vote_threshold": "> 2"}, {"vote_unit": "by_acclamation"}, {"vote_tie": "coin"}, {"vote_max_ballots": 0},
        {"votes_per_voter": 1.5}, {"secret_ballot": "yes"}, {"quota_overflow": "all"},
    ],
)  # fmt: skip
def test_a_rule_nobody_knows_is_refused_by_name(bad):
    with pytest.raises(Invalid) as refused:
        read_rules(bad)
    assert next(iter(bad)) in refused.value.message.zh


@pytest.mark.parametrize(
    ("rule", "present", "entitled", "met"),
    [
        ("2/3", 6, 9, True), ("2/3", 5, 9, False), ("2/3", 7, 10, True), ("2/3", 6, 10, False), ("all", 9, 9, True),
        ("all", 8, 9, False), (5, 5, 9, True), (5, 4, 9, False), ("2/3", 0, 0, False),
        ("> 1/2", 5, 10, False), ("> 1/2", 6, 10, True),
    ],
)  # fmt: skip
def test_a_quorum_is_exact(rule, present, entitled, met):
    assert read_quorum(rule).met(present, entitled) is met


@pytest.mark.parametrize(
    ("rule", "votes", "base", "met"),
    [
        ("> 1/2", 5, 10, False), ("> 1/2", 6, 10, True), (">= 1/2", 5, 10, True), ("> 2/3", 6, 9, False), (">= 2/3", 6, 9, True),
        (">= 3/4", 6, 8, True), (">= 3/4", 5, 7, False), ("plurality", 1, 9, True), ("plurality", 0, 9, False), (">= 1/2", 0, 0, False),
    ],
)  # fmt: skip
def test_a_threshold_is_exact(rule, votes, base, met):
    assert read_threshold(rule).met(votes, base) is met
