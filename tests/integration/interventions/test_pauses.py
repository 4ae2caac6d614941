"""What passed while a case stood still and belongs together in time is decided on as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.casework.definitions.publish import publish
from service.casework.interventions.halt import PASSED
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.interventions.offers import view_interventions
from service.domain.errors import Conflict
from service.store import Store
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
def paused(sqlite_url: str, open_store: Callable[[str], Store]) -> tuple[Lakeside, int]:
    """A case whose decision two timers bound, suspended until both have passed."""
    town = make_lakeside(open_store(sqlite_url))
    with town.desk.store.write() as tx:  # not drawn, which is all that a check would say
        publish(tx, amended_package({DIAGRAM: [(AFTER, TWO + AFTER)]}), town.clock.now(), "test")
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
        [decided] = [e for e in tx.history.of_case(case) if e.action == "lapse_decided"]
    assert decided.data["decided"] == "runs until 10 Jun 2026"
    assert all(name in decided.data["limit"] for name in ("提醒", "决定期满"))
