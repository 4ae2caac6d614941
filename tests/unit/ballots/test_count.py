from dataclasses import replace

import pytest

from service.domain.ballots import (
    Agenda,
    BoxMismatch,
    Contest,
    Papers,
    Question,
    agenda_json,
    count,
    first_agenda,
    is_anybody_left,
    leave_out,
    read_agenda,
    read_rules,
    rule_sentence,
    settle_by_chair,
    settle_held,
)
from service.domain.text import Text
from tests.unit.ballots.boxes import LETTERS, again, candidates, counted, elected, repeat, results, roll, tiers

SIX_OF_NINE, FIVE_OF_NINE, FOUR_OF_NINE = "yyyyyynnn", "yyyyynnnn", "yyyynnnnn"


@pytest.mark.parametrize(
    ("letters", "parameters", "passed"),
    [
        ("yyyyynnnn", {}, True),
        ("yyyy-nnnn", {}, False),
        ("yyyyy----", {}, True),  # abstentions are cast
        ("yyyynnnn", {}, False),
        ("yyyynnnn", {"vote_threshold": ">= 1/2"}, True),
        ("yyyyyynnn", {"vote_threshold": "> 2/3"}, False),
        ("yyyyyynnn", {"vote_threshold": ">= 2/3"}, True),
        ("yyyyyynn", {"vote_threshold": ">= 3/4"}, True),
        ("ynnnnnnnn", {"vote_threshold": "plurality"}, True),
    ],
)
def test_a_candidate_passes_by_the_threshold(letters, parameters, passed):
    outcome = counted({"A": letters}, **parameters)
    assert outcome.lines[0].passed is passed
    assert elected(outcome) == ("qA" if passed else "")


def test_each_tier_takes_the_share_of_votes_that_is_its_own():
    own = [replace(tier, threshold=share) for tier, share in zip(tiers(2, 2), (">= 2/3", ""), strict=True)]
    rules = read_rules({})
    agenda = first_agenda(own, candidates("AB"), rules)
    assert read_agenda(agenda_json(agenda)) == agenda

    higher = counted({"A": SIX_OF_NINE, "B": FIVE_OF_NINE}, agenda=agenda, vote_max_ballots=1)
    assert elected(higher) == "qA"
    assert "未达到“赞成票达到2/3”" in higher.lines[1].why.zh
    assert higher.next is not None
    lower = counted({"nomination:B": FIVE_OF_NINE}, agenda=higher.next)
    assert (lower.lines[0].passed, lower.lines[0].why.zh.count("超过1/2")) == (True, 1)


@pytest.mark.parametrize(
    ("base", "spoiled", "on_roll", "size", "passed"),
    [
        ("votes_cast", 2, 9, 7, True),  # 4 of 7
        ("members_present", 2, 9, 9, False),  # 4 of 9: spoiled papers were handed in
        ("members_on_roll", 0, 9, 9, False),  # 4 of 9: who stayed away counts
    ],
)
def test_the_share_is_taken_of_the_chosen_base(base, spoiled, on_roll, size, passed):
    outcome = counted({"A": "yyyynnn"}, spoiled=spoiled, on_roll=on_roll, vote_threshold_base=base)
    assert (outcome.lines[0].base, outcome.lines[0].passed) == (size, passed)


def test_issued_is_cast_and_unused_and_cast_is_valid_and_spoiled():
    outcome = counted({"A": "yyyyynn"}, spoiled=1, on_roll=10)
    assert (outcome.issued, outcome.cast, outcome.unused, outcome.valid, outcome.spoiled) == (10, 8, 2, 7, 1)


@pytest.mark.parametrize(
    ("cast", "on_roll", "rule", "met"),
    [("yyyyyy", 9, "2/3", True), ("yyyyy", 9, "2/3", False), ("yyyyyyyy", 9, "all", False), ("yyyyy", 9, 5, True)],
)
def test_without_a_quorum_nothing_is_decided_and_the_same_is_voted_again(cast, on_roll, rule, met):
    outcome = counted({"A": cast}, on_roll=on_roll, vote_quorum=rule)
    assert outcome.quorum is met
    if not met:
        assert (elected(outcome), again(outcome), outcome.second_ballot) == ("", [("q", 2, "A", 1, False)], False)
        assert "无效" in outcome.why.zh


def test_nobody_is_voted_on_again_without_a_quorum_where_everybody_withdrew():
    outcome = counted({"A": "yyy", "B": "yyy"}, on_roll=9, withdrawn="AB")
    assert (outcome.quorum, outcome.next, outcome.vacant) == (False, None, (("quality", 2),))
    one_left = counted({"A": "yyy", "B": "yyy"}, on_roll=9, withdrawn="A")
    assert (one_left.next is not None, one_left.vacant) == (True, ())


def test_who_is_recused_leaves_both_denominators_of_that_candidate_only():
    # nine on the roll, two recused from A: seven slips for A, nine for B
    outcome = counted({"A": "yyyynnn", "B": "yyyynnnnn"}, recused={1: "A", 2: "A"}, valid=9)
    assert [(line.candidate, line.base, line.passed) for line in outcome.lines] == [("A", 7, True), ("B", 9, False)]
    assert "回避2人，不计入基数" in outcome.lines[0].why.zh


def test_who_is_recused_stays_in_the_denominators_where_the_rule_says_so():
    outcome = counted({"A": "yyyynnn"}, recused={1: "A", 2: "A"}, valid=9, vote_recused_in_denominator=True)
    assert (outcome.lines[0].base, outcome.lines[0].passed) == (9, False)


@pytest.mark.parametrize("base", ["members_present", "members_on_roll"])
def test_the_recused_leave_every_base(base):
    outcome = counted({"A": "yyyynnn"}, on_roll=10, recused={1: "A", 2: "A"}, valid=9, vote_threshold_base=base)
    assert outcome.lines[0].base == (7 if base == "members_present" else 8)


def test_who_is_recused_from_everything_leaves_the_quorum():
    assert counted({"A": "yyyyy"}, on_roll=9, recused={8: "A", 9: "A"}).quorum  # five of seven


def test_a_unit_counts_by_its_papers():
    outcome = counted_on(roll(4, 3, weight=2), "yyynnn", vote_threshold_base="members_present")
    assert (outcome.issued, outcome.unused, outcome.lines[0].base, outcome.lines[0].passed) == (8, 2, 6, False)


def test_who_signed_in_counts_for_quorum_and_majority_where_the_rules_say_so():
    signed_in = roll(9, 5).with_attendance(range(1, 8))
    assert not counted_on(signed_in, "yyyy-").quorum
    outcome = counted_on(signed_in, "yyyy-", vote_quorum_counts="sign_in", vote_threshold_base="members_signed_in")
    assert (outcome.quorum, outcome.attending, outcome.lines[0].base, elected(outcome)) == (True, 7, 7, "qA")


def counted_on(voters, letters, **parameters):
    rules, people = read_rules(parameters), candidates("A")
    papers = Papers(len(letters), 0, {Question("quality", "A"): tuple(LETTERS[m] for m in letters)})
    return count(papers, rules, voters, people, first_agenda(tiers(1), people, rules))


RECUSED = dict.fromkeys(range(1, 5), "A")


def test_who_had_no_quorum_is_voted_again_and_the_votes_on_the_others_stand():
    # 9 on the roll, 6 present, 4 of these recused from A: two of five entitled took part
    first = counted({"A": "yy", "B": "yyyyyy", "C": "yynnnn"}, on_roll=9, recused=RECUSED, valid=6, places=3)
    assert results(first) == {"A": "no_quorum", "B": "waits", "C": "waits"}
    assert (elected(first), first.vacant, first.second_ballot, first.undecided) == ("", (), False, ("A",))
    assert again(first) == [("q", 3, "A", 1, False)]
    assert "但对A，除回避者外参加人数不足" in first.why.zh

    agenda = read_agenda(agenda_json(first.after))
    second = counted({"A": "nnnnn"}, agenda=agenda, on_roll=9, recused=RECUSED, valid=9, names="ABC")
    assert (elected(second), again(second)) == ("qB", [("q", 2, "CA", 2, False)])


def test_who_had_no_quorum_takes_part_in_the_places_with_the_votes_of_its_own_ballot():
    first = counted({"A": "yy", "B": "yyyynn"}, on_roll=9, recused=RECUSED, valid=6, places=1)
    assert not counted({"A": "y"}, agenda=repeat(first), on_roll=9, recused=RECUSED, valid=5, names="AB").undecided
    second = counted({"A": "yyyyy"}, agenda=repeat(first), on_roll=9, recused=RECUSED, valid=9, names="AB")
    assert elected(second) == "qA"
    gone = leave_out(repeat(first), frozenset("A"))
    assert elected(counted({"A": "yyyyyyy"}, agenda=gone, on_roll=9, withdrawn="A", names="AB")) == "qB"


def test_votes_that_wait_stand_where_who_had_no_quorum_withdraws_before_or_during_its_ballot():
    first = counted({"A": "yy", "B": "yyyyyy", "C": "yyyyyn"}, on_roll=9, recused=RECUSED, valid=6, places=2)
    assert is_anybody_left(first.after, frozenset("B"))
    assert not is_anybody_left(first.after, frozenset("A"))
    before = settle_held(read_rules({}), roll(9, 6), candidates("ABC"), first.after, frozenset("A"))
    during = counted({"A": "yyy"}, agenda=repeat(first), on_roll=9, withdrawn="A", names="ABC")
    assert (elected(before), before.next) == (elected(during), during.next) == ("qB qC", None)
    assert during.why.zh == before.why.zh
    assert "不再表决" in before.why.zh


def test_who_is_left_of_a_runoff_without_a_rival_has_the_place_without_a_vote():
    first = counted({"A": "yyyyyn", "B": "yyyyyn"}, on_roll=6, valid=6, places=1)
    assert again(first) == [("q", 1, "AB", 2, True)]
    assert is_anybody_left(first.after, frozenset())
    assert not is_anybody_left(first.after, frozenset("B"))
    alone = counted({"A": "", "B": ""}, agenda=repeat(first), on_roll=6, withdrawn="B", valid=0, names="AB")
    assert (alone.quorum, elected(alone), alone.next) == (True, "qA", None)


def test_fewer_or_none_may_be_elected_and_the_places_stay_vacant():
    outcome = counted({"A": FOUR_OF_NINE, "B": FOUR_OF_NINE}, vote_max_ballots=1)
    assert (elected(outcome), outcome.vacant, again(outcome)) == ("", (("quality", 2),), [])


@pytest.mark.parametrize(
    ("ballots", "expected"), [(1, []), (2, [("q", 1, "BC", 2, False)]), (3, [("q", 1, "BC", 2, False)])]
)
def test_who_did_not_pass_stands_again_for_the_places_left(ballots, expected):
    outcome = counted({"A": SIX_OF_NINE, "B": FOUR_OF_NINE, "C": FOUR_OF_NINE}, vote_max_ballots=ballots)
    assert (elected(outcome), again(outcome)) == ("qA", expected)
    assert outcome.second_ballot is bool(expected)


def test_after_the_last_ballot_a_candidate_has_not_passed():
    first = counted({"A": SIX_OF_NINE, "B": FOUR_OF_NINE})
    second = counted({"A": "", "B": FOUR_OF_NINE}, agenda=repeat(first), valid=9)
    assert (elected(second), results(second), second.vacant, again(second)) == (
        "qA",
        {"B": "not_passed"},
        (("quality", 1),),
        [],
    )


THREE_PASS = {"A": "yyyyyyyynn", "B": "yyyyyyynnn", "C": "yyyyyynnnn"}


@pytest.mark.parametrize(
    ("overflow", "expected", "next_ballot"),
    [
        ("most_votes", "qA qB", []),
        ("review_score", "qB qC", []),
        ("new_ballot_among_passed", "", [("q", 2, "ABC", 2, False)]),
    ],
)
def test_more_passing_than_places(overflow, expected, next_ballot):
    outcome = counted(THREE_PASS, scores={"A": 500, "B": 610.5, "C": 600}, quota_overflow=overflow)
    assert (elected(outcome), again(outcome)) == (expected, next_ballot)


def test_votes_part_equal_scores_where_the_score_fills_the_places():
    outcome = counted(THREE_PASS, scores={"A": 600, "B": 600, "C": 610}, quota_overflow="review_score")
    assert (elected(outcome), again(outcome)) == ("qA qC", [])


def test_when_no_new_ballot_is_left_the_most_votes_win():
    outcome = counted(THREE_PASS, quota_overflow="new_ballot_among_passed", vote_max_ballots=1)
    assert elected(outcome) == "qA qB"
    assert results(outcome)["C"] == "outvoted"


TIED = {"A": "yyyyyyyyn", "B": "yyyyyynnn", "C": "yyyyyynnn"}


@pytest.mark.parametrize(
    ("rule", "scores", "expected", "vacant"),
    [
        ("review_score", {"B": 500, "C": 600}, "qA qC", ()),
        ("review_score", {"B": 600, "C": 600}, "qA", (("quality", 1),)),
        ("review_score", {}, "qA", (("quality", 1),)),
        ("all_vacant", {"B": 500, "C": 600}, "qA", (("quality", 1),)),
    ],
)
def test_a_tie_at_the_last_place(rule, scores, expected, vacant):
    outcome = counted(TIED, scores=scores, vote_tie=rule)
    assert (elected(outcome), outcome.vacant, again(outcome)) == (expected, vacant, [])


def test_a_tie_goes_to_one_ballot_among_the_tied_even_where_only_one_is_held_otherwise():
    outcome = counted(TIED, vote_max_ballots=1)
    assert (elected(outcome), again(outcome)) == ("qA", [("q", 1, "BC", 2, True)])
    assert results(outcome) == {"A": "elected", "B": "runoff", "C": "runoff"}


@pytest.mark.parametrize(
    ("marks", "expected", "vacant"),
    [
        ({"B": "yyyyyyynn", "C": "yyyyynnnn"}, "qA qB", ()),
        ({"B": "yyyyyynnn", "C": "yyyyyynnn"}, "qA", (("quality", 1),)),
        ({"B": "yyyynnnnn", "C": "yyynnnnnn"}, "qA", (("quality", 1),)),
    ],
)
def test_the_ballot_among_the_tied_decides_or_the_place_stays_vacant(marks, expected, vacant):
    second = counted({"A": "", **marks}, agenda=repeat(counted(TIED)), valid=9)
    assert (elected(second), second.vacant, again(second)) == (expected, vacant, [])


def test_who_passed_and_was_tied_has_the_place_when_the_rival_withdraws_before_the_second_ballot():
    second = counted(
        {"A": "", "B": "yyyynnnnn", "C": "yyyyyyyyn"}, agenda=repeat(counted(TIED)), valid=9, withdrawn="C"
    )
    assert (elected(second), second.vacant, again(second)) == ("qA qB", (), [])
    assert results(second) == {"B": "elected", "C": "withdrawn"}
    assert second.lines[0].why.zh.endswith("上一次投票已经通过，得票相同的其他候选退出，名额足够，当选质量奖")


def test_a_tie_within_the_places_is_none():
    assert elected(counted({"A": SIX_OF_NINE, "B": SIX_OF_NINE, "C": FIVE_OF_NINE})) == "qA qB"


def test_the_chair_gives_the_tied_place_and_no_more():
    outcome = counted(TIED, vote_tie="chair_decides")
    (choice,) = outcome.chair
    assert (choice.candidates, choice.places, again(outcome)) == (("B", "C"), 1, [])
    rules = read_rules({"vote_tie": "chair_decides"})
    after = settle_by_chair(outcome.chair, {"quality": ["C"]}, outcome.after, candidates(), rules)
    assert [e.candidate for e in after.elected] == ["A", "C"]
    with pytest.raises(Exception, match="至多1个"):
        settle_by_chair(outcome.chair, {"quality": ["B", "C"]}, outcome.after, candidates(), rules)
    with pytest.raises(Exception, match="得票相同"):
        settle_by_chair(outcome.chair, {"quality": ["A"]}, outcome.after, candidates(), rules)
    nobody = settle_by_chair(outcome.chair, {}, outcome.after, candidates(), rules)
    assert nobody.vacant == (("quality", 1),)


def test_all_not_elected_stand_for_the_next_tier():
    outcome = counted({"A": SIX_OF_NINE, "B": FOUR_OF_NINE, "C": FOUR_OF_NINE}, places=1, nomination=2)
    assert (elected(outcome), again(outcome), outcome.second_ballot) == ("qA", [("n", 2, "BC", 1, False)], False)


@pytest.mark.parametrize(("transfer", "places"), [(False, 2), (True, 4)])
def test_unused_places_go_to_the_next_tier_only_where_the_rule_says_so(transfer, places):
    outcome = counted(
        {"A": FOUR_OF_NINE, "B": FOUR_OF_NINE}, nomination=2, vote_max_ballots=1, quota_transfer_between_tiers=transfer
    )
    assert again(outcome) == [("n", places, "AB", 1, False)]


@pytest.mark.parametrize(("letters", "next_ballot"), [(FOUR_OF_NINE, [("n", 1, "B", 1, False)]), (SIX_OF_NINE, [])])
def test_a_tier_without_places_is_voted_only_for_those_left_over_from_above(letters, next_ballot):
    outcome = counted(
        {"A": SIX_OF_NINE, "B": letters}, nomination=0, vote_max_ballots=1, quota_transfer_between_tiers=True
    )
    assert again(outcome) == next_ballot


def test_one_paper_for_both_tiers_gives_the_lower_to_those_not_elected_above():
    marks = {"A": SIX_OF_NINE, "B": FOUR_OF_NINE, "nomination:A": SIX_OF_NINE, "nomination:B": FIVE_OF_NINE}
    outcome = counted(marks, places=1, nomination=1, vote_order_of_tiers="one_ballot_for_both")
    assert (elected(outcome), again(outcome)) == ("qA nB", [])
    assert [str(line.result) for line in outcome.lines if line.tier == "nomination"] == ["elected_above", "elected"]


def test_one_paper_for_both_tiers_asks_the_lower_again_while_the_higher_is_open():
    marks = {"A": SIX_OF_NINE, "B": SIX_OF_NINE, "nomination:A": SIX_OF_NINE, "nomination:B": FIVE_OF_NINE}
    outcome = counted(marks, places=1, nomination=1, vote_order_of_tiers="one_ballot_for_both")
    assert again(outcome) == [("q", 1, "AB", 2, True), ("n", 1, "AB", 1, False)]


@pytest.mark.parametrize(
    ("letters", "ballots", "expected", "next_ballot"),
    [(FIVE_OF_NINE, 2, "qA qB", []), (FOUR_OF_NINE, 2, "", [("q", 3, "AB", 2, False)]), (FOUR_OF_NINE, 1, "", [])],
)
def test_a_list_passes_or_fails_as_a_whole(letters, ballots, expected, next_ballot):
    parameters = {"vote_unit": "whole_list", "vote_max_ballots": ballots}
    agenda = first_agenda(tiers(3), candidates("AB"), read_rules(parameters))
    outcome = counted({"*": letters}, agenda=agenda, **parameters)
    assert (elected(outcome), again(outcome)) == (expected, next_ballot)


@pytest.mark.parametrize(
    ("withdrawn", "asked", "vacant"),
    [("A", "B", ()), ("B", "A", ()), ("", "AB", ()), ("AB", "AB", ()), ("C", "AB", (("nomination", 1),))],
)
def test_who_withdrew_is_not_on_the_paper_of_the_next_ballot(withdrawn, asked, vacant):
    """A tier that nobody stands for any more keeps its places vacant; where nobody is left the count says so."""
    contests = (Contest("quality", 2, ("A", "B")), Contest("nomination", 1, ("C",)))
    agenda = leave_out(Agenda(tiers(2, 1), contests if vacant else contests[:1]), frozenset(withdrawn))
    assert ([c for each in agenda.contests for c in each.candidates], agenda.vacant) == ([*asked], vacant)


def test_who_withdrew_meanwhile_gets_no_place():
    outcome = counted({"A": SIX_OF_NINE, "B": FIVE_OF_NINE}, places=1, withdrawn="A")
    assert (elected(outcome), results(outcome)["A"]) == ("qB", "withdrawn")


def test_every_line_says_why_with_its_rule():
    outcome = counted(TIED)
    assert all(line.why.zh and line.why.en for line in outcome.lines)
    assert outcome.lines[0].why.zh == "有效票9，赞成8；符合“赞成票超过1/2”，当选质量奖"


def test_a_box_with_other_papers_than_marks_is_not_counted():
    with pytest.raises(BoxMismatch):
        counted({"A": SIX_OF_NINE, "B": "yyyyyyyy"})
    with pytest.raises(BoxMismatch):
        counted({"A": SIX_OF_NINE}, valid=8)
    with pytest.raises(BoxMismatch):
        counted_on(roll(9, 5), "yyyyyy")


def test_a_motion_is_carried_and_nobody_is_elected():
    rules = read_rules({})
    [tier] = tiers(1)
    agenda = first_agenda([replace(tier, name=Text("表决事项", "Motion"), motion=True)], candidates("A"), rules)
    assert read_agenda(agenda_json(agenda)) == agenda
    assert rule_sentence(agenda.contests[0], agenda, rules).zh == "表决事项：不选视为弃权。"
    assert counted({"A": FIVE_OF_NINE}, agenda=agenda).lines[0].why.zh == "有效票9，赞成5；符合“赞成票超过1/2”，通过"
