"""A message between cases that waits to be caught moves its case as the program sent it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered
from service.casework.people.seals.renew_seals import renew_taken_back
from service.casework.people.seals.row_seals import seal_rows
from service.casework.soundness.digests import wrong_beside
from service.casework.step.messages import deliver_kept
from service.casework.step.step import Step, open_step
from service.store import Store
from tests.support.ballots import Hall, make_hall


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """A case that waits for messages, in an installation after its first start; on SQLite and on PostgreSQL."""
    made = make_hall(store, tmp_path / "keys")
    assert seal_rows(made.desk, SYSTEM) == 0
    return made


class Undone(Exception):
    """Ends a unit of work, of which nothing is to stay."""


@contextmanager
def keeping(hall: Hall) -> Iterator[tuple[Step, str]]:
    """A step of a case that now waits for a message which arrived before; nothing of it stays."""
    case, _ = hall.open()
    with suppress(Undone), hall.desk.store.write() as tx:
        step = open_step(hall.desk, tx, case, SYSTEM)
        name = next(wait.name for wait in step.instance.message_waits())
        assert tx.inbox.deliver(case, name, {"result": "not_elected"}, "k1", step.now)
        step.projection.kept.append(name)
        yield step, name
        raise Undone


def sql(step: Step, statement: str) -> Any:
    return step.tx._connection.exec_driver_sql(statement)


def test_what_arrived_before_is_caught_once(hall: Hall) -> None:
    with keeping(hall) as (step, _):
        assert deliver_kept(step)
        assert not deliver_kept(step)
        sql(step, "update inbox set caught_at = null")
        assert step.tx.inbox.waiting(step.case.id) == []


@pytest.mark.parametrize(
    "change",
    [
        """update inbox set payload = '{"result": "awarded"}'""",
        "update inbox set message = 'another'",
        "update inbox set caught_at = arrived_at",
        "delete from inbox",
    ],
)
def test_a_message_that_somebody_changed_or_deleted_moves_nothing(hall: Hall, change: str) -> None:
    with keeping(hall) as (step, _):
        sql(step, change)
        with pytest.raises(RowAltered, match="收到的消息"):
            deliver_kept(step)


def test_a_message_that_somebody_wrote_is_none_and_hides_none(hall: Hall) -> None:
    columns = "case_id, message, arrived_at"
    with keeping(hall) as (step, _):
        sql(
            step,
            f"insert into inbox ({columns}, payload, effect_key, seal)"
            f""" select {columns}, '{{"result": "awarded"}}', 'k0', seal from inbox""",
        )
        assert [row.payload for row in step.tx.inbox.waiting(step.case.id)] == [{"result": "not_elected"}]
        assert deliver_kept(step)


def test_a_message_that_somebody_wrote_before_it_takes_no_ones_place(hall: Hall) -> None:
    case, _ = hall.open()
    with suppress(Undone), hall.desk.store.write() as tx:
        step = open_step(hall.desk, tx, case, SYSTEM)
        at = step.now.strftime("%Y-%m-%d %H:%M:%S")
        sql(
            step,
            "insert into inbox (case_id, message, payload, effect_key, arrived_at, seal)"
            f" values ({case}, 'another', '{{}}', 'k1', '{at}', 'x.y')",
        )
        assert tx.inbox.deliver(case, "decided", {"result": "a"}, "k1", step.now)
        assert not tx.inbox.deliver(case, "decided", {"result": "b"}, "k1", step.now)
        assert [row.payload for row in tx.inbox.waiting(case)] == [{"result": "a"}]
        raise Undone


def test_of_two_of_one_name_none_is_caught_while_one_is_missing(hall: Hall) -> None:
    with keeping(hall) as (step, name):
        assert step.tx.inbox.deliver(step.case.id, name, {"result": "corrected"}, "k2", step.now)
        step.projection.kept.append(name)
        sql(step, "delete from inbox where effect_key = 'k1'")
        with pytest.raises(RowAltered, match="收到的消息"):
            deliver_kept(step)


def test_it_is_named_daily_and_a_backup_of_before_holds(hall: Hall) -> None:
    case, _ = hall.open()
    store, now = hall.desk.store, hall.clock.now()
    with store.write() as tx:
        tx.inbox.deliver(case, "decided", {"result": "a"}, "k1", now)
    with store.write() as tx:
        [row] = tx.inbox.waiting(case)
        tx.inbox.caught(row, now)
    assert not any("inbox" in said.en for said in wrong_beside(hall.desk))
    with store.write() as tx:
        step = open_step(hall.desk, tx, case, SYSTEM)
        sql(step, f"update inbox set caught_at = null, seal = '{row.seal}'")
    assert any("inbox" in said.en for said in wrong_beside(hall.desk))
    with store.write() as tx:
        assert tx.inbox.waiting(case) == []
        renew_taken_back(hall.desk, tx)
        assert len(tx.inbox.waiting(case)) == 1
