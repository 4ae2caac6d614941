"""A ballot past help is made void and called anew by two people; one with which nothing is wrong by nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import Actor
from service.casework.ballots.agree_void import agree_to_void, view_stopped
from service.casework.ballots.close_ballot import close_ballot
from service.casework.health.at_hand import ballot_keys
from service.casework.health.limits import Limits
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.interventions.offers import view_interventions
from service.casework.step.settle import settle
from service.cli.intervene import intervene as command
from service.cli.tools import Tools
from service.domain.ballots import BoxMismatch
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import KeyLost
from service.store.rows import MailRow, MembershipRow
from tests.integration.ballots.test_casting import in_step
from tests.support.ballots import TOWN, Hall, paper
from tests.support.browsers import Browser, make_app

WHY = "数据库被人改动，已查明"


@pytest.fixture
def admin(hall: Hall) -> Actor:
    """Return a system administrator, who belongs to the office's body and holds none of its roles."""
    seat = replace(hall.office.seats[0], role="administrator")
    with hall.desk.store.write() as tx:
        person = tx.people.person(hall.people["teller2"])
        tx.people.add_membership(
            MembershipRow(
                person_id=person.id, body_id=seat.body_id, jurisdiction=TOWN, role="administrator",
                since=hall.clock.now(), until=None,
            )
        )  # fmt: skip
    return Actor(person.id, "管理员", (seat,))


def by_hand(hall: Hall, sql: str, **values: object) -> None:
    with hall.desk.store.write() as tx:
        tx._connection.execute(sa.text(sql), values)


def stopped(hall: Hall, **agenda: object) -> tuple[int, int]:
    """Let two vote, take a mark off, and let a third meet it: the ballot stops."""
    case, ballot = hall.open(**agenda)
    hall.cast(ballot, 1, paper("yyn"))
    hall.cast(ballot, 2, paper("yyn"))
    by_hand(hall, "update ballot_roll set state = 0 where ballot_id = :n and number = 1", n=ballot)
    with pytest.raises(BoxMismatch):
        hall.cast(ballot, 3, paper("yyn"))
    return case, ballot


def tried(hall: Hall, admin: Actor, case: int, ballot: int, **given: str) -> Effect:
    kind = INTERVENTIONS["void_ballot"]
    return kind.do_tried(
        hall.desk, admin, case, InterventionAsked(WHY, dry=True), {"ballot": f"{ballot}", **given}, None
    )


def voided(hall: Hall, admin: Actor, case: int, ballot: int, **given: str) -> int:
    """Try it, do it, and return the ballot called in the place of the other."""
    kind, effect = INTERVENTIONS["void_ballot"], tried(hall, admin, case, ballot, **given)
    values = {"ballot": f"{ballot}", **given}
    kind.do_tried(hall.desk, admin, case, InterventionAsked(WHY), values, effect.tried)
    return hall.ballots(case)[-1].id


def letters(hall: Hall, case: int, begins: str) -> list[MailRow]:
    with hall.desk.store.read() as tx:
        return [row for row in tx.mail.of_case(case) if row.effect_key.startswith(f"news:{case}:{begins}")]


def open_incidents(hall: Hall) -> list[str]:
    with hall.desk.store.read() as tx:
        return [one.kind for one in tx.incidents.list_open()]


def keys_of(hall: Hall) -> set[str]:
    return {path.name for path in hall.desk.ballot_keys.root.iterdir() if path.is_dir()}


def test_a_stopped_ballot_is_void_and_the_same_is_voted_on_anew(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    assert open_incidents(hall) == ["ballot"]
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    anew = voided(hall, admin, case, ballot)
    before, after = hall.ballot(ballot), hall.ballot(anew)
    assert (before.state, after.state, before.urn, before.key_name) == ("void", "open", None, None)
    assert (after.closes_at, after.issued, after.agenda) == (before.closes_at, before.issued, before.agenda)
    assert keys_of(hall) == {after.box}, "the keys of the void ballot are destroyed"
    assert open_incidents(hall) == []
    told = letters(hall, case, f"ballot-anew:{ballot}")
    assert len(told) == 9
    assert "投过票的也请重新投票" in told[0].text
    with hall.desk.store.read() as tx:
        said = [row.text for row in tx.history.of_case(case)]
    assert any("supervisor同意将表决" in text and WHY in text for text in said)
    assert any("作废：" in text and "经supervisor同意作废并重新发起" in text for text in said)
    hall.everybody(anew, [paper("yyn")] * 9)
    hall.drain()
    assert hall.ballot(anew).state == "counted"
    assert hall.elected(anew) == {("quality", "c1"), ("quality", "c2")}


def test_nobody_makes_a_sound_ballot_void(hall: Hall, admin: Actor) -> None:
    case, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    with pytest.raises(Conflict, match="没有发现不符"):
        agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    with pytest.raises(Conflict, match="没有发现不符"):
        tried(hall, admin, case, ballot)
    assert view_stopped(hall.desk, hall.supervisor, ballot) is None
    (offered,) = view_interventions(hall.desk, admin, case).offered["ballot"]
    assert offered.refusal is not None
    assert hall.ballot(ballot).after is None


def test_it_takes_two_and_one_of_them_watches_over_the_vote(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    with pytest.raises(Conflict, match="监督机构的人员在表决页同意"):
        tried(hall, admin, case, ballot)
    for who in (admin, hall.office, hall.members[0], hall.stranger):
        with pytest.raises(NotAllowed):
            agree_to_void(hall.desk, who, ballot, WHY)
    with pytest.raises(Invalid):
        agree_to_void(hall.desk, hall.supervisor, ballot, " ")
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    with pytest.raises(Conflict, match="已经有人同意"):
        agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    for who in (hall.supervisor, hall.office, hall.members[0]):
        with pytest.raises(NotAllowed):
            tried(hall, who, case, ballot)
    both = Actor(hall.supervisor.person_id, "两职一身", (*hall.supervisor.seats, *admin.seats))
    with pytest.raises(Conflict, match="您本人同意"):
        tried(hall, both, case, ballot)
    assert hall.ballot(ballot).state == "open"


def test_a_trial_leaves_nothing_and_no_key(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    before = keys_of(hall)
    effect = tried(hall, admin, case, ballot)
    assert keys_of(hall) == before
    assert [row.id for row in hall.ballots(case)] == [ballot]
    told = {
        (change.name, change.before and change.before.zh, change.after and change.after.zh) for change in effect.changes
    }
    title = hall.ballot(ballot).title
    assert {(title, "投票中", "已作废"), (title, None, "投票中")} <= told
    with pytest.raises(Invalid, match="先试算"):
        INTERVENTIONS["void_ballot"].do_tried(
            hall.desk, admin, case, InterventionAsked(WHY), {"ballot": f"{ballot}"}, ""
        )
    assert keys_of(hall) == before


def test_the_new_ballot_may_end_later_and_never_sooner(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    closes = hall.ballot(ballot).closes_at
    assert closes is not None
    with pytest.raises(Conflict, match="不能早于"):
        tried(hall, admin, case, ballot, day="2026-03-02")
    later = (closes + timedelta(days=7)).date().isoformat()
    anew = voided(hall, admin, case, ballot, day=later)
    moved = hall.ballot(anew).closes_at
    assert moved is not None
    assert moved > closes
    hall.cast(anew, 1, paper("yyn"))
    hall.advance(closes)
    assert hall.ballot(anew).state == "open"
    hall.advance(moved)
    assert hall.ballot(anew).state == "counted"


def test_a_lost_key_is_found_and_the_ballot_is_called_anew(hall: Hall, admin: Actor) -> None:
    case, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    for path in (hall.desk.ballot_keys.root / hall.ballot(ballot).box).iterdir():
        path.unlink()
    (found,) = ballot_keys(hall.desk, Limits())
    assert "干预" in found.found.zh
    with pytest.raises(KeyLost):
        hall.cast(ballot, 2, paper("yyn"))
    seen = view_stopped(hall.desk, hall.supervisor, ballot)
    assert seen is not None
    assert (seen.may_agree, "密钥已经丢失" in seen.found.zh) == (True, True)
    agree_to_void(hall.desk, hall.supervisor, ballot, "密钥目录所在的磁盘损坏")
    anew = voided(hall, admin, case, ballot)
    hall.everybody(anew, [paper("yyn")] * 9)
    hall.drain()
    assert hall.ballot(anew).state == "counted"


def test_where_the_count_was_refused_it_follows_the_new_vote_by_itself(hall: Hall, admin: Actor) -> None:
    case, ballot = hall.open()
    for number in range(1, 4):
        hall.cast(ballot, number, paper("yyn"))
    by_hand(hall, "update ballot_roll set state = 1 - state where ballot_id = :n and number in (1, 9)", n=ballot)
    close_ballot(hall.desk, hall.office, ballot, "会议提前结束")
    hall.drain()
    assert open_incidents(hall) == ["service"], "the count was refused"
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    anew = voided(hall, admin, case, ballot)
    assert open_incidents(hall) == [], "the count waits for the vote and is in no trouble"
    in_step(hall, case, settle)
    assert open_incidents(hall) == ["service"], "nobody counts a ballot that is being voted on"
    assert (hall.ballot(anew).state, hall.ballot(anew).cast) == ("open", 0)
    hall.everybody(anew, [paper("yyn")] * 9)
    hall.drain()
    assert hall.ballot(anew).state == "counted"
    assert open_incidents(hall) == []
    with hall.desk.store.read() as tx:
        assert not tx.inbox.waiting(case), "no message is left that would end a later ballot"


def test_the_office_may_close_the_new_ballot_of_a_refused_count(hall: Hall, admin: Actor) -> None:
    case, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    by_hand(hall, "update ballot_roll set state = 1 - state where ballot_id = :n and number in (1, 9)", n=ballot)
    close_ballot(hall.desk, hall.office, ballot, "会议提前结束")
    hall.drain()
    agree_to_void(hall.desk, hall.supervisor, ballot, WHY)
    anew = voided(hall, admin, case, ballot)
    for number in range(1, 8):
        hall.cast(anew, number, paper("yyn"))
    close_ballot(hall.desk, hall.office, anew, "到会成员均已投票")
    hall.drain()
    assert (hall.ballot(anew).state, hall.outcome(anew)["cast"]) == ("counted", 7)


def test_pages_interface_and_command(hall: Hall, admin: Actor) -> None:
    case, ballot = stopped(hall)
    app = make_app(hall)  # type: ignore[arg-type]
    watch, member = Browser(app, hall, "supervisor"), Browser(app, hall, "member4")
    page = member.get(f"/ballots/{ballot}")
    assert "名册标记1票，票箱内2票" in page.text, "what differed stays readable once it was stopped"
    assert ("不再接受选票" in page.text, "mark." in page.text, "同意作废" in page.text) == (True, False, False)
    assert "查明的情况" in watch.get(f"/ballots/{ballot}").text
    place = f"/api/v1/ballots/{ballot}/void"
    assert watch.get(place).json["stopped"]["may_agree"] is True
    assert watch.post(f"/ballots/{ballot}/void", {"reason": ""}).status_code == 422
    assert watch.post(f"/ballots/{ballot}/void", {"reason": WHY}).status_code == 303
    assert watch.send("POST", place, {"reason": WHY}).status_code == 409
    assert "supervisor已同意作废" in watch.get(f"/ballots/{ballot}").text
    assert "名册标记1票，票箱内2票" in watch.get(f"/ballots/{ballot}").text
    run = CliRunner()
    tools = cast(Tools, SimpleNamespace(desk=lambda: hall.desk))
    said = ["void_ballot", f"{case}", "--as", "teller2", "--reason", WHY, "--set", f"ballot={ballot}"]
    dry = run.invoke(command, [*said, "--dry-run"], obj=tools)
    assert dry.exit_code == 0, dry.output
    mark = dry.output.rpartition("--tried ")[2].strip()
    boss = Browser(app, hall, "teller2")
    assert "void_ballot" in boss.get(f"/ballots/{ballot}").text
    assert hall.ballot(ballot).title in boss.get(f"/cases/{case}/interventions/void_ballot").text
    done = run.invoke(command, [*said, "--tried", mark], obj=tools)
    assert done.exit_code == 0, done.output
    assert hall.ballot(ballot).state == "void"
    assert f'href="/ballots/{hall.ballots(case)[-1].id}">打开表决</a>' in member.letters()
