"""Signatures count, and what was submitted goes through by them, as the program recorded them alone."""

from __future__ import annotations

import pytest

from service.casework.access.altered_state import ALTERED_ROW, RowAltered
from service.casework.tasks.complete import complete_task
from service.casework.tasks.give_sign import give_sign
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


def test_what_is_as_it_was_goes_through(bench: Bench, sent: int) -> None:
    first_start(bench.desk)
    ask(bench, sent, ["third"], "after")
    task = waiting(bench, sent)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
    assert give_sign(bench.desk, third(bench), 1, True)
