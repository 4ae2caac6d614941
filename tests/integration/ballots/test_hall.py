"""Papers of the hall, entered by two tellers."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import Actor, Seat
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.hall import TellersDiffer, enter_hall_vote
from service.casework.ballots.repeat_count import read_record, repeat_count
from service.casework.ballots.view_ballot import view_ballot
from service.casework.ballots.void import declare_void
from service.casework.health.checks import look_at_ballot_keys
from service.casework.step.settle import settle_instance
from service.domain.ballots import BadSheet, BoxMismatch, HallSheet, UrnDamaged
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import KeyLost
from tests.integration.ballots.test_casting import in_step
from tests.support.ballots import Hall, paper

SHEET = HallSheet((1, 2, 3, 4), 1, {"quality:c1": (3, 0, 0), "quality:c2": (2, 1, 0), "quality:c3": (0, 2, 1)})


def test_who_is_marked_in_the_hall_is_told_and_the_record_says_so(hall: Hall) -> None:
    _, ballot = hall.open()
    for teller in hall.tellers:
        enter_hall_vote(hall.desk, teller, ballot, SHEET)
    with hall.desk.store.read() as tx:
        told = {
            row.person_id
            for row in tx.mail.select("-id", limit=10, person_id=hall.people["member1"])
            if "会场投票" in row.subject
        }
        assert told == {hall.people["member1"]}
        assert not [
            row
            for row in tx.mail.select("-id", limit=10, person_id=hall.people["member5"])
            if "会场投票" in row.subject
        ]
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
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    with hall.desk.store.read() as tx:
        told = [row.person_id for row in tx.mail.select("-id", limit=50) if "请录入在场选票" in row.subject]
    assert told == [hall.supervisor.person_id], "the other side is told that it is its turn, once"
    assert hall.ballot(ballot).cast == 0
    assert enter_hall_vote(hall.desk, hall.supervisor, ballot, SHEET)


def test_where_nobody_supervises_office_and_government_count(hall: Hall) -> None:
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.text("update body set active = false where key = 'watch'"))
        town = tx.bodies.upsert("votetown", "town", kind="government", name="人民政府", details={})
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
        assert not [e for e in tx.history.newest(case_id) if "清点一致" in e.text]


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


# A ballot in doubt is made void and called anew by two people of different bodies, by nobody alone.

WHY = "名册有误，已查明"


def by_hand(hall: Hall, sql: str, **values: object) -> None:
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.text(sql), values)


def declare_both(hall: Hall, ballot: int) -> int:
    """Let office and supervision make a ballot void; returns the one called in its place."""
    assert declare_void(hall.desk, hall.office, ballot, WHY) is None
    instead = declare_void(hall.desk, hall.supervisor, ballot, "已核对名册")
    assert instead is not None
    return instead


def open_incidents(hall: Hall) -> list[str]:
    with hall.desk.store.read() as tx:
        return [one.kind for one in tx.incidents.list_open()]


def keys_of(hall: Hall) -> set[str]:
    return {path.name for path in hall.desk.ballot_keys.root.iterdir() if path.is_dir()}


def test_a_ballot_that_two_declare_void_is_voted_on_anew(hall: Hall) -> None:
    case, ballot = hall.open()
    for number in (1, 2):
        hall.cast(ballot, number, paper("yyn"))
    instead = declare_both(hall, ballot)
    before, after = hall.ballot(ballot), hall.ballot(instead)
    assert (before.state, after.state, before.urn, before.key_name) == ("void", "open", None, None)
    assert (after.closes_at, after.issued, after.agenda) == (before.closes_at, before.issued, before.agenda)
    assert keys_of(hall) == {after.box}, "the keys of the void ballot are destroyed"
    with hall.desk.store.read() as tx:
        told = [
            row
            for row in tx.mail.select(case_id=case)
            if row.effect_key.startswith(f"news:{case}:arrived:ballot:{instead}:")
        ]
        said = [row.text for row in tx.history.newest(case)]
        assert tx.history.verify(case) is None
    assert (len(told), "投过票的也请重新投票" in told[0].text) == (9, True)
    assert any(f"提出将表决“{before.title}”作废并重新发起：{WHY}" in text for text in said)
    assert any("作废：" in text and f"{WHY}（teller1提出）；已核对名册（supervisor确认）" in text for text in said)
    hall.everybody(instead, [paper("yyn")] * 9)
    hall.drain()
    assert hall.ballot(instead).state == "counted"
    assert hall.elected(instead) == {("quality", "c1"), ("quality", "c2")}


def test_nobody_declares_a_ballot_void_alone_or_within_one_body(hall: Hall) -> None:
    _, ballot = hall.open()
    colleague = replace(hall.office, person_id=hall.people["teller2"], name="teller2")
    declare_void(hall.desk, hall.office, ballot, WHY)
    for who in (hall.office, colleague):
        with pytest.raises(Conflict, match="另一单位"):
            declare_void(hall.desk, who, ballot, WHY)
    both = Actor(hall.office.person_id, "两职一身", (*hall.office.seats, *hall.supervisor.seats))
    with pytest.raises(Conflict, match="另一单位"):
        declare_void(hall.desk, both, ballot, WHY)
    assert (hall.ballot(ballot).state, len(hall.ballots(hall.ballot(ballot).case_id))) == ("open", 1)
    hall.cast(ballot, 1, paper("yyn"))  # until it is confirmed the vote goes on


def test_whom_the_vote_concerns_does_not_declare_it_void(hall: Hall) -> None:
    _, ballot = hall.open()
    voter = replace(hall.members[0], seats=(*hall.members[0].seats, *hall.office.seats))
    for who in (hall.members[0], voter, hall.stranger):
        with pytest.raises(NotAllowed):
            declare_void(hall.desk, who, ballot, WHY)
    for ground in (" ", "理" * 501):
        with pytest.raises(Invalid):
            declare_void(hall.desk, hall.office, ballot, ground)
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    with pytest.raises(Conflict, match="已经计票"):
        declare_void(hall.desk, hall.office, ballot, WHY)


def test_a_proposal_of_who_left_the_office_is_none(hall: Hall) -> None:
    _, ballot = hall.open()
    declare_void(hall.desk, hall.office, ballot, WHY)
    by_hand(hall, "update membership set until = since where person_id = :p", p=hall.office.person_id)
    assert declare_void(hall.desk, hall.supervisor, ballot, WHY) is None
    assert hall.ballot(ballot).state == "open"


def test_who_left_the_group_is_not_on_the_roll_of_a_ballot_called_anew(hall: Hall) -> None:
    _, ballot = hall.open()
    by_hand(hall, "update membership set until = since where person_id = :p", p=hall.people["member2"])
    instead = declare_both(hall, ballot)
    with hall.desk.store.read() as tx:
        names = [member.name for member in tx.rolls.select(ballot_id=instead)]
    assert (hall.ballot(instead).issued, "member2" in names, names[0], names[-1]) == (8, False, "member1", "member9")


def test_who_withdrew_is_not_on_the_paper_of_a_ballot_called_anew(hall: Hall) -> None:
    """A candidacy that had ended before the ballot stays: it did not leave the vote."""
    before, during, stays = (str(hall.open()[0]) for _ in range(3))
    case, ballot = hall.open([{"id": each, "name": f"申报{each}"} for each in (before, during, stays)])
    ended = {before: hall.clock.now() - timedelta(days=1), during: hall.clock.now() + timedelta(hours=1)}
    with hall.desk.store.write() as tx:
        for each in (before, during, stays):
            row = tx.cases.get(int(each))
            tx.cases.save(row, parent_id=case, ended_at=ended.get(each))
    [contest] = hall.ballot(declare_both(hall, ballot)).agenda["contests"]
    assert set(contest["candidates"]) == {before, stays}


def test_a_ballot_whose_key_is_lost_is_called_anew(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    for path in (hall.desk.ballot_keys.root / hall.ballot(ballot).box).iterdir():
        path.unlink()
    assert "作废" in look_at_ballot_keys(hall.desk).remedy.zh
    with pytest.raises(KeyLost):
        hall.cast(ballot, 2, paper("yyn"))
    instead = declare_both(hall, ballot)
    hall.everybody(instead, [paper("yyn")] * 9)
    hall.drain()
    assert hall.ballot(instead).state == "counted"


def test_a_roll_that_was_changed_is_an_incident_until_the_ballot_is_void(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    by_hand(hall, "update ballot_roll set state = 0 where ballot_id = :n and number = 1", n=ballot)
    with pytest.raises(BoxMismatch):
        hall.cast(ballot, 3, paper("yyn"))
    assert open_incidents(hall) == ["ballot"]
    declare_both(hall, ballot)
    assert open_incidents(hall) == []


def test_where_the_count_was_refused_it_follows_the_new_vote_by_itself(hall: Hall) -> None:
    case, ballot = hall.open()
    for number in range(1, 4):
        hall.cast(ballot, number, paper("yyn"))
    by_hand(hall, "update ballot_roll set state = 1 - state where ballot_id = :n and number in (1, 9)", n=ballot)
    close_ballot(hall.desk, hall.office, ballot, "会议提前结束")
    hall.drain()
    assert open_incidents(hall) == ["service"], "the count was refused"
    instead = declare_both(hall, ballot)
    assert open_incidents(hall) == [], "the count waits for the vote and is in no trouble"
    in_step(hall, case, settle_instance)
    assert open_incidents(hall) == ["service"], "nobody counts a ballot that is being voted on"
    assert (hall.ballot(instead).state, hall.ballot(instead).cast) == ("open", 0)
    hall.everybody(instead, [paper("yyn")] * 9)
    hall.drain()
    assert (hall.ballot(instead).state, open_incidents(hall)) == ("counted", [])
    with hall.desk.store.read() as tx:
        assert not tx.inbox.select(case_id=case, caught_at=None), "no message is left that would end a later ballot"


def test_what_both_tellers_say_is_counted_with_what_was_voted_on_screen(hall: Hall) -> None:
    case_id, ballot = hall.open()
    assert enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET) is False
    assert hall.ballot(ballot).cast == 0
    assert enter_hall_vote(hall.desk, hall.tellers[1], ballot, SHEET) is True
    assert (hall.ballot(ballot).cast, hall.ballot(ballot).sheet) == (4, None)
    with hall.desk.store.read() as tx:
        assert tx.history.verify(case_id) is None
        said = [e.text for e in tx.history.newest(case_id) if "在场选票" in e.text]
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
