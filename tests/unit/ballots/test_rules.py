"""Rules of ballots and their records."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from service.domain.ballots import (
    BadRecord,
    BoxMismatch,
    Mark,
    MarkUnit,
    Overflow,
    Papers,
    Quorum,
    Rules,
    Threshold,
    TierOrder,
    TieRule,
    agrees,
    count,
    fingerprint_of,
    first_agenda,
    make_record,
    read_quorum,
    read_rules,
    read_threshold,
    recount,
)
from service.domain.errors import Invalid
from tests.unit.ballots.boxes import LETTERS, candidates, roll, tiers


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
    assert read_rules({"vote_order_of_tiers": "one ballot for both tiers"}).order is TierOrder.JOINT_BALLOT
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


PARAMETERS = {"vote_quorum": "2/3", "vote_threshold": "> 1/2"}


@pytest.fixture
def record(chance):
    rules = read_rules(PARAMETERS)
    people = candidates("ABC", {"A": 612.5})
    agenda = first_agenda(tiers(2, 1), people, rules)
    slips = dict(zip(agenda.questions(rules.unit), ("yyyyyynn", "yyyyynnnn", "nnnnnnnnn"), strict=True))
    papers = Papers(9, 0, {q: tuple(LETTERS[m] for m in text) for q, text in slips.items()})
    members = roll(10, 9, {3: "A"})
    outcome = count(papers, rules, members, people, agenda)
    made = make_record(
        "box", "表决", PARAMETERS, rules, members, people, agenda, papers, outcome, frozenset(), ["f1", "f0"], chance
    )
    return json.loads(json.dumps(made))


def test_the_count_can_be_repeated_from_what_is_published(record):
    again = recount(record)
    assert agrees(record, again)
    assert [e.candidate for e in again.elected] == ["A", "B"]


def test_a_changed_slip_is_noticed(record):
    before = fingerprint_of(record)
    slip = next(s for s in record["slips"]["quality:B"] if s["mark"] == "yes")
    slip["mark"] = str(Mark.NO)
    assert not agrees(record, recount(record))
    assert fingerprint_of(record) != before


def test_a_slip_added_or_taken_is_noticed(record):
    record["slips"]["quality:B"].pop()
    with pytest.raises(BoxMismatch):
        recount(record)


@pytest.mark.parametrize("part", ["rules", "roll", "slips", "agenda", "papers", "candidates", "withdrawn"])
def test_what_is_no_record_is_refused(record, part):
    del record[part]
    with pytest.raises(BadRecord):
        recount(record)


def test_nothing_published_names_or_orders_a_voter(record):
    text = json.dumps(record, ensure_ascii=False)
    assert "m3" not in text
    assert record["receipts"] == ["f0", "f1"]
    for slips in record["slips"].values():
        assert [s["salt"] for s in slips] == sorted(s["salt"] for s in slips)
    assert record["roll"] == sorted(record["roll"], key=lambda v: (v["weight"], v["recused"], v["marked"]))


def test_a_count_by_sign_in_is_repeated_from_the_record_without_telling_who_was_there(chance):
    parameters = {"vote_quorum": "> 1/2", "vote_quorum_counts": "sign_in", "vote_threshold_base": "members_signed_in"}
    rules, people = read_rules(parameters), candidates("AB")
    agenda = first_agenda(tiers(2), people, rules)
    slips = dict(zip(agenda.questions(rules.unit), ("yyyy", "yyyn"), strict=True))
    papers = Papers(4, 0, {q: tuple(LETTERS[m] for m in text) for q, text in slips.items()})
    members = roll(10, 4).with_attendance({5, 6, 7})
    outcome = count(papers, rules, members, people, agenda)
    assert outcome.quorum, "four papers of ten are no majority, seven who were there are"
    assert [line.base for line in outcome.lines] == [7, 7]
    assert [e.candidate for e in outcome.elected] == ["A"], "three of seven are no majority"
    made = make_record(
        "box", "表决", parameters, rules, members, people, agenda, papers, outcome, frozenset(), [], chance
    )
    record = json.loads(json.dumps(made))
    assert agrees(record, recount(record))
    next(v for v in record["roll"] if v["attended"])["attended"] = False
    assert not agrees(record, recount(record))


def test_papers_alone_count_where_nothing_else_is_said():
    rules, people = read_rules({"vote_quorum": "> 1/2"}), candidates("A")
    agenda = first_agenda(tiers(1), people, rules)
    (question,) = agenda.questions(rules.unit)
    papers = Papers(4, 0, {question: (Mark.YES,) * 4})
    outcome = count(papers, rules, roll(10, 4).with_attendance({5, 6, 7}), people, agenda)
    assert not outcome.quorum
    assert outcome.attending is None
