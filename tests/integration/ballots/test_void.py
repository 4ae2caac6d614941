"""A ballot in doubt is made void and called anew by two people of different bodies, by nobody alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from service.casework.access.actor import Actor
from service.casework.ballots.close_ballot import close_ballot
from service.casework.ballots.void import declare_void
from service.casework.health.at_hand import ballot_keys
from service.casework.health.limits import Limits
from service.casework.step.settle import settle
from service.domain.ballots import BoxMismatch
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import KeyLost
from tests.integration.ballots.test_casting import in_step
from tests.support.ballots import Hall, paper
from tests.support.browsers import Browser, make_app

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
        told = [row for row in tx.mail.of_case(case) if row.effect_key.startswith(f"news:{case}:ballot-anew:{ballot}")]
        said = [row.text for row in tx.history.of_case(case)]
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


def test_a_ballot_whose_key_is_lost_is_called_anew(hall: Hall) -> None:
    _, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    for path in (hall.desk.ballot_keys.root / hall.ballot(ballot).box).iterdir():
        path.unlink()
    (found,) = ballot_keys(hall.desk, Limits())
    assert "作废" in found.found.zh
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
    in_step(hall, case, settle)
    assert open_incidents(hall) == ["service"], "nobody counts a ballot that is being voted on"
    assert (hall.ballot(instead).state, hall.ballot(instead).cast) == ("open", 0)
    hall.everybody(instead, [paper("yyn")] * 9)
    hall.drain()
    assert (hall.ballot(instead).state, open_incidents(hall)) == ("counted", [])
    with hall.desk.store.read() as tx:
        assert not tx.inbox.waiting(case), "no message is left that would end a later ballot"


def test_the_page_lets_one_propose_and_another_confirm(hall: Hall) -> None:
    case, ballot = hall.open()
    app, page = make_app(hall), f"/ballots/{ballot}"  # type: ignore[arg-type]
    office, watch, member = (Browser(app, hall, who) for who in ("teller1", "supervisor", "member4"))
    assert ("提出作废" in office.get(page).text, "提出作废" in member.get(page).text) == (True, False)
    assert office.post(f"{page}/void", {"reason": ""}).status_code == 422
    assert office.post(f"{page}/void", {"reason": WHY}).headers["Location"].endswith(page)
    again = office.post(f"{page}/void", {"reason": WHY})
    assert (again.status_code, "须由另一单位的人员确认" in again.text) == (409, True)
    shown = watch.get(page).text
    assert (f"teller1提出作废：{WHY}" in shown, "确认作废并重新发起" in shown) == (True, True)
    assert watch.get(f"/api/v1{page}").json["void"] == {"proposed_by": "teller1", "ground": WHY, "may_declare": True}
    answer = watch.send("POST", f"/api/v1{page}/void", {"reason": "已核对"})
    instead = hall.ballots(case)[-1].id
    assert answer.json == {"instead": instead}
    assert f'改在这里表决：<a href="/ballots/{instead}">' in member.get(page).text
    assert f'href="/ballots/{instead}">打开表决</a>' in member.letters()
