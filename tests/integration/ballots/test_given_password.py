"""An account whose password somebody else set signs in to change it, and opens no running ballot unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.casework.access.actor import Actor, Seat
from service.casework.access.given_password import AccountInDoubt
from service.casework.ballots.candidate_file import reads_as_voter
from service.casework.ballots.cast_vote import cast_vote, check_paper
from service.casework.ballots.confirm_account import confirm_account
from service.casework.ballots.declare_recusal import declare_recusal
from service.casework.ballots.enter_hall_vote import enter_hall_vote
from service.casework.ballots.view_ballot import view_ballot
from service.casework.people.accounts.accounts import change_password, reset_password, set_active
from service.casework.people.rights.decide_rights import confirm_rights
from service.domain.ballots import HallSheet
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store.rows import MembershipRow, PersonRow
from tests.support.ballots import TOWN, Hall, paper

GIVEN, OWN = "Taken-over-1", "only-i-know-this"
SHEET = HallSheet((1, 2, 3, 4), 1, {"quality:c1": (3, 0, 0), "quality:c2": (2, 1, 0), "quality:c3": (0, 2, 1)})
PAPER = paper("yyn")


def administrator(hall: Hall, login: str, role: str = "administrator") -> Actor:
    office = hall.office.seats[0]
    with hall.desk.store.write() as tx:
        ident = tx.people.insert_person(PersonRow(login=login, name=login, created_at=hall.clock.now()))
        tx.people.add_membership(
            MembershipRow(person_id=ident, body_id=office.body_id, jurisdiction=TOWN, role=role, since=hall.clock.now())
        )
    hall.people[login] = ident
    seat = Seat(TOWN, role, office.body_id, office.body_key, office.body_name, office.body_kind)
    return Actor(ident, login, (seat,))


def given(hall: Hall, by: Actor, member: Actor) -> None:
    assert member.person_id is not None
    reset_password(hall.desk, by, member.person_id, GIVEN)


def changed(hall: Hall, member: Actor) -> None:
    change_password(hall.desk, member, GIVEN, OWN, "")


def reads(hall: Hall, member: Actor, case: int) -> bool:
    with hall.desk.store.read() as tx:
        return reads_as_voter(tx, member, tx.cases.get(case))


def test_whoever_set_a_members_password_cannot_vote_as_that_member(hall: Hall) -> None:
    case, ballot = hall.open()
    member, root = hall.members[0], administrator(hall, "root")
    assert reads(hall, member, case)
    for act in (lambda: given(hall, root, member), lambda: changed(hall, member)):
        act()
        assert not reads(hall, member, case)  # nor the papers of the case
        with pytest.raises(AccountInDoubt, match="监督机构的人员或者另一名管理员"):
            cast_vote(hall.desk, member, ballot, PAPER)
        with pytest.raises(AccountInDoubt):
            check_paper(hall.desk, member, ballot, PAPER)
        with pytest.raises(AccountInDoubt):
            view_ballot(hall.desk, member, ballot)
        with pytest.raises(AccountInDoubt):
            declare_recusal(hall.desk, member, ballot, "c1", "亲属")
    assert hall.ballot(ballot).cast == 0
    hall.cast(ballot, 2, PAPER)
    for teller in hall.tellers:  # the hall is not concerned: the tellers see who hands in a paper
        enter_hall_vote(hall.desk, teller, ballot, HallSheet((1,), 0, {"quality:c1": (1, 0, 0), "quality:c2": (1, 0, 0), "quality:c3": (0, 1, 0)}))  # fmt: skip
    assert hall.ballot(ballot).cast == 2


def test_a_second_person_confirms_and_the_case_remembers(hall: Hall) -> None:
    case_id, ballot = hall.open()
    member, root, other = hall.members[0], administrator(hall, "root"), administrator(hall, "other")
    assert member.person_id is not None
    given(hall, root, member)
    (doubted,) = view_ballot(hall.desk, hall.supervisor, ballot).doubted
    assert (doubted.name, doubted.unchanged, doubted.may_confirm) == ("member1", True, False)
    with pytest.raises(Conflict, match="还没有修改"):
        confirm_account(hall.desk, other, ballot, member.person_id, "当面")
    changed(hall, member)
    for who in (
        root,
        member,
        hall.office,
        hall.members[1],
    ):  # who set it, the person, and who neither supervises nor administers
        with pytest.raises(NotAllowed):
            confirm_account(hall.desk, who, ballot, member.person_id, "当面")
    with pytest.raises(Invalid, match="怎样核实"):
        confirm_account(hall.desk, hall.supervisor, ballot, member.person_id, " ")
    confirm_account(hall.desk, hall.supervisor, ballot, member.person_id, "当面核对身份证")
    hall.cast(ballot, 1, PAPER)
    with hall.desk.store.read() as tx:
        assert any(
            "supervisor确认member1的账号由本人使用：当面核对身份证" in e.text for e in tx.history.of_case(case_id)
        )
    with pytest.raises(Conflict):
        confirm_account(hall.desk, other, ballot, member.person_id, "当面")
    second = hall.members[1]
    given(hall, root, second)
    changed(hall, second)
    assert second.person_id is not None
    confirm_account(hall.desk, other, ballot, second.person_id, "当面")
    given(hall, root, second)  # whoever sets it again is in doubt again
    with pytest.raises(AccountInDoubt):
        view_ballot(hall.desk, second, ballot)


def test_who_changed_the_password_before_the_case_began_votes(hall: Hall) -> None:
    root, member = administrator(hall, "root"), hall.members[0]
    given(hall, root, member)
    changed(hall, member)
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=1))
    _, ballot = hall.open()
    hall.cast(ballot, 1, PAPER)
    assert hall.ballot(ballot).cast == 1


def test_a_unit_does_not_vote_through_an_account_in_doubt(hall: Hall) -> None:
    _, ballot = hall.open(units=True)
    unit, root = hall.units[0], administrator(hall, "root")
    given(hall, root, unit)
    with pytest.raises(AccountInDoubt):
        cast_vote(hall.desk, unit, ballot, PAPER)
    assert [d.login for d in view_ballot(hall.desk, hall.supervisor, ballot).doubted] == [unit.name]


def test_a_password_given_while_the_case_ran_is_in_doubt_though_changed_before_the_ballot_opened(hall: Hall) -> None:
    """Whoever gave it knows that the ballot will come, and can change it themselves a minute before it opens."""
    root, member = administrator(hall, "root"), hall.members[0]
    given(hall, root, member)
    changed(hall, member)
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=1))
    case_id, ballot = hall.open()
    with hall.desk.store.write() as tx:
        row = tx.cases.get(case_id)
        tx.cases.save(row, started_at=hall.clock.now() - timedelta(days=30))
    with pytest.raises(AccountInDoubt):
        cast_vote(hall.desk, member, ballot, PAPER)
    assert member.person_id is not None
    confirm_account(hall.desk, hall.supervisor, ballot, member.person_id, "当面核对身份证")
    hall.cast(ballot, 1, PAPER)


def test_nobody_confirms_through_a_second_account_of_their_own(hall: Hall) -> None:
    root, other, member = administrator(hall, "root"), administrator(hall, "other"), hall.members[0]
    given(hall, root, other)  # as one does who opens an account with a seat for oneself
    changed(hall, other)
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=1))
    _, ballot = hall.open()
    given(hall, root, member)
    changed(hall, member)
    assert member.person_id is not None
    with pytest.raises(NotAllowed, match="密码由他们设定"):
        confirm_account(hall.desk, other, ballot, member.person_id, "当面")
    third = administrator(hall, "third")
    given(hall, third, hall.supervisor)  # within the case, by whomever
    changed(hall, hall.supervisor)
    with pytest.raises(NotAllowed):
        confirm_account(hall.desk, hall.supervisor, ballot, member.person_id, "当面")
    (doubted,) = view_ballot(hall.desk, hall.supervisor, ballot).doubted
    assert not doubted.may_confirm
    confirm_account(hall.desk, third, ballot, member.person_id, "当面")


def test_two_administrators_who_set_a_members_password_together_open_no_ballot(hall: Hall) -> None:
    system, security = (administrator(hall, n, f"{n}_administrator") for n in ("system", "security"))
    another = administrator(hall, "another", "system_administrator")
    member, (_, ballot) = hall.members[0], hall.open()
    assert member.person_id is not None
    number = reset_password(hall.desk, system, member.person_id, GIVEN)
    assert number is not None
    hall.cast(ballot, 2, PAPER)
    confirm_rights(hall.desk, security, number)
    changed(hall, member)
    with pytest.raises(AccountInDoubt):
        cast_vote(hall.desk, member, ballot, PAPER)
    for who in (system, security, another):
        with pytest.raises(NotAllowed):
            confirm_account(hall.desk, who, ballot, member.person_id, "当面")
    puppet = reset_password(hall.desk, system, hall.people["supervisor"], GIVEN)
    assert puppet is not None
    confirm_rights(hall.desk, security, puppet)
    changed(hall, hall.supervisor)
    with pytest.raises(NotAllowed, match="密码由他们设定"):
        confirm_account(hall.desk, hall.supervisor, ballot, member.person_id, "当面")
    assert hall.ballot(ballot).cast == 1


def test_where_nobody_supervises_the_office_confirms_what_two_administrators_set(hall: Hall) -> None:
    with hall.desk.store.write() as tx:  # two of the cities have no such body
        tx.people.upsert_body(TOWN, "watch", kind="authority", name="监督委员会", details={}, roles=["watch"])
    system, security = (administrator(hall, n, f"{n}_administrator") for n in ("system", "security"))
    member, (_, ballot) = hall.members[0], hall.open()
    assert member.person_id is not None
    clerk, puppet = administrator(hall, "clerk", "office"), administrator(hall, "puppet", "office")
    for one in (member, puppet):
        assert one.person_id is not None
        number = reset_password(hall.desk, system, one.person_id, GIVEN)
        assert number is not None
        confirm_rights(hall.desk, security, number)
    changed(hall, member)
    changed(hall, puppet)
    with pytest.raises(AccountInDoubt, match="请办公室或者政府的另一名工作人员当面核实"):
        cast_vote(hall.desk, member, ballot, PAPER)
    for who in (system, security, puppet):
        with pytest.raises(NotAllowed, match=r"由办公室或者政府的另一名工作人员确认|没有相应角色"):
            confirm_account(hall.desk, who, ballot, member.person_id, "当面")
    (doubted,) = (one for one in view_ballot(hall.desk, clerk, ballot).doubted if one.person_id == member.person_id)
    assert doubted.may_confirm
    confirm_account(hall.desk, clerk, ballot, member.person_id, "当面核对身份证")
    hall.cast(ballot, 1, PAPER)


def test_nobody_is_locked_out_while_they_have_a_vote_to_cast(hall: Hall) -> None:
    """One administrator closes accounts alone; not that of a member, or of a unit's person, before they voted."""
    root, (first, second, third, *_), unit = administrator(hall, "root"), hall.members, hall.units[0]
    _, ballot = hall.open()
    hall.open(units=True)
    for voter in (first, unit):
        assert voter.person_id is not None
        with pytest.raises(Conflict, match="尚未投票"):
            set_active(hall.desk, root, voter.person_id, False)
        with hall.desk.store.read() as tx:
            assert tx.people.person(voter.person_id).active
    hall.cast(ballot, 2, PAPER)
    assert set_active(hall.desk, root, second.person_id or 0, False) is None, "who voted may leave"
    with hall.desk.store.write() as tx:
        tx.ballots.update(ballot, state="counted")
    assert set_active(hall.desk, root, third.person_id or 0, False) is None
