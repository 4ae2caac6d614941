"""An administrator alone cannot vote as somebody else, act in a body's place, or change what was secured."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import handlers
from service.casework.access.actor import Actor, Seat
from service.casework.cases.act_on_case import act_on_case
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.interventions.offers import view_interventions
from service.casework.interventions.set_value import Bound, find_fact_binding
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import Store
from service.store.models import NoticeRow
from tests.integration.interventions.test_interventions import WHY, do, done, reviewed, started
from tests.support.ballots import Hall, make_hall
from tests.support.browsers import Browser
from tests.support.bundled import bundled
from tests.support.desks import Bench
from tests.support.lakeside import DIAGRAM, amended_package
from tests.support.review import BEGIN, DECLARED, make_review

GIVEN = {
    "basis": "x",
    "limit": "task:2",
    "day": "2026-03-20",
    "ground": "x",
    "task": "2",
    "person": "2",
    "name": "note",
    "value": "x",
    "message": "m",
    "ballot": "2",
}


@pytest.mark.parametrize("kind", INTERVENTIONS)
def test_nobody_but_an_administrator_of_the_place_intervenes(bench: Bench, kind: str) -> None:
    case = reviewed(bench)
    elsewhere = Actor(
        bench.admin.person_id, "外地管理员", (Seat("othertown", "administrator", 1, "office", "办公室", "office"),)
    )
    recused = Actor(bench.admin.person_id, "回避者", bench.admin.seats, frozenset({bench.case(case).subject_id}))
    for actor in (bench.office, bench.applicant, bench.stranger, elsewhere, recused):
        with pytest.raises(NotAllowed):
            INTERVENTIONS[kind].run(bench.desk, actor, case, InterventionAsked(WHY), GIVEN)
    assert bench.case(case).status == "running"


@pytest.mark.parametrize("kind", INTERVENTIONS)
def test_who_may_not_learns_so_before_anything_is_asked(
    bench: Bench, browse: Callable[..., Browser], kind: str
) -> None:
    """By page and interface, with nothing filled in: the right comes first, for one and for many."""
    case = reviewed(bench)
    with bench.desk.store.write() as tx:
        [held] = tx.memberships.list_valid(bench.people["admin"], bench.clock.now())
        tx.memberships.change(held.id, until=bench.clock.now())
        tx.memberships.give(replace(held, id=0, jurisdiction="othertown", until=None))
    for who in ("admin", "office", "applicant"):
        page = browse(who)
        for act in ("try", "do"):
            answer = page.post(f"/cases/{case}/interventions?kind={kind}", {"act": act})
            assert answer.status_code == 403, (who, act)
        body = {"kind": kind, "reason": "", "values": {}}
        assert page.send("POST", f"/api/v1/cases/{case}/interventions", body).status_code == 403, who
        if INTERVENTIONS[kind].many:
            many = page.send("POST", "/api/v1/interventions", {**body, "cases": [case]})
            assert many.status_code == 403, who
    assert bench.case(case).status == "running"


def test_an_administrator_gives_no_task_to_themselves_nor_to_who_does_not_hold_it(bench: Bench) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    double = Actor(bench.office.person_id, "office", (*bench.office.seats, *bench.admin.seats))
    with pytest.raises(NotAllowed, match="不能把待办转给自己"):
        do(bench, "reassign", case, double, task=task.id, person=bench.people["office"])
    for name in ("applicant", "stranger"):
        with pytest.raises(Invalid, match="没有办理"):
            do(bench, "reassign", case, task=task.id, person=bench.people[name])


def test_a_withdrawal_and_what_the_program_decides_are_not_sent_by_an_administrator(bench: Bench) -> None:
    case = started(bench)
    with pytest.raises(NotAllowed, match="撤回申报"):
        do(bench, "message", case, message="withdrawn")
    done(bench, case, bench.applicant, {"founded_on": "2010-05-01"})
    done(bench, case, bench.office, {"decision": "pass"})
    with pytest.raises(NotAllowed, match="不能代替"):
        do(bench, "message", case, message="notice_corrected")
    with pytest.raises(Conflict, match="没有等待"):
        do(bench, "message", case, message="withdrawn")
    with pytest.raises(Conflict):
        act_on_case(bench.desk, bench.applicant, case, "withdraw", {"reason": "x"})


def test_a_public_notice_is_not_shortened_by_an_administrator(bench: Bench) -> None:
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    offered = view_interventions(bench.desk, bench.admin, case).offered["limit"]
    [timer] = [one for one in offered if one.value.startswith("timer:")]
    assert timer.refusal
    with pytest.raises(NotAllowed, match="公示期"):
        do(bench, "change_due", case, limit=timer.value, day="2026-03-03", ground="第八条")


def test_a_public_notice_that_ends_with_a_task_by_chance_stays_where_the_task_moves(bench: Bench) -> None:
    """Most limits end at midnight: only what is drawn together moves together."""
    case = reviewed(bench)
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        posted = tx.notices.insert(
            NoticeRow(
                jurisdiction="testville", case_id=case, element="post", kind="test", title="公示", content={},
                fingerprint="0" * 64, posted_at=bench.clock.now(), first_day=date(2026, 3, 2),
                last_day=date(2026, 3, 9), ends_at=task.due_at, period={"unit": "working_days", "length": 5},
            )
        )  # fmt: skip
    do(bench, "change_due", case, limit=f"task:{task.id}", day="2026-03-18", ground="第八条")
    with bench.desk.store.read() as tx:
        notice = tx.notices.get(posted)
        assert (notice.last_day, notice.ends_at) == (date(2026, 3, 9), task.due_at)
        assert [t.due_reason["last_day"] for t in tx.tasks.open_of_case(case)] == ["2026-03-18"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("decided", "决定走向"), ("outcome", "程序保管"), ("status", "没有声明"), ("identity_forwarded", "程序保管")],
)
def test_what_was_secured_or_decides_is_not_set_by_an_administrator(bench: Bench, name: str, why: str) -> None:
    case = reviewed(bench)
    with pytest.raises(NotAllowed, match=why):
        do(bench, "value", case, name=name, value="true")


def test_no_task_is_moved_forwards(bench: Bench) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    for target in ("post", "end_accepted", "examine"):
        with pytest.raises(NotAllowed, match="代替有权的人"):
            do(bench, "move_back", case, task=task.id, to=target)


@pytest.fixture
def hall(sqlite_url: str, open_store, tmp_path: Path) -> Hall:
    """Nine members about to vote."""
    store: Store = open_store(sqlite_url)
    return make_hall(store, tmp_path / "keys")


def test_a_running_ballot_is_nobodys_to_touch(hall: Hall) -> None:
    case, ballot = hall.open()
    admin = Actor(hall.office.person_id, "管理员", (Seat("*", "administrator", 1, "office", "办公室", "office"),))
    before = hall.ballot(ballot)
    with pytest.raises(Conflict, match="正在表决"):
        INTERVENTIONS["terminate"].run(hall.desk, admin, case, InterventionAsked(WHY), {"basis": "x"})
    page = view_interventions(hall.desk, admin, case)
    assert page.offered["limit"] or page.offered["message"]
    for kind, given in (
        ("limit", {"day": "2026-12-31", "ground": "x"}),
        ("task", {"person": "3"}),
        ("message", {}),
        ("fact", {"value": "1"}),
    ):
        use = {"limit": "change_due", "task": "reassign", "message": "message", "fact": "value"}[kind]
        name = {"limit": "limit", "task": "task", "message": "message", "fact": "name"}[kind]
        for one in page.offered[kind]:
            assert one.refusal, (kind, one)
            with pytest.raises((NotAllowed, Conflict, Invalid)):
                INTERVENTIONS[use].run(hall.desk, admin, case, InterventionAsked(WHY), {name: one.value, **given})
    assert hall.ballot(ballot) == before


def test_a_score_sheet_is_its_experts_own(sqlite_url: str, open_store) -> None:
    handlers.load()
    bench = make_review(open_store(sqlite_url), *BEGIN, DECLARED)
    with bench.desk.store.read() as tx:
        personal = [task for task in tx.tasks.open_of_case(bench.case()) if task.personal]
    assert personal
    admin = Actor(
        bench.actor("office").person_id, "管理员", (Seat("*", "administrator", 1, "office", "办公室", "office"),)
    )
    for task in personal:
        for kind in ("reassign", "take_away", "restart", "move_back"):
            with pytest.raises(NotAllowed, match="本人独立"):
                INTERVENTIONS[kind].run(
                    bench.desk, admin, task.case_id, InterventionAsked(WHY), {"task": str(task.id), "person": "1"}
                )


# Over every fact of every city: an administrator may set none by which something is decided, or that a body brought about.

handlers.load()


FREE = {
    "ganzhou/quality_award": set(),
    "kizilsu/quality_award": {"misuse/ordered_until"},
    "qingyuan/quality_award": {"expert_admission/admitted_on", "misuse/ordered_until"},
    "urumqi/quality_award": {"misuse/ordered_until"},
    "yining/quality_award": {"reviewer_admission/admitted_on", "round/examination_result", "supervision/reevaluation"},
}


"""All that only tells something: a day on a letter, or what no formula of the city reads and no operation writes."""


BROUGHT = ("ballots", "vacancy_reason", "bar_until", "places_vacant", "winners_notices", "correction_deadline_at")


@pytest.fixture(scope="module")
def cities() -> dict[str, Package]:
    return dict(bundled().packages)


def test_what_decides_or_was_decided_is_offered_in_no_city(cities: dict[str, Package]) -> None:
    assert set(cities) == set(FREE)
    for key, package in cities.items():
        facts = {(kind, name) for kind, info in package.award.processes.items() for name in info.facts}
        assert {f"{kind}/{name}" for kind, name in facts if find_fact_binding(package, name) is None} == FREE[key], key
        for name in {name for _, name in facts} & set(BROUGHT):
            assert find_fact_binding(package, name) in (Bound.BROUGHT, Bound.DECIDES, Bound.WRITTEN), (key, name)


def test_no_formula_of_a_way_reads_what_is_free(cities: dict[str, Package]) -> None:
    """The same asked of the files themselves: conditions of flows, timers and days never name a free fact."""
    for key, package in cities.items():
        ways = [flow.condition for diagram in package.processes.values() for flow in diagram.flows.values()]
        ways += [e.due for diagram in package.processes.values() for e in diagram.elements.values()]
        ways += [e.timer.expression for d in package.processes.values() for e in d.elements.values() if e.timer]
        for name in {free.split("/")[1] for free in FREE[key]}:
            assert not [way for way in ways if re.search(rf"\bcase\.{name}\b", way)], (key, name)


def test_what_ends_a_repetition_decides() -> None:
    words = "      </bpmn:extensionElements>\n    </bpmn:userTask>"
    repeated = """
      <bpmn:multiInstanceLoopCharacteristics>
        <bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality>
        <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">case.enough</bpmn:completionCondition>
      </bpmn:multiInstanceLoopCharacteristics>"""
    ended = words.replace("\n    </bpmn:userTask>", f"{repeated}\n    </bpmn:userTask>")
    assert find_fact_binding(amended_package({}), "enough") is None
    assert find_fact_binding(amended_package({DIAGRAM: [(words, ended)]}), "enough") is Bound.DECIDES
