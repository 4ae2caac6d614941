"""What passed while a case stood still and belongs together in time is decided on as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.casework.access.actor import Actor, Seat
from service.casework.definitions.publish import publish_package
from service.casework.interventions.halt import PASSED
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.interventions.offers import view_interventions
from service.casework.simulate.stage.stage import PlayState
from service.casework.tasks.complete import complete_filled
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import Store
from tests.support.half_seasons import season_until
from tests.support.lakeside import DIAGRAM, Lakeside, amended_package, make_lakeside

AFTER = '    <bpmn:exclusiveGateway id="accepted"'
_ENDS = """    <bpmn:boundaryEvent id="{id}" name="{name}" attachedToRef="decide" cancelActivity="{stops}">
      <bpmn:timerEventDefinition id="{id}_timer">
        <bpmn:timeDate xsi:type="bpmn:tFormalExpression">workdays(param.decision_working_days)</bpmn:timeDate>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="{id}_end" name="{name}" />
    <bpmn:sequenceFlow id="{id}_flow" sourceRef="{id}" targetRef="{id}_end" />
"""
TWO = _ENDS.format(id="told", name="提醒", stops="false") + _ENDS.format(id="late", name="决定期满", stops="true")


@pytest.fixture
def paused(sqlite_store: Store) -> tuple[Lakeside, int]:
    """A case whose decision two timers bound, suspended until both have passed."""
    town = make_lakeside(sqlite_store)
    with town.desk.store.write() as tx:  # not drawn, which is all that a check would say
        publish_package(tx, amended_package({DIAGRAM: [(AFTER, TWO + AFTER)]}), town.clock.now(), "test")
    case = town.start()
    resume(town, case, kind="suspend")
    town.advance(town.clock.now() + timedelta(days=60))
    return town, case


def resume(town: Lakeside, case: int, kind: str = "resume", **given: str) -> None:
    INTERVENTIONS[kind].run(town.desk, town.admin, case, InterventionAsked("核查完毕"), given)


def waiting(town: Lakeside, case: int) -> dict[str, str]:
    with town.desk.store.read() as tx:
        return {
            w.element or "": w.payload["engine_id"]
            for w in tx.work.of_case(case, ("waiting", "held"))
            if w.kind == "timer"
        }


def test_limits_that_belong_together_are_offered_once_and_move_or_lapse_together(paused: tuple[Lakeside, int]) -> None:
    town, case = paused
    timers = waiting(town, case)
    [offered] = view_interventions(town.desk, town.admin, case).offered[PASSED]
    assert offered.value in timers.values()
    assert all(name in offered.label for name in ("提醒", "决定期满"))
    told, late = timers["told"], timers["late"]
    with pytest.raises(Conflict, match="同一决定"):
        resume(town, case, **{f"passed-{told}": "lapse", f"passed-{late}": "2026-06-10"})
    assert town.case(case).status == "suspended"
    resume(town, case, **{f"passed-{offered.value}": "2026-06-10"})
    with town.desk.store.read() as tx:
        assert {w.payload["last_day"] for w in tx.work.of_case(case) if w.kind == "timer"} == {"2026-06-10"}
        [decided] = [e for e in tx.history.newest(case) if e.action == "lapse_decided"]
    assert decided.data["decided"] == "runs until 10 Jun 2026"
    assert all(name in decided.data["limit"] for name in ("提醒", "决定期满"))


# What belongs together in time moves in one act: the correction of a real city, from the first day to the explanation.

WHY = "申报单位遇洪水，材料寄送受阻"


CITIES = {
    "urumqi/quality_award": ("correction_succeeds", "甲", "2026-03-26"),
    "qingyuan/quality_award": ("correction", "乙", "2026-03-17"),
}


def admin(stage: PlayState) -> Actor:
    office = stage.cast.actor("office")
    return Actor(office.person_id, "管理员", (Seat("*", "administrator", 1, "office", "办公室", "office"),))


def change(stage: PlayState, case: int, limit: str, day: str, *, dry: bool = False):
    given = {"limit": limit, "day": day, "ground": "《办法》第十三条"}
    return INTERVENTIONS["change_due"].run(stage.desk, admin(stage), case, InterventionAsked(WHY, dry=dry), given)


def running(stage: PlayState, case: int):
    with stage.desk.store.read() as tx:
        tasks = {t.element: t for t in tx.tasks.open_of_case(case)}
        timers = {w.element: w.payload["last_day"] for w in tx.work.of_case(case) if w.kind == "timer"}
        return tasks, timers, tx.cases.get(case).facts


def test_what_is_offered_is_what_may_be_changed(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "mobilised", sqlite_store, "mobilise", "届")
    case = stage.case("届")
    offered = view_interventions(stage.desk, admin(stage), case).offered["limit"]
    refused = [one for one in offered if one.value.startswith("task:") and one.refusal]
    assert refused, "a task that ends with the call, which is a public notice"
    for one in refused:
        with pytest.raises(NotAllowed) as told:
            change(stage, case, one.value, "2026-05-08", dry=True)
        assert told.value.message == one.refusal


@pytest.mark.parametrize("key", CITIES)
@pytest.mark.parametrize("chosen", ["task", "timer"])
def test_a_correction_moves_with_its_timer_and_its_explanation(key: str, chosen: str, sqlite_store: Store) -> None:
    scenario, who, last = CITIES[key]
    stage = season_until(key, scenario, sqlite_store, "submit_correction", who)
    case = stage.case(who)
    tasks, timers, facts = running(stage, case)
    assert (tasks["submit_correction"].due_reason["last_day"], timers["first_lapse"]) == (last, last)
    offered = view_interventions(stage.desk, admin(stage), case).offered["limit"]
    limit = next(
        o.value for o in offered if o.value.startswith(chosen) and (chosen == "task" or o.label.startswith("补正期满"))
    )
    tried = change(stage, case, limit, "2026-04-10", dry=True)
    shown = {(c.what.zh, c.after.zh if c.after else "") for c in tried.changes}
    assert ("期限", "2026年4月10日24时") in shown
    assert ("数据", "2026年4月10日") in shown, "the day on record"
    assert [c.name for c in tried.changes if c.what.zh == "数据"] == ["确定补正期限"], "by the step that fixes it"
    assert [c.name for c in tried.changes if c.what.zh == "以后的环节"] == ["说明补正情况", "说明期满"]
    assert running(stage, case) == (tasks, timers, facts), "only tried"
    change(stage, case, limit, "2026-04-10")
    moved, timers, facts = running(stage, case)
    assert (moved["submit_correction"].due_reason["last_day"], timers["first_lapse"]) == ("2026-04-10", "2026-04-10")
    assert facts["correction_deadline"] == "2026-04-10"
    with stage.desk.store.read() as tx:
        letters = [m.text for m in tx.mail.select(case_id=case) if "moved" in m.effect_key]
        assert letters
        assert all(moved["submit_correction"].title in text and "2026年4月10日" in text for text in letters)
        mine = [w for w in tx.work.of_case(case) if w.payload.get("task") == moved["submit_correction"].id]
    assert {w.payload["last_day"] for w in mine} == {"2026-04-10"}, "one reminder, of the new day"
    stage.advance(datetime(2026, 4, 9, 2, tzinfo=UTC))
    sent = moved["submit_correction"]
    complete_filled(
        stage.desk,
        stage.cast.actor(who),
        sent.id,
        lambda first: {k: v for k, v in first.items() if k != "correctable"},
    )
    stage.drain()
    tasks, timers, _ = running(stage, case)
    assert tasks["explain_correction"].due_reason["last_day"] == "2026-04-10"
    assert timers["second_lapse"] == "2026-04-10", "else it would have lapsed at once"


def test_the_office_gives_more_time_to_investigate_an_objection_for_a_reason(sqlite_store: Store) -> None:
    """Article 13 gives five working days: who needs more gets another day from the office, with its ground and reason."""
    stage = season_until("urumqi/quality_award", "objections", sqlite_store, "investigate", "一")
    case = stage.case("一")
    tasks, _, _ = running(stage, case)
    task = tasks["investigate"]
    assert task.due_reason["last_day"] == "2026-04-22"
    offered = view_interventions(stage.desk, admin(stage), case).offered["limit"]
    assert [one.refusal for one in offered if one.value == f"task:{task.id}"] == [None]
    given = {"limit": f"task:{task.id}", "day": "2026-04-27", "ground": "第十三条"}
    with pytest.raises(Invalid):
        INTERVENTIONS["change_due"].run(stage.desk, admin(stage), case, InterventionAsked(""), given)
    unit = stage.cast.actor("audit_unit@tianshan")
    with pytest.raises(NotAllowed):
        INTERVENTIONS["change_due"].run(stage.desk, unit, case, InterventionAsked(WHY), given)
    INTERVENTIONS["change_due"].run(stage.desk, admin(stage), case, InterventionAsked(WHY), given)
    moved, _, _ = running(stage, case)
    assert moved["investigate"].due_reason["last_day"] == "2026-04-27"
    with stage.desk.store.read() as tx:
        [event] = [e for e in tx.history.newest(case) if e.action == "intervened"]
        told = [m.text for m in tx.mail.select(case_id=case) if m.person_id == unit.person_id]
    assert event.data["reason"] == WHY
    assert any("2026年4月27日" in text for text in told)
