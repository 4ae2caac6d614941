"""Who is busy on a panel: somebody sits there for as long as an application runs that it reviews."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import Actor
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.queries.people.experts import list_experts
from tests.support.review import STAGE, ReviewBench


def busy(bench: ReviewBench) -> tuple[dict[int, int], dict[int, int], set[int]]:
    """Return who is busy at the stage, who anywhere, and who by the register."""
    with bench.desk.store.read() as tx:
        here, anywhere = tx.panels.busy("riverton", STAGE), tx.panels.busy_anywhere("riverton")
    lines = list_experts(bench.desk, bench.actor("office")).lines
    return here, anywhere, {line.row.person_id for line in lines if line.panels}


def test_nobody_is_busy_for_an_application_that_ended_in_mid_review(drawn: ReviewBench) -> None:
    seated = drawn.active()
    once = dict.fromkeys(seated, 1)
    assert busy(drawn) == (once, once, set(seated))
    office = drawn.actor("office")
    admin = Actor(office.person_id, "管理员", (replace(office.seats[0], role="administrator", jurisdiction="*"),))
    INTERVENTIONS["terminate"].run(drawn.desk, admin, drawn.case(), InterventionAsked("撤回申报"), {"basis": "第一条"})
    assert drawn.panel()[0].state == "open", "its stage has no result"
    assert busy(drawn) == ({}, {}, set())
