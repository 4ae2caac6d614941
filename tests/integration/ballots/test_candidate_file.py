"""Members do not vote on names alone: each candidate's file is one click from its name, for those who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from service.casework.simulate.stage.ballots import BALLOT_DOERS
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from service.store.rows import MembershipRow
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season

ALL = {**DOERS, **BALLOT_DOERS}


@pytest.fixture
def stage(sqlite_url: str, open_store: Callable[[str], Store]) -> PlayState:
    """A season that has come as far as its first ballot."""
    stage = season("urumqi/quality_award", "new_vote", open_store(sqlite_url), 0)
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
        return tx.ballots.of_case(stage.case("届"))


def browser(stage: PlayState, person_id: int) -> Browser:
    people = SimpleNamespace(desk=stage.desk, people={"who": person_id})
    return Browser(create_app(stage.desk, settings_for_tests()), people, "who")  # type: ignore[arg-type]


def member(stage: PlayState, number: int = 1) -> int:
    with stage.desk.store.read() as tx:
        found = next(m for m in tx.ballots.roll(ballots(stage)[0].id) if m.number == number)
    assert found.person_id is not None
    return found.person_id


def seated(stage: PlayState, person: int, case: int) -> None:
    """Let a person act for the organisation that a case is about."""
    with stage.desk.store.write() as tx:
        body = tx.cases.get(case).subject_id or 0
        now = stage.clock.now()
        seat = MembershipRow(person_id=person, body_id=body, jurisdiction="*", role="applicant", since=now)
        tx.people.add_membership(seat)


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
    for word in ("甲公司", "评审得分", "800.00", "评审报告", "填写申报材料", "回避"):
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
        taken = [row.about for row in tx.acts.after(0, 1_000) if row.chain == "reading"]
    number = uploads[0].rpartition("/")[2]
    assert f"下载附件 {number}，办件{stage.case('甲')}" in taken
    assert len([about for about in taken if about.startswith("下载文书")]) == len(documents)
    assert "演练附件" in me.get(f"{own}?beside=f{uploads[0].split('/')[2]}").text
    assert me.get(f"/cases/{stage.case('甲')}").status_code == 403  # the file, not the case with what others do in it
    seated(stage, member(stage), stage.case("甲"))
    mine = [form for form in me.get(f"/api/v1{own}").get_json()["forms"] if form["own"]]
    plain = [me.get(f"/api/v1/cases/{stage.case('甲')}/forms/{form['id']}").get_json()["values"] for form in mine]
    assert [form["values"] for form in mine] != plain  # masked as on the page of the ballot, though theirs


def test_who_is_recused_sees_nothing_of_that_candidate(stage: PlayState) -> None:
    ballot = ballots(stage)[0]
    me = browser(stage, member(stage))
    address = f"/ballots/{ballot.id}/candidates/{stage.case('甲')}"
    page = me.get(address).text
    document = re.findall(r'href="(/documents/\d+)"', page)[0]  # of the candidate's own case
    upload = papers(page)[0]
    me.post(f"/ballots/{ballot.id}/recusal", {"candidate": str(stage.case("甲")), "reason": "配偶在该单位任职"})
    assert address not in files(me.get(f"/ballots/{ballot.id}").text)
    assert {me.get(refused).status_code for refused in (address, upload, document)} == {403}
    assert me.get(f"/ballots/{ballot.id}/candidates/{stage.case('乙')}").status_code == 200
    other = browser(stage, member(stage, 2)).get(address).text
    assert "配偶在该单位任职" not in other  # that somebody keeps away is theirs to know, why is not
    assert "leading_group#1" in other.partition("回避</h2>")[2].partition("</section>")[0]


def test_strangers_and_applicants_get_nothing(stage: PlayState) -> None:
    ballot = ballots(stage)[0]
    address = f"/ballots/{ballot.id}/candidates/{stage.case('甲')}"
    applicant = stage.cast.actor("乙").person_id
    assert applicant is not None
    assert browser(stage, applicant).get(address).status_code == 403
    assert browser(stage, member(stage)).get(f"/ballots/{ballot.id}/candidates/999999").status_code == 404


def test_after_the_count_the_file_is_closed_and_the_result_is_told(stage: PlayState) -> None:
    ballot = ballots(stage)[0]
    me = browser(stage, member(stage))
    address = f"/ballots/{ballot.id}/candidates/{stage.case('甲')}"
    upload = papers(me.get(address).text)[0]
    vote = next(m for m in stage.scenario.moves if m.verb == "vote")
    assert vote.at is not None
    stage.advance(vote.at)
    ALL[vote.verb](stage, vote, stage.cast.actor("office"))
    stage.drain()
    me = browser(stage, member(stage))
    assert {me.get(a).status_code for a in (address, upload)} == {403}
    inbox = me.letters()
    assert f'href="/ballots/{ballot.id}"' in inbox
    result = me.get(f"/ballots/{ballot.id}").text
    assert "复核计票" in result
    assert me.get(f"/ballots/{ballot.id}/repeat").status_code == 200
