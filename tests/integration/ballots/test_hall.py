"""Papers of the hall, entered by two tellers."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from service.casework.access.actor import Actor, Seat
from service.casework.ballots.enter_hall_vote import TellersDiffer, enter_hall_vote
from service.casework.ballots.repeat_count import read_record, repeat_count
from service.casework.ballots.view_ballot import view_ballot
from service.domain.ballots import BadSheet, BoxMismatch, HallSheet, UrnDamaged
from service.domain.errors import NotAllowed
from tests.support.ballots import Hall, paper

SHEET = HallSheet((1, 2, 3, 4), 1, {"quality:c1": (3, 0, 0), "quality:c2": (2, 1, 0), "quality:c3": (0, 2, 1)})


def test_what_both_tellers_say_is_counted_with_what_was_voted_on_screen(hall: Hall) -> None:
    case_id, ballot = hall.open()
    assert enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET) is False
    assert hall.ballot(ballot).cast == 0
    assert enter_hall_vote(hall.desk, hall.tellers[1], ballot, SHEET) is True
    assert (hall.ballot(ballot).cast, hall.ballot(ballot).sheet) == (4, None)
    with hall.desk.store.read() as tx:
        assert tx.history.verify(case_id) is None
        said = [e.text for e in tx.history.of_case(case_id) if "在场选票" in e.text]
    assert said == [
        "计票人teller1、supervisor各自清点一致，在场选票4张投入票箱，其中作废1张",
        "第一名计票人teller1已录入在场选票",
    ]
    for number in range(5, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    outcome = hall.outcome(ballot)
    assert (outcome["cast"], outcome["valid"], outcome["spoiled"]) == (9, 8, 1)
    lines = {line["candidate"]: (line["yes"], line["no"], line["abstain"]) for line in outcome["lines"]}
    assert lines == {"c1": (8, 0, 0), "c2": (7, 1, 0), "c3": (0, 7, 1)}


def test_who_is_marked_in_the_hall_is_told_and_the_record_says_so(hall: Hall) -> None:
    _, ballot = hall.open()
    for teller in hall.tellers:
        enter_hall_vote(hall.desk, teller, ballot, SHEET)
    with hall.desk.store.read() as tx:
        told = {row.person_id for row in tx.mail.inbox(hall.people["member1"], 10) if "会场投票" in row.subject}
        assert told == {hall.people["member1"]}
        assert not [row for row in tx.mail.inbox(hall.people["member5"], 10) if "会场投票" in row.subject]
    for number in range(5, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    record = read_record(hall.desk, hall.supervisor, ballot)
    assert (record["in_hall"], sum(place.get("hall", False) for place in record["roll"])) == (4, 4)
    assert repeat_count(hall.desk, hall.supervisor, ballot).roll
    assert view_ballot(hall.desk, hall.members[0], ballot).in_hall == 4
    with hall.desk.store.write() as tx:  # who voted on screen is made one who voted in the hall
        tx._connection.execute(sa.text("update ballot_roll set state = 2 where number = 5"))
    assert not repeat_count(hall.desk, hall.supervisor, ballot).roll


def test_two_tellers_of_one_side_put_nothing_into_the_box(hall: Hall) -> None:
    _, ballot = hall.open()
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    with pytest.raises(NotAllowed, match="监督机构"):
        enter_hall_vote(hall.desk, second_of_office(hall), ballot, SHEET)
    assert hall.ballot(ballot).cast == 0
    assert enter_hall_vote(hall.desk, hall.supervisor, ballot, SHEET)


def test_where_nobody_supervises_office_and_government_count(hall: Hall) -> None:
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.text("update body set active = false where key = 'watch'"))
        town = tx.people.upsert_body("votetown", "town", kind="government", name="人民政府", details={})
    _, ballot = hall.open()
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    for one in (second_of_office(hall), hall.supervisor):
        with pytest.raises(NotAllowed, match="两个不同单位"):
            enter_hall_vote(hall.desk, one, ballot, SHEET)
    mayor = Actor(
        hall.people["stranger"], "mayor", (Seat("votetown", "government", town, "town", "人民政府", "government"),)
    )
    assert enter_hall_vote(hall.desk, mayor, ballot, SHEET)


def test_one_teller_does_not_become_two_by_a_changed_row(hall: Hall) -> None:
    case_id, ballot = hall.open()
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    with hall.desk.store.write() as tx:  # what somebody does who has the database alone
        other = {"other": hall.supervisor.person_id, "ballot": ballot, "teller": hall.tellers[0].person_id}
        tx._connection.execute(sa.text("update ballot set sheet_by = :other where id = :ballot"), other)
    with pytest.raises((BoxMismatch, UrnDamaged)):
        enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    assert hall.ballot(ballot).cast == 0
    with hall.desk.store.read() as tx:
        assert not [e for e in tx.history.of_case(case_id) if "清点一致" in e.text]


def second_of_office(hall: Hall) -> Actor:
    return replace(hall.office, person_id=hall.people["teller2"], name="teller2")


def test_who_voted_in_the_hall_cannot_vote_on_screen_nor_the_other_way_round(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    with pytest.raises(BadSheet, match="member1"):
        enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    rest = replace(SHEET, numbers=(2, 3, 4, 5))
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, rest)
    enter_hall_vote(hall.desk, hall.tellers[1], ballot, rest)
    with pytest.raises(Exception, match="已经投过票"):
        hall.cast(ballot, 2, paper("yyn"))


def test_tellers_who_differ_are_told_where_and_nothing_is_counted(hall: Hall) -> None:
    _, ballot = hall.open()
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    other = replace(SHEET, marks={**SHEET.marks, "quality:c2": (1, 2, 0)})
    with pytest.raises(TellersDiffer) as refused:
        enter_hall_vote(hall.desk, hall.tellers[1], ballot, other)
    assert "现代农业" in refused.value.message.zh
    assert hall.ballot(ballot).cast == 0
    assert enter_hall_vote(hall.desk, hall.tellers[0], ballot, other) is False  # the first corrects what they entered
    assert enter_hall_vote(hall.desk, hall.tellers[1], ballot, other) is True


def test_one_teller_alone_is_not_enough(hall: Hall) -> None:
    _, ballot = hall.open()
    for _ in range(2):
        assert enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET) is False
    assert hall.ballot(ballot).cast == 0


def test_members_are_no_tellers(hall: Hall) -> None:
    _, ballot = hall.open()
    for actor in (hall.members[0], hall.stranger):
        with pytest.raises(NotAllowed):
            enter_hall_vote(hall.desk, actor, ballot, SHEET)


def test_a_recused_member_votes_on_screen_because_a_paper_with_a_gap_shows_whose_it_is(hall: Hall) -> None:
    _, ballot = hall.open(recusals=[{"voter": "member2", "candidate": "c1", "reason": "亲属"}])
    with pytest.raises(BadSheet, match="member2"):
        enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)


@pytest.mark.parametrize("numbers", [(1, 1, 2, 3), (1, 2, 3, 99), ()])
def test_a_tally_for_people_who_are_not_there_is_refused(hall: Hall, numbers: tuple[int, ...]) -> None:
    _, ballot = hall.open()
    with pytest.raises(BadSheet):
        enter_hall_vote(hall.desk, hall.tellers[0], ballot, replace(SHEET, numbers=numbers))
