"""Signatures count, and what was submitted goes through by them, as the program recorded them alone."""

from __future__ import annotations

import pytest

from service.casework.access.altered_state import ALTERED_ROW, RowAltered
from service.casework.soundness.written_tasks import written_tasks
from service.casework.tasks.ask_sign import withdraw_sign
from service.casework.tasks.complete import complete_task
from service.casework.tasks.give_sign import give_sign
from service.store.seals.altered import TaskAltered
from tests.integration.web.test_signs import ask, sent, third, waiting
from tests.support.desks import Bench
from tests.support.first_start import first_start

__all__ = ["sent"]


def sql(bench: Bench, statement: str) -> None:
    with bench.desk.store.write() as tx:
        tx._connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "change",
    [
        """update sign_ask set data = '{"decision": "fail", "reason": "伪造"}'""",
        "update task_sign set state = 'agree' where id = 1",
        "delete from task_sign where id = 1",
        "update sign_ask set needed = 1, mode = 'share'",
    ],
)
def test_nothing_goes_through_by_signatures_that_somebody_changed(bench: Bench, sent: int, change: str) -> None:
    first_start(bench.desk)
    ask(bench, sent, ["second", "third"], "after")
    task = waiting(bench, sent)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
    sql(bench, change)
    with pytest.raises(RowAltered, match="会签在系统之外被改动"):
        give_sign(bench.desk, third(bench), 2, True)
    with bench.desk.store.read() as tx:
        assert tx.tasks.get(task.id).state == "open"
        assert [one.kind for one in tx.incidents.list_open()] == [ALTERED_ROW]


@pytest.mark.parametrize("change", ["update sign_ask set state = 'withdrawn'", "update task_sign set state = 'agree'"])
def test_nothing_is_submitted_past_signatures_that_somebody_wrote(bench: Bench, sent: int, change: str) -> None:
    first_start(bench.desk)
    ask(bench, sent, ["second"])
    sql(bench, change)
    task = waiting(bench, sent)
    with pytest.raises(RowAltered, match="会签在系统之外被改动"):
        complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})


@pytest.mark.parametrize("how", ["before", "after"])
@pytest.mark.parametrize("also", [(), ("delete from task_sign", "delete from sign_ask")])
def test_nobody_submits_without_the_signatures_that_a_task_waits_for(
    bench: Bench, sent: int, how: str, also: tuple[str, ...]
) -> None:
    """That it waits at all is taken off, with and without its seal of before, and what was asked for deleted."""
    first_start(bench.desk)
    free = waiting(bench, sent)
    ask(bench, sent, ["second"], how)
    asked = waiting(bench, sent)
    for statement in also:
        sql(bench, statement)
    for seal in (asked.seal, free.seal):
        sql(bench, f"update task set signs_open = null, seal = '{seal}' where id = {asked.id}")
        with pytest.raises(TaskAltered, match="signs_open"):
            complete_task(bench.desk, bench.office, asked.id, asked.version, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        assert tx.tasks.get(asked.id).state == "open"
        assert {one.kind for one in tx.incidents.list_open()} == {ALTERED_ROW}
    (named,) = written_tasks(bench.desk)
    assert f"row {asked.id} of table task" in named.en


def test_a_task_that_waits_is_not_said_to_be_signed_and_goes_on_once_put_back(bench: Bench, sent: int) -> None:
    first_start(bench.desk)
    ask(bench, sent, ["second"])
    asked = waiting(bench, sent)
    sql(bench, f"update task set signs_open = 'closed' where id = {asked.id}")
    with pytest.raises(TaskAltered):
        complete_task(bench.desk, bench.office, asked.id, None, {"decision": "pass"})
    sql(bench, f"update task set signs_open = 'before' where id = {asked.id}")
    withdraw_sign(bench.desk, bench.office, asked.id)
    assert [*written_tasks(bench.desk)] == []
    assert complete_task(bench.desk, bench.office, asked.id, None, {"decision": "pass"})


def test_what_is_as_it_was_goes_through(bench: Bench, sent: int) -> None:
    first_start(bench.desk)
    ask(bench, sent, ["third"], "after")
    task = waiting(bench, sent)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
    assert give_sign(bench.desk, third(bench), 1, True)
