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
