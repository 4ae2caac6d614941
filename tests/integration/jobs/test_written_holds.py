"""A doubt about the clock, or a restore, is released by a person alone, whatever somebody writes into the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.due.confirm_clock import confirm_clock, view_clock_doubt
from service.casework.due.run_item import run_item
from service.casework.people.seals.row_seals import seal_rows
from service.domain.running.lanes import MAIL
from service.jobs.sweeper import Sweeper
from service.store import NewWork, Store
from service.store.repositories.work.held_rows import ALTERED_HOLD
from service.store.rows import ClockHoldRow, EpochRow
from service.store.rows.clock import clock_hold
from tests.integration.jobs.test_clock_watch import posted, timers
from tests.support.desks import Bench, make_bench
from tests.support.records import NOON
from tests.support.soundness import faults_of

DAYS = timedelta(days=1)


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases; seals are asked for."""
    bench = make_bench(store)
    seal_rows(bench.desk, SYSTEM)
    return bench


def sql(bench: Bench, words: str) -> None:
    """Write as somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        assert tx._connection.execute(sa.text(words)).rowcount == 1


def told(bench: Bench) -> list[str]:
    with bench.desk.store.read() as tx:
        return [row.what["zh"] for row in tx.incidents.list_open() if row.kind == ALTERED_HOLD]


WRITTEN = {
    "released": ("update clock_hold set released_at = found_at, released_by = 1, reason = '已核对'", "放行"),
    "deleted": ("delete from clock_hold", "被删除"),
}


@pytest.mark.parametrize("act", WRITTEN)
def test_a_doubt_that_somebody_released_in_the_tables_goes_on(bench: Bench, act: str) -> None:
    case = posted(bench)
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    bench.clock.move_to(bench.clock.now() + 60 * DAYS)
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="jump", expected_at=NOON, found_at=bench.clock.now()))
    words, said = WRITTEN[act]
    sql(bench, words)
    with bench.desk.store.read() as tx:
        assert tx.clock.held() is not None, "nor does an erasure or a page believe it"
    sweeper.drain(bench.clock.now())
    assert timers(bench, case) == ["waiting"]
    (incident,) = told(bench)
    assert ("clock_hold" in incident, said in incident) == (True, True)
    doubt = view_clock_doubt(bench.desk, bench.admin)
    assert doubt is not None
    assert "快了" in doubt.why.zh
    confirm_clock(bench.desk, bench.admin, doubt.hold.id, "已与授时中心核对")
    sweeper.drain(bench.clock.now())
    assert timers(bench, case) == ["done"]
    assert [one for one in faults_of(bench.desk) if "clock_hold" in str(one)] == []


@pytest.mark.parametrize("act", ["update epoch set released_at = begun_at, reason = '已核对'", "delete from epoch"])
def test_a_restore_that_somebody_released_in_the_tables_lets_no_mail_leave(bench: Bench, act: str) -> None:
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        number = tx.epochs.begin(EpochRow(saved_at=NOON - DAYS, begun_at=now, cause="disk"))
        tx.work.enqueue_many([NewWork("mail", None, "mail:1", {}, now)], now)
    sql(bench, act)
    with bench.desk.store.write() as tx:
        assert tx.work.claim_in(MAIL, now, "test") == []
    with bench.desk.store.read() as tx:
        waits = tx.epochs.unreleased()
    assert waits is not None
    assert (waits.id, waits.begun_at) == (number, now)
    (incident,) = told(bench)
    assert "epoch" in incident
    with bench.desk.store.write() as tx:
        assert tx.epochs.release(number, now, bench.people["admin"], "核对过")
    with bench.desk.store.write() as tx:
        assert [item.effect_key for item in tx.work.claim_in(MAIL, now, "test")] == ["mail:1"]


def test_what_a_backup_of_before_the_doubt_brings_waits_for_nothing(bench: Bench) -> None:
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="jump", expected_at=NOON, found_at=now))
    sql(bench, "delete from clock_hold")
    with bench.desk.store.write() as tx:
        tx.clock.forget_missing()
    with bench.desk.store.read() as tx:
        assert tx.clock.held() is None


def test_what_an_older_program_released_beside_this_one_in_an_upgrade_is_released(store: Store) -> None:
    bench = make_bench(store)
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="jump", expected_at=NOON, found_at=bench.clock.now()))
    sql(bench, "update clock_hold set released_at = found_at, released_by = 1, reason = '已核对', seal = ''")
    with bench.desk.store.write() as tx:
        tx.work.claim_in(MAIL, bench.clock.now(), "test")
        assert tx.clock.held() is None
    assert told(bench) == []
    seal_rows(bench.desk, SYSTEM)
    with bench.desk.store.read() as tx:
        assert tx.clock.held() is None, "nor does it wait once each row must have a seal"


def test_a_doubt_of_a_program_before_is_noted_when_its_row_is_sealed(store: Store) -> None:
    bench = make_bench(store)
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.insert(clock_hold).values(kind="jump", expected_at=NOON, found_at=NOON, reason=""))
    seal_rows(bench.desk, SYSTEM)
    sql(bench, "delete from clock_hold")
    with bench.desk.store.read() as tx:
        assert tx.clock.held() is not None
