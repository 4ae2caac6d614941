import json

import pytest

from service.domain.ballots import (
    BadRecord,
    BoxMismatch,
    Mark,
    Papers,
    agrees,
    count,
    fingerprint_of,
    first_agenda,
    make_record,
    read_rules,
    recount,
)
from tests.unit.ballots.boxes import LETTERS, candidates, roll, tiers

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
