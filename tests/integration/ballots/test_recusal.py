"""Who is recused from an applicant takes no part in the vote on it: put on record before, during or by the vote."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from service.casework.ballots.cast_vote import cast_vote
from service.casework.ballots.declare_recusal import declare_recusal, recuse_from_votes
from service.casework.ballots.view_ballot import view_ballot
from service.casework.review.decide_recusals import record_recusal
from service.casework.review.ties_on_record import lift_recusal
from service.casework.simulate.stage.ballots import BALLOT_DOERS
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.ballots import BadPaper
from service.domain.errors import NotAllowed
from service.store import Store
from service.store.models import InterestRow
from service.web import create_app
from tests.support import records
from tests.support.ballots import Hall
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season
from tests.support.records import hold_seat, keep_away

FIRST, SECOND = 7001, 7002
APPLICANTS = [{"id": str(FIRST), "name": "甲公司"}, {"id": str(SECOND), "name": "乙公司"}]


def opened(hall: Hall, above: str = "", **agenda: object) -> tuple[int, int, dict[int, int]]:
    """Open a ballot on two applications; returns case, ballot and the organisation of each application.

    Where ``above`` is given, the first belongs to an organisation of that name.
    """
    case_id, ballot = hall.open(APPLICANTS, **agenda)
    bodies = {}
    with hall.desk.store.write() as tx:
        parent = tx.cases.get(case_id)
        for ident in (FIRST, SECOND):
            bodies[ident] = tx.bodies.upsert(
                "*", f"91650100MA7{ident}0000"[:18], kind="organisation", name=str(ident), details={}
            )
            records.case(tx, id=ident, parent_id=case_id, definition=parent.definition, jurisdiction=parent.jurisdiction,
                         award=parent.award, process="application", title=str(ident), subject_id=bodies[ident], started_at=parent.started_at,
                         facts={"parent_name": above} if ident == FIRST and above else {})  # fmt: skip
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
        return {(r.number, r.candidate) for r in tx.ballot_recusals.select(ballot_id=ballot)}


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


def note(hall: Hall, member: int, body: int) -> None:
    with hall.desk.store.write() as tx:
        person = int(hall.members[member - 1].person_id or 0)
        words = {"kind": "other", "source": "record", "text": "长期合作"}
        tx.interests.insert(InterestRow(person_id=person, body_id=body, noted_at=hall.clock.now(), **words))


def reopen(hall: Hall, case_id: int, ballot: int) -> int:
    """Let a ballot end without votes: it is called again."""
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    hall.advance(closes)
    return hall.ballots(case_id)[-1].id


def test_a_tie_on_record_takes_the_member_off_the_ballot_that_opens(hall: Hall) -> None:
    case_id, ballot, bodies = opened(hall)
    person = int(hall.members[2].person_id or 0)
    note(hall, 3, bodies[FIRST])
    again = reopen(hall, case_id, ballot)
    assert recused(hall, again) == {(3, str(FIRST))}
    with pytest.raises(BadPaper, match="回避"):
        hall.cast(again, 3, marks("yes", "yes"))
    with hall.desk.store.read() as tx:
        (row,) = tx.recusals.select("-id", person_id=person)
        told = [m.subject for m in tx.mail.select(case_id=case_id, person_id=person)]
        office = [m.text for m in tx.mail.select(case_id=case_id, person_id=int(hall.office.person_id or 0))]
    assert (row.source, row.body_id, row.reason) == ("record", bodies[FIRST], "其他利害关系（长期合作）")
    assert any("表决须回避：7001" in str(subject) for subject in told)
    assert any("还须再次表决" in str(text) for text in office)


def test_a_tie_entered_while_a_ballot_is_open_recuses_who_has_not_voted(hall: Hall) -> None:
    _, ballot, bodies = opened(hall)
    hall.cast(ballot, 4, marks("yes", "yes"))
    place, heard = hall.office.seats[0].jurisdiction, []
    for number in (3, 4):
        note(hall, number, bodies[FIRST])
        person = int(hall.members[number - 1].person_id or 0)
        heard.append(recuse_from_votes(hall.desk, hall.office, place, person, bodies[FIRST]))
    title = hall.ballot(ballot).title
    assert heard == [([title], []), ([], [title])], "no paper is taken out of the box"
    assert recused(hall, ballot) == {(3, str(FIRST))}
    with pytest.raises(BadPaper, match="回避"):
        hall.cast(ballot, 3, marks("yes", "yes"))
    with hall.desk.store.read() as tx:
        told = [m.subject for m in tx.mail.select(person_id=int(hall.members[2].person_id or 0))]
    assert any("表决须回避：7001" in str(subject) for subject in told)


def test_a_tie_holds_no_longer_than_it_is_decided_otherwise(hall: Hall) -> None:
    case_id, ballot, bodies = opened(hall)
    person = int(hall.members[2].person_id or 0)
    note(hall, 3, bodies[FIRST])
    note(hall, 3, bodies[SECOND])
    hall.clock.move_to(hall.clock.now() + timedelta(hours=1))
    with hall.desk.store.write() as tx:
        keep_away(tx, hall.office.seats[0].jurisdiction, person, bodies[FIRST], case_id, "长期合作", hall.clock.now())
        (row,) = tx.recusals.select("-id", person_id=person)
    lift_recusal(hall.desk, hall.office, row.id, "合作已经结束")
    assert recused(hall, reopen(hall, case_id, ballot)) == {(3, str(SECOND))}


def test_a_unit_does_not_vote_on_its_own_branch(hall: Hall) -> None:
    case_id, ballot, _ = opened(hall, above=hall.units[1].seats[0].body_name, units=True)
    with hall.desk.store.read() as tx:
        unit = next(m for m in tx.rolls.select(ballot_id=ballot) if m.name == hall.units[1].seats[0].body_name)
    assert recused(hall, reopen(hall, case_id, ballot)) == {(unit.number, str(FIRST))}


def test_a_unit_does_not_vote_on_whom_it_was_merged_into(hall: Hall) -> None:
    unit = hall.units[1].seats[0].body_name
    case_id, ballot, bodies = opened(hall, units=True)
    with hall.desk.store.write() as tx:
        old = tx.bodies.upsert("*", "91650100MA7800099X", kind="organisation", name=unit, details={})
        new = tx.bodies.get(bodies[FIRST])
        tx.bodies.upsert("*", new.key, kind=new.kind, name=new.name, details={"predecessors": [old]})
    with hall.desk.store.read() as tx:
        number = next(m.number for m in tx.rolls.select(ballot_id=ballot) if m.name == unit)
    assert recused(hall, reopen(hall, case_id, ballot)) == {(number, str(FIRST))}


def test_who_declares_it_in_the_vote_is_kept_from_the_file_too_until_the_office_ends_it(hall: Hall) -> None:
    _, ballot, bodies = opened(hall)
    member = hall.members[0]
    declare_recusal(hall.desk, member, ballot, str(FIRST), "配偶任职")
    with hall.desk.store.read() as tx:
        (row,) = tx.recusals.select("-id", person_id=int(member.person_id or 0))
    assert (row.body_id, row.source, row.lifted_at) == (bodies[FIRST], "declared", None)
    lift_recusal(hall.desk, hall.office, row.id, "配偶已离职")
    with hall.desk.store.read() as tx:
        assert tx.recusals.pick("body_id", person_id=int(member.person_id or 0), lifted_at=None) == frozenset()
        told = [m.text for m in tx.mail.select(person_id=int(member.person_id or 0))]
    assert any("回避已经解除。原因：配偶已离职" in str(text) for text in told)


def test_who_is_recused_from_everything_has_nothing_to_do(hall: Hall) -> None:
    case_id, ballot, bodies = opened(hall)
    with hall.desk.store.read() as tx:
        tasks = {m.number: m.task_id or 0 for m in tx.rolls.select(ballot_id=ballot)}

    def waits(number: int) -> bool:
        with hall.desk.store.read() as tx:
            return tx.tasks.get(tasks[number]).state == "open"

    declare_recusal(hall.desk, hall.members[0], ballot, str(FIRST), "配偶任职")
    keep(hall, case_id, 2, bodies[FIRST])
    assert waits(1), "the other candidate is still voted on"
    declare_recusal(hall.desk, hall.members[0], ballot, str(SECOND), "配偶任职")
    keep(hall, case_id, 2, bodies[SECOND])
    assert [waits(1), waits(2), waits(3)] == [False, False, True]
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    hall.advance(closes)  # nobody has voted: it is called again
    again = hall.ballots(case_id)[-1]
    with hall.desk.store.read() as tx:
        asked = {m.number for m in tx.rolls.select(ballot_id=again.id) if tx.tasks.get(m.task_id or 0).state == "open"}
    assert asked == {*tasks} - {1, 2}


@pytest.mark.parametrize("by_office", [False, True], ids=["declared", "entered by the office"])
def test_nobody_waits_for_who_has_nothing_to_vote_on(hall: Hall, by_office: bool) -> None:
    case_id, ballot, bodies = opened(hall)
    for about in (FIRST, SECOND):
        keep(hall, case_id, 2, bodies[about])
        declare_recusal(hall.desk, hall.members[0], ballot, str(about), "配偶任职")
    for number in range(3, 9):
        hall.cast(ballot, number, marks("yes", "yes"))
    hall.drain()
    assert hall.ballot(ballot).state == "open", "the ninth has not voted"
    for about in (FIRST, SECOND):
        if by_office:
            keep(hall, case_id, 9, bodies[about])
        else:
            declare_recusal(hall.desk, hall.members[8], ballot, str(about), "配偶任职")
    hall.drain()
    assert {line["yes"] for line in hall.outcome(ballot)["lines"]} == {6}


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
        body = tx.bodies.upsert("*", "91650100MA77000009", kind="organisation", name="甲公司", details={})
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
        keep_away(tx, "elsewhere", person, bodies[FIRST], case_id, "子女任职", hall.clock.now(), source="declared")
        own, other = sorted(tx.recusals.select("-id", person_id=person), key=lambda r: r.jurisdiction == "elsewhere")
    lift_recusal(hall.desk, hall.office, own.id, "已离职三年")
    with hall.desk.store.read() as tx:
        assert tx.recusals.pick("body_id", person_id=person, lifted_at=None) == frozenset({bodies[FIRST]})
    with pytest.raises(NotAllowed):
        lift_recusal(hall.desk, hall.office, other.id, "已离职三年")


# Members do not vote on names alone: each candidate's file is one click from its name, for those who may see it.

ALL = {**DOERS, **BALLOT_DOERS}


@pytest.fixture
def stage(sqlite_store: Store) -> PlayState:
    """A season that has come as far as its first ballot."""
    stage = season("urumqi/quality_award", "new_vote", sqlite_store, 0)
    for move in stage.scenario.moves:
        stage.pass_time(move)
        if move.verb in ALL:
            ALL[move.verb](stage, move, stage.cast.actor(move.who or "office"))
            stage.drain()
        if ballots(stage):
            break
    return stage


def ballots(stage: PlayState):
    if "届" not in stage.cases:
        return []
    with stage.desk.store.read() as tx:
        return tx.ballots.select(case_id=stage.case("届"))


def browser(stage: PlayState, person_id: int) -> Browser:
    people = SimpleNamespace(desk=stage.desk, people={"who": person_id})
    return Browser(create_app(stage.desk, settings_for_tests()), people, "who")  # type: ignore[arg-type]


def member(stage: PlayState, number: int = 1) -> int:
    with stage.desk.store.read() as tx:
        found = next(m for m in tx.rolls.select(ballot_id=ballots(stage)[0].id) if m.number == number)
    assert found.person_id is not None
    return found.person_id


def seated(stage: PlayState, person: int, case: int) -> None:
    """Let a person act for the organisation that a case is about."""
    with stage.desk.store.write() as tx:
        body = tx.cases.get(case).subject_id or 0
        now = stage.clock.now()
        hold_seat(tx, person, body, "*", "applicant", now)


def papers(page: str) -> list[str]:
    """Return the addresses of the files that the page opens at its side."""
    return [f"/uploads/{ident}" for ident in re.findall(r"[?&;]beside=f([\w-]+)", page)]


def files(page: str) -> list[str]:
    return re.findall(r'href="(/ballots/\d+/candidates/\d+)"', page)


def test_the_paper_leads_to_report_scores_and_material(stage: PlayState) -> None:
    ballot = ballots(stage)[0]
    me = browser(stage, member(stage))
    paper = me.get(f"/ballots/{ballot.id}").text
    links = files(paper)
    assert len(set(links)) == paper.count('class="ballot-name"') == 2
    own = next(link for link in links if link.endswith(f"/{stage.case('甲')}"))
    page = me.get(own)
    assert page.status_code == 200
    for word in ("甲公司", "评审得分", "800.00", "综合得分", "× ", "评审报告", "填写申报材料", "回避"):
        assert word in page.text, word
    assert '<form method="post" action="/tasks' not in page.text
    ids = re.findall(r'\sid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    documents = re.findall(r'href="(/documents/\d+)"', page.text)
    uploads = papers(page.text)
    assert documents
    assert uploads
    assert {me.get(address).status_code for address in (*documents, uploads[0])} == {200}
    with stage.desk.store.read() as tx:
        taken = [row.about for row in tx.acts.select(after=0, limit=1_000) if row.chain == "reading"]
    with stage.desk.store.read() as tx:
        title = tx.cases.get(stage.case("甲")).title
    assert f"{title}：下载附件" in taken
    assert len([about for about in taken if "：下载文书“" in about]) == len(documents)
    beside = me.get(f"{own}?beside=f{uploads[0].split('/')[2]}").text
    assert f'data-content="{uploads[0]}/shown?' in beside
    assert me.get(f"/cases/{stage.case('甲')}").status_code == 403  # the file, not the case with what others do in it


def test_who_is_recused_sees_nothing_of_that_candidate(stage: PlayState) -> None:
    ballot = ballots(stage)[0]
    me = browser(stage, member(stage))
    address = f"/ballots/{ballot.id}/candidates/{stage.case('甲')}"
    page = me.get(address).text
    document = re.findall(r'href="(/documents/\d+)"', page)[0]  # of the candidate's own case
    upload = papers(page)[0]
    for field, form in (
        ("candidate", {"reason": "有亲属"}),
        ("reason", {"candidate": str(stage.case("甲")), "reason": " "}),
    ):
        refused = me.post(f"/ballots/{ballot.id}/recusal", form)
        assert (refused.status_code, f'id="{field}-error"' in refused.text) == (422, True)
    declared = {"candidate": str(stage.case("甲")), "reason": "配偶在该单位任职"}
    assert "对“甲公司”申明回避？" in me.post(f"/ballots/{ballot.id}/recusal", declared).text
    assert address in files(me.get(f"/ballots/{ballot.id}").text), "it was asked once more, and nothing recorded"
    assert "下一步：核对" in me.get(f"/ballots/{ballot.id}").text
    me.post(f"/ballots/{ballot.id}/recusal", {**declared, "do": "declare"})
    assert me.get(f"/ballots/{ballot.id}/candidates/{stage.case('乙')}").status_code == 200
    me.post(f"/ballots/{ballot.id}/recusal", {**declared, "do": "declare", "candidate": str(stage.case("乙"))})
    paper = me.get(f"/ballots/{ballot.id}").text
    assert ("您须回避本次表决的全部事项" in paper, "下一步：核对" in paper) == (True, False)
    assert address not in files(me.get(f"/ballots/{ballot.id}").text)
    assert {me.get(refused).status_code for refused in (address, upload, document)} == {403}
    other = browser(stage, member(stage, 2)).get(address).text
    assert "配偶在该单位任职" not in other  # that somebody keeps away is theirs to know, why is not
    assert "leading_group#1" in other.partition("回避</h2>")[2].partition("</section>")[0]
