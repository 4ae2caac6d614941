"""Rows that change between the look at a page of them and their sealing keep what they became; on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest

from service.casework.people.accounts.accounts import set_active
from service.domain.running.lanes import CASES
from service.store import NewWork, Store
from tests.integration.casework.test_state_seals import executed
from tests.support.desks import Bench, make_bench


@pytest.fixture
def town(store: Store) -> Bench:
    if store.dialect != "postgresql":
        pytest.skip("on SQLite one writes at a time")
    bench = make_bench(store)
    for table in ("person", "membership"):
        executed(bench.desk, f"update {table} set seal = ''")
    return bench


def meanwhile(act: Callable[[], object]) -> None:
    """Let another connection do something to its end."""
    other = Thread(target=act)
    other.start()
    other.join(120)
    assert not other.is_alive()


def test_an_account_closed_meanwhile_stays_closed(town: Bench) -> None:
    who = town.people["stranger"]
    with town.desk.store.write() as tx:
        read = tx.people.everybody(who - 1, 1)[0]
        meanwhile(lambda: set_active(town.desk, town.admin, who, False))
        tx.people.seal_account(read, lambda: 0)
    with town.desk.store.read() as tx:
        row = tx.people.everybody(who - 1, 1)[0]
        assert (row.active, tx.people.lacks_account_seal(row)) == (False, False)


def test_a_second_factor_set_up_meanwhile_is_counted(town: Bench) -> None:
    who = town.people["stranger"]

    def set_up() -> None:
        with town.desk.store.write() as other:
            other.people.change_second_means(who, 1)

    with town.desk.store.write() as tx:
        read = tx.people.everybody(who - 1, 1)[0]
        meanwhile(set_up)
        tx.people.seal_account(read, lambda: 0)
    with town.desk.store.read() as tx:
        assert tx.people.person(who).second_means == 1, "the account was sealed since"


def test_a_role_that_ended_meanwhile_has_ended(town: Bench) -> None:
    now = town.clock.now()

    def end() -> None:
        with town.desk.store.write() as other:
            other.people.end_membership(read.id, now)

    with town.desk.store.write() as tx:
        read = tx.people.page_of_memberships(0, 1)[0]
        meanwhile(end)
        tx.people.seal_membership(read)
    with town.desk.store.read() as tx:
        row = tx.people.page_of_memberships(0, 1)[0]
        assert (row.until, tx.people.lacks_seal(row)) == (now, False)


def test_a_role_renewed_meanwhile_counts_as_it_was_renewed(town: Bench) -> None:
    now = town.clock.now()

    def renew() -> None:
        with town.desk.store.write() as other:
            other.people.add_membership(replace(read, since=now))

    with town.desk.store.write() as tx:
        read = tx.people.page_of_memberships(0, 1)[0]
        meanwhile(renew)
        tx.people.seal_membership(read)
    with town.desk.store.read() as tx:
        row = tx.people.page_of_memberships(0, 1)[0]
        assert (row.since, tx.people.lacks_seal(row)) == (now, False)


@pytest.mark.parametrize("done", [True, False])
def test_work_done_or_put_off_meanwhile_is_left(town: Bench, done: bool) -> None:
    now = town.clock.now()
    with town.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("deputy_end", None, "deputy_end:x", {"deputy": 1}, now, False)], now)
    executed(town.desk, "update work_item set seal = ''")

    def finish() -> None:
        (item,) = town.desk.store.claim_in(CASES, now, "w", 10)
        with town.desk.store.write() as other:
            other.work.finish(item, now)

    def put_off() -> None:
        with town.desk.store.write() as other:
            assert other.work.reschedule("deputy_end:x", now, payload={"deputy": 2})

    with town.desk.store.write() as tx:
        (read,) = [row for row in tx.work.page_of_undone(0, 100) if row.effect_key == "deputy_end:x"]
        meanwhile(finish if done else put_off)
        tx.work.seal(read)
    with town.desk.store.read() as tx:
        row = tx.work.get(read.id)
    assert (row.state, row.seal == "") == (("done", True) if done else ("waiting", False))
    assert done or (row.payload == {"deputy": 2} and not tx.work.lacks_seal(row))
