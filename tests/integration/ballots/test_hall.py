"""Papers of the hall, entered by two tellers."""

from dataclasses import replace

import pytest

from service.casework.ballots.enter_hall_vote import TellersDiffer, enter_hall_vote
from service.domain.ballots import BadSheet, HallSheet
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
    assert said == ["计票人teller1、teller2各自清点一致，在场选票4张投入票箱，其中作废1张"]
    for number in range(5, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    outcome = hall.outcome(ballot)
    assert (outcome["cast"], outcome["valid"], outcome["spoiled"]) == (9, 8, 1)
    lines = {line["candidate"]: (line["yes"], line["no"], line["abstain"]) for line in outcome["lines"]}
    assert lines == {"c1": (8, 0, 0), "c2": (7, 1, 0), "c3": (0, 7, 1)}


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


def test_members_and_supervisors_are_no_tellers(hall: Hall) -> None:
    _, ballot = hall.open()
    for actor in (hall.members[0], hall.supervisor, hall.stranger):
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
