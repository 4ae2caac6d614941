"""The office is asked to confirm the day of a provisional limit; the question ends with the limit, however that ends."""

from __future__ import annotations

from datetime import UTC, datetime

from service.casework.access.actor import SYSTEM
from service.casework.access.case_access import CONFIRM
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.terminate import terminate_case
from service.casework.soundness.prove import prove
from service.casework.tasks.complete import complete_task
from service.store import Store
from tests.support.lakeside import make_lakeside


def test_a_case_that_is_terminated_leaves_no_question_open(sqlite_store: Store) -> None:
    town = make_lakeside(sqlite_store)
    town.clock.move_to(datetime(2026, 12, 29, 2, tzinfo=UTC))
    case = town.start()
    (task,) = town.tasks(case)
    complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})
    town.advance(datetime(2027, 1, 20, 2, tzinfo=UTC))
    assert [task.kind for task in town.tasks(case)] == [CONFIRM], "no published calendar vouches for its end"
    terminate_case(town.desk, town.admin, case, InterventionAsked("撤回申报"), {"basis": "第八条"})
    assert (town.case(case).status, town.tasks(case)) == ("ended", [])
    assert [fault for proof in prove(town.desk, SYSTEM) for fault in proof.faults] == []
