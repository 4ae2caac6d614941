"""The office is asked to confirm the day of a provisional limit; the question ends with the limit, however that ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.access.case_access import CONFIRM
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.terminate import terminate_case
from service.casework.soundness.left_behind import end_what_is_left
from service.casework.soundness.prove import prove
from service.casework.tasks.complete import complete_task
from service.store import Store
from tests.support.lakeside import make_lakeside

pytestmark = pytest.mark.share(1)


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


def test_a_question_that_a_program_of_before_left_open_in_a_case_that_is_over_ends_on_record(
    sqlite_store: Store,
) -> None:
    town = make_lakeside(sqlite_store)
    town.clock.move_to(datetime(2026, 12, 29, 2, tzinfo=UTC))
    case, other = town.start(), town.start()
    for each in (case, other):
        (task,) = town.tasks(each)
        complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})
    town.advance(datetime(2027, 1, 20, 2, tzinfo=UTC))
    (asked,) = town.tasks(case)
    terminate_case(town.desk, town.admin, case, InterventionAsked("撤回申报"), {"basis": "第八条"})
    with town.desk.store.write() as tx:  # as a program of before left it
        tx.tasks.update(asked.id, asked.version + 1, state="open", done_at=None)
    assert [task.id for task in town.tasks(case)] == [asked.id]
    assert end_what_is_left(town.desk, SYSTEM) == 1
    assert (town.tasks(case), [task.kind for task in town.tasks(other)]) == ([], [CONFIRM])
    with town.desk.store.read() as tx:
        newest = tx.history.of_case(case)[0]
    assert newest.text.startswith("办件已经结束，不再需要办理：确认期限：")
    assert end_what_is_left(town.desk, SYSTEM) == 0
    assert [fault for proof in prove(town.desk, SYSTEM) for fault in proof.faults] == []
