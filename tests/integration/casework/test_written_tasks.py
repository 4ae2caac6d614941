"""Who can only write the database gives nobody a task: what holds it is the program's word alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.altered_state import ALTERED_ROW
from service.casework.cases.start import start_case
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside
from service.casework.soundness.written_tasks import written_tasks
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict
from service.store.rows import TaskRow
from service.store.rows.cases import task as tasks
from service.store.seals.altered import TaskAltered
from service.store.seals.row_seals import _OF_TABLE, SEALED, RowSeals
from tests.support.desks import PACKAGE, Bench

APPLICATION = {"founded_on": "2010-05-01"}


def begun(bench: Bench) -> TaskRow:
    """The form of an application that has just begun."""
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case)
    return task


def write(bench: Bench, task: int, **values: object) -> None:
    """Write columns as somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.update(tasks).where(tasks.c.id == task).values(values))


def theirs(actor: Actor) -> dict[str, object]:
    """What makes a task somebody's."""
    seat = actor.seats[0]
    return {"role": seat.role, "body_id": seat.body_id, "jurisdiction": seat.jurisdiction}


@pytest.fixture
def started(bench: Bench) -> Bench:
    """An installation after its first start."""
    seal_rows(bench.desk, SYSTEM)
    return bench


def test_nobody_does_a_task_that_somebody_gave_them_in_the_tables(started: Bench) -> None:
    task, stranger = begun(started), started.stranger
    before = {name: getattr(task, name) for name in ("role", "body_id", "jurisdiction")}
    assert [*written_tasks(started.desk)] == []
    write(started, task.id, body_id=stranger.seats[0].body_id)
    for act in (
        lambda: complete_task(started.desk, stranger, task.id, task.version, APPLICATION),
        lambda: claim_task(started.desk, stranger, task.id, task.version),
    ):
        with pytest.raises(TaskAltered, match=f"任务 {task.id}"):
            act()
    (found,) = written_tasks(started.desk)
    assert f"row {task.id} of table task" in found.en
    write(started, task.id, **before)
    assert [*written_tasks(started.desk)] == []
    assert complete_task(started.desk, started.applicant, task.id, task.version, APPLICATION)


def test_a_task_asks_for_the_form_that_the_program_gave_it(started: Bench) -> None:
    task = begun(started)
    write(started, task.id, element="other")
    with pytest.raises(TaskAltered):
        complete_task(started.desk, started.applicant, task.id, task.version, APPLICATION)


def test_what_the_program_hands_on_bears_a_seal_and_does_not_come_back(started: Bench) -> None:
    task = begun(started)
    with started.desk.store.write() as tx:
        tx.tasks.update(task.id, task.version, body_id=started.stranger.seats[0].body_id)
    with started.desk.store.read() as tx:
        now = tx.tasks.get(task.id)
    assert ([*written_tasks(started.desk)], now.seal != task.seal) == ([], True)
    claim_task(started.desk, started.stranger, task.id, now.version)
    with started.desk.store.read() as tx:
        assert tx.tasks.get(task.id).seal != now.seal, "a claim is the program's word, too"
    write(started, task.id, body_id=task.body_id, seal=task.seal)
    with pytest.raises(TaskAltered):
        complete_task(started.desk, started.applicant, task.id, None, APPLICATION)


def test_a_personal_task_is_nobody_elses(started: Bench) -> None:
    task = begun(started)
    with started.desk.store.write() as tx:
        tx.tasks.update(task.id, task.version, personal=True, assignee_id=started.applicant.person_id)
    assert [*written_tasks(started.desk)] == []
    write(started, task.id, assignee_id=started.people["second"])
    with pytest.raises(TaskAltered):
        complete_task(started.desk, started.applicant, task.id, None, APPLICATION)


def test_tasks_of_a_program_before_are_done_until_seals_are_demanded(bench: Bench) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    seals, first, second = bench.desk.store.seals, begun(bench), begun(bench)
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["task"]}:
        seals._keys.secret(name)
    for one in (first, second):
        write(bench, one.id, seal="")
    assert (seals.asks_for("setting"), seals.asks_for("task")) == (True, False)
    assert complete_task(bench.desk, bench.applicant, first.id, first.version, APPLICATION)
    assert seal_rows_beside(bench.desk, SYSTEM) == 1
    write(bench, second.id, seal="")
    bench.clock.move_to(bench.clock.now() + timedelta(hours=25))
    assert seal_rows_beside(bench.desk, SYSTEM) == 1
    assert (seals.asked_for, [*written_tasks(bench.desk)]) == (True, [])
    assert complete_task(bench.desk, bench.applicant, second.id, second.version, APPLICATION)


def test_claiming_asks_the_database_no_more_than_without_seals(started: Bench) -> None:
    def claim() -> list[str]:
        task = begun(started)
        with started.desk.store.statements() as sent:
            claim_task(started.desk, started.applicant, task.id, task.version)
        return [*map(str, sent)]

    with_seals, started.desk.store.seals = claim(), None
    assert len(claim()) == len(with_seals), with_seals


def test_nobody_does_a_shared_task_that_the_database_says_they_claimed(started: Bench) -> None:
    """Another of the same role and body: what was claimed from them is handed to them, or an unclaimed one is kept for them."""
    task, other = begun(started), started.people["second"]
    write(started, task.id, assignee_id=other)
    for who in (started.applicant, replace(started.applicant, person_id=other, name="second")):
        with pytest.raises((TaskAltered, Conflict)):
            complete_task(started.desk, who, task.id, task.version, APPLICATION)
    write(started, task.id, assignee_id=None)
    claim_task(started.desk, started.applicant, task.id, task.version)
    write(started, task.id, assignee_id=other)
    with pytest.raises(TaskAltered, match="assignee_id"):
        complete_task(
            started.desk, replace(started.applicant, person_id=other, name="second"), task.id, None, APPLICATION
        )
    with started.desk.store.read() as tx:
        (incident,) = tx.incidents.list_open()
    assert (incident.kind, incident.case_id) == (ALTERED_ROW, task.case_id)
    assert f"assignee_id, form and the like of row {task.id} of table task" in incident.what["en"]
    write(started, task.id, assignee_id=None)
    with pytest.raises(TaskAltered):
        complete_task(started.desk, started.applicant, task.id, None, APPLICATION)
    write(started, task.id, assignee_id=started.applicant.person_id)
    assert complete_task(started.desk, started.applicant, task.id, None, APPLICATION)


def test_who_gave_a_task_back_may_be_followed_by_anybody_of_the_role(started: Bench) -> None:
    task = begun(started)
    claim_task(started.desk, started.applicant, task.id, task.version)
    release_task(started.desk, started.applicant, task.id)
    assert [*written_tasks(started.desk)] == []
    assert complete_task(started.desk, started.applicant, task.id, None, APPLICATION)


def test_who_claimed_a_task_once_is_not_given_it_again_by_their_former_row(started: Bench) -> None:
    """Its seal, and its version with it, come back byte for byte."""
    task = begun(started)
    claim_task(started.desk, started.applicant, task.id, task.version)
    with started.desk.store.read() as tx:
        claimed = tx.tasks.get(task.id)
    release_task(started.desk, started.applicant, task.id, claimed.version)
    with started.desk.store.read() as tx:
        now = tx.tasks.get(task.id)
    names = ("assignee_id", "seal", "version")
    write(started, task.id, **{name: getattr(claimed, name) for name in names})
    with pytest.raises(TaskAltered, match=f"任务 {task.id}"):
        complete_task(started.desk, started.applicant, task.id, claimed.version, APPLICATION)
    store, keys = started.desk.store, started.desk.ballot_keys
    store.seals = RowSeals(store.key_of_digests or bytes, keys)  # a process that began since
    with pytest.raises(TaskAltered, match=f"任务 {task.id}"):
        complete_task(started.desk, started.applicant, task.id, claimed.version, APPLICATION)
    write(started, task.id, **{name: getattr(now, name) for name in names})
    assert complete_task(started.desk, started.applicant, task.id, now.version, APPLICATION)
