"""What hangs on a case ends with it, whatever way it ends; of a case that goes on, what hangs on the part that was cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

import handlers.ballot  # noqa: F401  registers the operations
from service.casework.access.actor import SYSTEM, Actor
from service.casework.ballots.anew import void_unopened
from service.casework.ballots.close_ballot import close_ballot
from service.casework.cases.start import start_case
from service.casework.desk.urns import urns_of
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.review.sittings import attend_sitting, call_sitting
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.tasks.ask_sign import ask_sign, withdraw_sign
from service.casework.tasks.complete import complete_task
from service.casework.tasks.save_draft import save_draft
from service.catalog import load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import Conflict
from service.sdk import operations
from service.store import NewWork, Store
from service.store.models import AppointmentRow, IncidentRow, NoticeRow
from tests.support.ballots import CANDIDATES, DATA, PACKAGE, TOWN, Hall, make_hall, paper
from tests.support.soundness import faults_of

HALTED = Path(__file__).parents[2] / "data" / "halted"


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members whose vote runs in a called process that may be interrupted."""
    return make_hall(store, tmp_path / "keys", data=HALTED)


@dataclass(frozen=True, slots=True)
class Round:
    """A round with an open ballot, in which one member has voted, and everything else that can hang on it."""

    case: int
    ballot: int
    key: tuple[str, str]
    to_come: int
    under_way: int
    visit: int
    notice: int
    signing: int


def begun(hall: Hall, *, soon: bool = False) -> Round:
    form = {"candidates": list(CANDIDATES), "recusals": [], "soon": soon}
    case = start_case(hall.desk, hall.office, PACKAGE, "round", None, form)
    ballot = hall.ballots(case)[-1].id
    hall.cast(ballot, 1, paper("yyn"))
    row = hall.ballot(ballot)
    now, office = hall.clock.now(), hall.office
    sittings = [
        call_sitting(hall.desk, office, case, "leading_group", title, "三楼", now + timedelta(hours=hours), ["表决"])
        for title, hours in (("终审会", 30), ("预备会", 1))
    ]
    attend_sitting(hall.desk, hall.members[1], sittings[1])
    [work] = [task for task in hall.tasks(case) if task.element == "office_work"]
    save_draft(hall.desk, office, work.id, {"words": "草稿"})
    ask = ask_sign(hall.desk, office, work.id, None, [hall.people["teller2"]])
    with hall.desk.store.write() as tx:
        visit = tx.appointments.insert(AppointmentRow(
                jurisdiction=TOWN, case_id=case, stage="现场", body_id=hall.stranger.seats[0].body_id, room="厂区",
                starts_at=now + timedelta(hours=20), ends_at=now + timedelta(hours=22), people=[hall.people["member3"]],
                made_at=now,
            ))  # fmt: skip
        notice = tx.notices.insert(
            NoticeRow(
                jurisdiction=TOWN, case_id=case, element="office_work", kind="candidates", title="候选名单公示", content={},
                fingerprint="0" * 64, posted_at=now, first_day=now.date(), last_day=now.date() + timedelta(days=7),
                ends_at=now + timedelta(days=8), period={},
            )
        )  # fmt: skip
        tx.incidents.open(
            IncidentRow(
                jurisdiction=TOWN, case_id=case, engine_id="gone", element="office_work", kind="service",
                what={"zh": "没有完成", "en": "not done"}, consequence={"zh": "停", "en": "stands"},
                remedy={"zh": "重试", "en": "retry"}, detail="", since=now,
            )
        )  # fmt: skip
    assert urns_of(hall.desk).find_missing([(row.box, row.key_name or "")]) == set()
    assert faults_of(hall.desk) == []
    return Round(case, row.id, (row.box, row.key_name or ""), *sittings, visit, notice, ask)


def send(hall: Hall, case: int, name: str) -> None:
    """Let another case send a message."""
    now = hall.clock.now()
    with hall.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("message", case, f"test:{name}", {"message": name, "payload": {}}, now)], now)
    hall.drain()


def by_boundary(hall: Hall, case: int) -> None:
    send(hall, case, "vote_halted")


def by_terminate_event(hall: Hall, case: int) -> None:
    send(hall, case, "vote_called_off")


def by_timer(hall: Hall, case: int) -> None:
    hall.advance(hall.clock.now() + timedelta(hours=2))


def by_administrator(hall: Hall, case: int) -> None:
    """The office has closed the ballot, which is not counted yet: the administrator terminates the case."""
    close_ballot(hall.desk, hall.office, hall.ballots(case)[-1].id, "名单有误")
    do(hall, case, "suspend")
    hall.drain()  # what is due waits until the case goes on
    do(hall, case, "terminate", basis="第一条")
    hall.drain()


def do(hall: Hall, case: int, kind: str, *, dry: bool = False, **given: str) -> Effect:
    seat = hall.office.seats[0]
    admin = Actor(hall.people["teller1"], "管理员", (replace(seat, role="administrator", jurisdiction="*"),))
    return INTERVENTIONS[kind].run(hall.desk, admin, case, InterventionAsked("停办", dry=dry), given)


ENDS: Mapping[str, Callable[[Hall, int], None]] = {
    "an interrupting boundary event": by_boundary,
    "a terminate event": by_terminate_event,
    "an interrupting timer": by_timer,
    "an administrator": by_administrator,
}


@pytest.mark.parametrize("way", ENDS)
def test_nothing_hangs_on_a_case_that_ended(hall: Hall, way: str) -> None:
    here = begun(hall, soon=way == "an interrupting timer")
    ENDS[way](hall, here.case)
    case = hall.case(here.case)
    assert case.status == "ended"
    assert hall.tasks(here.case) == []
    assert hall.ballot(here.ballot).state == "void"
    row = hall.ballot(here.ballot)
    assert (row.urn, row.key_name, row.sheet) == (None, None, None)
    assert urns_of(hall.desk).find_missing([here.key]) == {here.key[0]}, "the key is destroyed"
    with hall.desk.store.read() as tx:
        assert tx.sittings.get(here.to_come).state == "cancelled"
        assert tx.sittings.get(here.under_way).state == "called", "it has begun: its office writes the minutes"
        assert tx.appointments.get(here.visit).state == "cancelled"
        assert tx.notices.get(here.notice).state == "recalled", "nobody decides on an objection to it any more"
        assert tx.sign_asks.get(here.signing).state == "ended"
        assert [row for row in tx.incidents.select(case_id=here.case) if row.resolved_at is None] == []
        assert tx.work.of_case(here.case, ("waiting", "held")) == []
        mail = tx.mail.select(case_id=here.case)
        told = {m.person_id for m in mail if "作废" in m.subject}
        assert told == {m.person_id for m in tx.rolls.select(ballot_id=here.ballot)}, (
            "whoever voted is told as those who did not"
        )
        assert {m.person_id for m in mail if m.subject == "会议取消：终审会"} == told
        assert hall.people["member3"] in {m.person_id for m in mail if m.subject.startswith("评审安排取消")}
        said = [event.text for event in tx.history.newest(here.case)]
        assert tx.history.verify(here.case) is None
    assert "表决“质量奖获奖建议名单”作废：办件已经结束" in said
    assert "取消会议“终审会”：办件已经结束" in said
    assert faults_of(hall.desk) == []


@pytest.mark.parametrize("message", ["vote_left", "given_up"])
def test_what_hangs_on_a_cancelled_part_ends_and_the_case_goes_on(hall: Hall, message: str) -> None:
    here = begun(hall)
    send(hall, here.case, message)
    assert hall.case(here.case).status == "running"
    assert hall.ballot(here.ballot).state == "void"
    assert {task.kind for task in hall.tasks(here.case)} == {"form"}
    with hall.desk.store.read() as tx:
        assert tx.sittings.get(here.to_come).state == "called"
        assert tx.notices.get(here.notice).state == "running"
        assert tx.sign_asks.get(here.signing).state == "open"
        told = {m.person_id for m in tx.mail.select(case_id=here.case) if "作废" in m.subject}
        said = [event.text for event in tx.history.newest(here.case) if event.action == "ballot"]
    assert len(told) == len(hall.members)
    assert said[0] == "表决“质量奖获奖建议名单”作废：办件已离开这一环节"
    assert faults_of(hall.desk) == []
    for element in ("what_next", "sum_up"):
        for task in (each for each in hall.tasks(here.case) if each.element == element):
            complete_task(hall.desk, hall.office, task.id, task.version, {"words": "完"})
    assert hall.case(here.case).outcome == "voted"
    with hall.desk.store.read() as tx:
        assert len([e for e in tx.history.newest(here.case) if "作废" in e.text]) == 1


def test_a_counted_ballot_stays_as_it_is_counted(hall: Hall) -> None:
    here = begun(hall)
    for number in range(2, 10):
        hall.cast(here.ballot, number, paper("yyn"))
    hall.drain()
    for ballot in hall.ballots(here.case)[1:]:
        hall.everybody(ballot.id, [paper("..y", "nomination")] * 9)
        hall.drain()
    [work] = [each for each in hall.tasks(here.case) if each.element == "office_work"]
    withdraw_sign(hall.desk, hall.office, work.id)
    [work] = [each for each in hall.tasks(here.case) if each.element == "office_work"]
    complete_task(hall.desk, hall.office, work.id, work.version, {"words": "完"})
    [task] = [each for each in hall.tasks(here.case) if each.element == "sum_up"]
    complete_task(hall.desk, hall.office, task.id, task.version, {"words": "完"})
    assert hall.case(here.case).outcome == "voted"
    assert {ballot.state for ballot in hall.ballots(here.case)} == {"counted"}
    with hall.desk.store.read() as tx:
        assert tx.sittings.get(here.to_come).state == "called", "after its own end a round is summed up"
    assert faults_of(hall.desk) == []


def test_an_administrator_does_not_terminate_in_the_place_of_an_open_ballot(hall: Hall) -> None:
    here = begun(hall)
    for kind in ("suspend", "terminate"):
        with pytest.raises(Conflict, match="由办公室写明原因在表决页提前截止"):
            do(hall, here.case, kind, basis="第一条")
    close_ballot(hall.desk, hall.office, here.ballot, "名单有误")
    for kind in ("suspend", "terminate"):
        do(hall, here.case, kind, dry=True, basis="第一条")


def test_a_ballot_that_waits_to_be_called_anew_is_not_called_where_its_part_was_left_meanwhile(hall: Hall) -> None:
    here = begun(hall)
    with hall.desk.store.write() as tx:
        void_unopened(hall.desk, tx, SYSTEM, tx.ballots.lock(here.ballot), "数据库恢复")
    do(hall, here.case, "message", message="vote_left")
    hall.drain()
    assert [ballot.state for ballot in hall.ballots(here.case)] == ["void"]
    assert {task.kind for task in hall.tasks(here.case)} == {"form"}
    assert faults_of(hall.desk) == []


# Votes in scenarios: a designer writes one letter per member.

SEASON = """
title: 投票
start: 2026-03-02
steps:
  - {members: {role: leading_group, count: 9}}
  - {as: office, start: round, name: 届, with: {candidates: [{id: a, name: 甲}, {id: b, name: 乙}, {id: c, name: 丙}], recusals: RECUSALS}}
STEPS
expect:
EXPECT
"""


SEASONS = {
    "two tiers": (
        "[]",
        ["{case: 届, vote: {甲: yyyyyynnn, 乙: yyyyyynnn, 丙: nnnnn----}}", "{case: 届, vote: {丙: yyyyyyyyy}}"],
        ["{case: 届, ballot: 1, elected: [乙, 甲], quorum: true, cast: 9}", "{case: 届, ballot: 2, elected: [丙, 乙, 甲], tiers: [nomination], vacant: 1}"],
    ),
    "no quorum": (
        "[]",
        ["{case: 届, vote: {甲: yyyyyxxxx, 乙: yyyyyxxxx, 丙: nnnnnxxxx}}", "{until: 2026-03-03 12:00}"],
        ["{case: 届, ballot: 1, quorum: false, cast: 5, elected: [], contains: 须重新召集}", "{case: 届, ballot: 2, state: open, candidates: [丙, 乙, 甲]}"],
    ),
    "a recused member": (
        "[{voter: 'scenario-leading_group#1', candidate: a, reason: 亲属}]",
        ["{case: 届, vote: {甲: .yyyynnnn, 乙: yyyyyyyyy, 丙: nnnnnnnnn}}"],
        ["{case: 届, ballot: 1, elected: [乙], contains: '有效票8，赞成4（回避1人，不计入基数）', second_ballot: true}"],
    ),
    "a vote where the member is recused": (
        "[{voter: 'scenario-leading_group#1', candidate: a, reason: 亲属}]",
        ["{case: 届, vote: {甲: yyyyynnnn, 乙: yyyyyyyyy, 丙: nnnnnnnnn}, refused: vote, because: 回避}"],
        ["{case: 届, ballot: 1, state: open}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEASONS)
def test_a_scenario_votes(sqlite_store: Store, name: str) -> None:
    recusals, steps, expect = SEASONS[name]
    text = SEASON.replace("RECUSALS", recusals)
    text = text.replace("STEPS", "\n".join(f"  - {s}" for s in steps))
    text = text.replace("EXPECT", "\n".join(f"  - {e}" for e in expect))
    package, calendars = load_catalog(DATA).packages[PACKAGE], load_calendars(bundled_calendars())
    played = play(sqlite_store, package, read_scenario(text.encode(), "votes.yaml"), calendars, operations())
    assert [str(u.message) for u in played.unmet] == []


def played(store: Store, text: str) -> list[str]:
    package, calendars = load_catalog(DATA).packages[PACKAGE], load_calendars(bundled_calendars())
    return [
        str(u.message) for u in play(store, package, read_scenario(text.encode(), "x"), calendars, operations()).unmet
    ]
