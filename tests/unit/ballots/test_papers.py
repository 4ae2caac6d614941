from dataclasses import replace

import pytest

from service.domain.ballots import (
    BadPaper,
    BadSheet,
    HallSheet,
    Mark,
    UrnDamaged,
    Voter,
    check_sheet,
    differences,
    first_agenda,
    open_sheet,
    read_paper,
    read_rules,
    rule_sentence,
    seal_sheet,
)
from service.domain.errors import Invalid
from tests.unit.ballots.boxes import candidates, tiers

VOTER = Voter(1, "甲")


def asked(unit="per_candidate", names="ABC", places=2):
    rules = read_rules({"vote_unit": unit})
    return first_agenda(tiers(places), candidates(names), rules), rules


def said(marks, unit="per_candidate", voter=VOTER, **more):
    agenda, rules = asked(unit, **more)
    return {q.candidate: str(m) for q, m in read_paper(marks, agenda, rules, voter).items()}


def test_what_is_not_marked_is_an_abstention_where_each_is_voted_alone():
    assert said({"quality:A": "yes", "quality:B": "no"}) == {"A": "yes", "B": "no", "C": "abstain"}


def test_what_is_not_chosen_is_against_where_one_chooses_up_to_the_quota():
    assert said({"quality:B": "yes"}, "approval_up_to_quota") == {"A": "no", "B": "yes", "C": "no"}


def test_too_many_marks_are_refused_with_the_number():
    with pytest.raises(BadPaper, match="最多选2个，您选了3个"):
        said(dict.fromkeys(["quality:A", "quality:B", "quality:C"], "yes"), "approval_up_to_quota")


@pytest.mark.parametrize("marks", [{"quality:Z": "yes"}, {"quality:A": "maybe"}, {"nomination:A": "yes"}, {"": "yes"}])
def test_marks_that_nobody_asked_for_are_refused(marks):
    with pytest.raises(BadPaper):
        said(marks)


def test_a_recused_voter_has_no_slip_there_and_cannot_make_one():
    voter = replace(VOTER, recused=frozenset("B"))
    assert said({"quality:A": "yes"}, voter=voter) == {"A": "yes", "C": "abstain"}
    with pytest.raises(BadPaper, match="回避"):
        said({"quality:B": "no"}, voter=voter)


def test_who_is_recused_from_one_of_a_list_takes_no_part_in_the_list():
    assert said({"quality:*": "yes"}, "whole_list", places=3) == {"*": "yes"}
    with pytest.raises(BadPaper, match="没有要投的票"):
        said({}, "whole_list", replace(VOTER, recused=frozenset("B")), places=3)


def test_who_is_recused_from_everything_hands_in_no_empty_paper():
    with pytest.raises(BadPaper, match="没有要投的票"):
        said({}, "per_candidate", replace(VOTER, recused=frozenset("ABC")))


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        ("approval_up_to_quota", "质量奖：最多选 2 个；不选视为不同意。"),
        ("per_candidate", "质量奖：逐个表决，名额 2 个；不选视为弃权。"),
    ],
)
def test_the_rule_is_one_sentence(unit, sentence):
    agenda, rules = asked(unit)
    assert rule_sentence(agenda.contests[0], agenda, rules).zh == sentence


def test_a_list_longer_than_its_places_cannot_be_voted_as_a_whole():
    with pytest.raises(Invalid, match="超过质量奖名额2个"):
        asked("whole_list")


NAMES = {"A": "甲", "B": "乙", "C": "丙"}
SHEET = HallSheet((1, 2, 3, 4), 1, {"quality:A": (2, 1, 0), "quality:B": (0, 2, 1), "quality:C": (3, 0, 0)})


def test_a_tally_of_the_hall_becomes_slips():
    agenda, rules = asked()
    handful = check_sheet(SHEET, 4, agenda, rules, NAMES)
    assert (handful.valid, handful.spoiled) == (3, 1)
    assert next(list(map(str, s)) for s in handful.slips.values()) == ["yes", "yes", "no"]


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (replace(SHEET, spoiled=5), "不合理"),
        (replace(SHEET, spoiled=-1), "作废的张数请填写整数"),
        (replace(SHEET, spoiled=0), "^“甲”的同意.*录入。$"),
        (replace(SHEET, marks={**SHEET.marks, "quality:A": (2, 2, 0)}), "多于发出的，这次表决无效"),
        (replace(SHEET, marks={**SHEET.marks, "quality:A": (5, -2, 0)}), "“甲”的票数请填写整数"),
    ],
)
def test_a_tally_that_cannot_be_right_is_refused(sheet, told):
    agenda, rules = asked()
    with pytest.raises(BadSheet, match=told):
        check_sheet(sheet, 4, agenda, rules, NAMES)


def test_a_tally_with_more_choices_than_papers_can_hold_is_refused():
    agenda, rules = asked("approval_up_to_quota", places=1)
    with pytest.raises(BadSheet):
        check_sheet(
            HallSheet((1,), 0, dict.fromkeys(["quality:A", "quality:B", "quality:C"], (1, 0, 0))),
            1,
            agenda,
            rules,
            NAMES,
        )


def test_tellers_are_told_where_they_differ_and_not_how():
    other = replace(SHEET, spoiled=0, marks={**SHEET.marks, "quality:B": (1, 1, 1)})
    assert differences(SHEET, other) == ("spoiled", "quality:B")
    assert differences(SHEET, replace(SHEET, numbers=(4, 3, 2, 1))) == ()
    assert differences(SHEET, replace(SHEET, numbers=(4, 3, 2, 5))) == ("numbers",)


def test_the_first_tally_waits_encrypted_in_a_size_that_says_nothing(chance):
    seal = chance.randbytes(32)
    blob = seal_sheet(SHEET, seal, "box", 7, chance)
    assert len(blob) == len(seal_sheet(HallSheet((), 0, {}), seal, "box", 7, chance))
    assert open_sheet(blob, seal, "box", 7) == SHEET
    with pytest.raises(UrnDamaged):  # nor is it somebody else's
        open_sheet(blob, seal, "box", 8)
    assert Mark.YES.encode() not in blob
