"""Who is recused from an applicant takes no part in the vote on it: put on record before, during or by the vote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.ballots.cast_vote import cast_vote
from service.casework.ballots.declare_recusal import declare_recusal
from service.casework.ballots.view_ballot import view_ballot
from service.casework.review.decide_recusals import record_recusal
from service.casework.review.ties_on_record import lift_recusal
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.ballots import BadPaper
from service.domain.errors import NotAllowed
from service.store.rows import RecusalRow
from tests.support import records
from tests.support.ballots import Hall
from tests.support.browsers import Browser, make_app

FIRST, SECOND = 7001, 7002
APPLICANTS = [{"id": str(FIRST), "name": "甲公司"}, {"id": str(SECOND), "name": "乙公司"}]


def opened(hall: Hall, **agenda: object) -> tuple[int, int, dict[int, int]]:
    """Open a ballot on two applications; returns case, ballot and the organisation of each application."""
    case_id, ballot = hall.open(APPLICANTS, **agenda)
    bodies = {}
    with hall.desk.store.write() as tx:
        parent = tx.cases.get(case_id)
        for ident in (FIRST, SECOND):
            bodies[ident] = tx.people.upsert_body(
                "*", f"91650100MA7{ident}0000"[:18], kind="organisation", name=str(ident), details={}
            )
            records.case(tx, id=ident, parent_id=case_id, definition=parent.definition, jurisdiction=parent.jurisdiction,
                         award=parent.award, process="application", title=str(ident), subject_id=bodies[ident], started_at=parent.started_at)  # fmt: skip
    return case_id, ballot, bodies


def keep(hall: Hall, case_id: int, member: int, body: int) -> None:
    """Put a recusal on record, as the office's decision does."""
    with hall.desk.store.write() as tx:
        step = open_step(hall.desk, tx, case_id, hall.office)
        record_recusal(step, int(hall.members[member - 1].person_id or 0), body, "曾任职", "challenged", ())
        save_step(step)


def marks(*words: str) -> dict[str, str]:
    return {f"quality:{ident}": word for ident, word in zip((FIRST, SECOND), words, strict=True) if word}


def recused(hall: Hall, ballot: int) -> set[tuple[int, str]]:
    with hall.desk.store.read() as tx:
        return {(r.number, r.candidate) for r in tx.ballots.recusals(ballot)}


def test_a_recusal_decided_while_the_ballot_is_open_takes_the_member_off_that_question(hall: Hall) -> None:
    case_id, ballot, bodies = opened(hall)
    keep(hall, case_id, 3, bodies[FIRST])
    assert recused(hall, ballot) == {(3, str(FIRST))}
    with pytest.raises(BadPaper, match="回避"):
        hall.cast(ballot, 3, marks("yes", "yes"))
    for number in range(1, 10):
        hall.cast(ballot, number, marks("" if number == 3 else "yes", "yes"))
    hall.drain()
    lines = {line["candidate"]: line["yes"] for line in hall.outcome(ballot)["lines"]}
    assert lines == {str(FIRST): 8, str(SECOND): 9}


def test_the_route_shows_no_choice_and_refuses_a_mark_made_all_the_same(hall: Hall) -> None:
    case_id, ballot, bodies = opened(hall)
    keep(hall, case_id, 1, bodies[FIRST])
    member = Browser(make_app(hall), hall, "member1")  # type: ignore[arg-type]
    page = f"/ballots/{ballot}"
    assert "您须回避：曾任职" in member.get(page).text
    answer = member.post(page, {f"mark.quality:{FIRST}": "yes", f"mark.quality:{SECOND}": "yes", "do": "cast"})
    assert (answer.status_code, "回避" in answer.text, hall.ballot(ballot).cast) == (422, True, 0)


def test_a_recusal_on_record_holds_for_the_next_ballot_of_the_series(hall: Hall) -> None:
    case_id, ballot, bodies = opened(hall)
    hall.cast(ballot, 3, marks("yes", "yes"))
    keep(hall, case_id, 3, bodies[FIRST])  # too late for this one: the paper is in the box
    assert recused(hall, ballot) == set()
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    hall.advance(closes)
    again = hall.ballots(case_id)[-1]
    assert (again.id != ballot, recused(hall, again.id)) == (True, {(3, str(FIRST))})


def test_who_declares_it_in_the_vote_is_kept_from_the_file_too_until_the_office_ends_it(hall: Hall) -> None:
    _, ballot, bodies = opened(hall)
    member = hall.members[0]
    declare_recusal(hall.desk, member, ballot, str(FIRST), "配偶任职")
    with hall.desk.store.read() as tx:
        (row,) = tx.experts.recusals_of(int(member.person_id or 0))
    assert (row.body_id, row.source, row.lifted_at) == (bodies[FIRST], "declared", None)
    lift_recusal(hall.desk, hall.office, row.id, "配偶已离职")
    with hall.desk.store.read() as tx:
        assert tx.experts.recused_from(int(member.person_id or 0)) == frozenset()


def test_nobody_recused_votes_for_their_unit(hall: Hall) -> None:
    _, ballot, bodies = opened(hall, units=True)
    clerk = replace(hall.units[0], recused=frozenset({bodies[FIRST]}))
    with pytest.raises(NotAllowed, match="不能代表"):
        cast_vote(hall.desk, clerk, ballot, marks("yes", "yes"))
    cast_vote(hall.desk, hall.units[0], ballot, marks("yes", "yes"))
    assert view_ballot(hall.desk, hall.supervisor, ballot).cast == 1


def test_a_recusal_from_an_organisation_holds_for_votes_on_what_becomes_of_its_award(hall: Hall) -> None:
    """The motion is about the organisation of the ballot's own case, as a revocation is."""
    case_id, ballot = hall.open([{"id": "revoke", "name": "撤销称号"}, {"id": "recover", "name": "追回奖金"}])
    with hall.desk.store.write() as tx:
        body = tx.people.upsert_body("*", "91650100MA77000009", kind="organisation", name="甲公司", details={})
        records.subject(tx, case_id, body)
    keep(hall, case_id, 3, body)
    assert recused(hall, ballot) == {(3, "revoke"), (3, "recover")}
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    hall.advance(closes)  # nobody has voted: it is called again
    again = hall.ballots(case_id)[-1]
    assert (again.id != ballot, recused(hall, again.id)) == (True, {(3, "revoke"), (3, "recover")})


def test_what_one_city_lifts_another_citys_recusal_still_keeps_away(hall: Hall) -> None:
    case_id, _, bodies = opened(hall)
    person = int(hall.members[2].person_id or 0)
    keep(hall, case_id, 3, bodies[FIRST])
    with hall.desk.store.write() as tx:
        tx.experts.recuse(RecusalRow(
            jurisdiction="elsewhere", person_id=person, body_id=bodies[FIRST], case_id=case_id, reason="子女任职",
            source="declared", clauses=[], decided_by=None, decided_at=hall.clock.now(), lifted_at=None, lifted_reason=None,
        ))  # fmt: skip
        own, other = sorted(tx.experts.recusals_of(person), key=lambda r: r.jurisdiction == "elsewhere")
    lift_recusal(hall.desk, hall.office, own.id, "已离职三年")
    with hall.desk.store.read() as tx:
        assert tx.experts.recused_from(person) == frozenset({bodies[FIRST]})
    with pytest.raises(NotAllowed):
        lift_recusal(hall.desk, hall.office, other.id, "已离职三年")
