"""Every statement of every repository call must be served by an index, on PostgreSQL at 20,000 rows per table."""

from __future__ import annotations

import inspect
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.store import Store, Transaction
from service.store.repositories.base import Repository
from tests.support import bulk, postgres
from tests.support.every_call import CALLS as STORE_CALLS
from tests.support.postgres import owner_of
from tests.support.review_calls import ONLY_INSERTS, REVIEW_CALLS

ROWS = 20_000
ROWS_ON_SQLITE = 2_000
"""SQLite keeps no statistics unless it is asked to: it reads many rows in the way in which it reads few."""
CALLS = {**STORE_CALLS, **REVIEW_CALLS}

JUSTIFIED = {
    "incidents.raised": "is asked of a simulated season alone, whose database holds nothing else",
    "acts.settled": "one row for each kind of act",
    "acts.heads": "one row for each kind of act",
    "log.ends_since": "one row for each kind of act and each package, beside the cases that moved",
    "log.events": "reads the whole log, when everything is compared, or all acts, when a round is",
    "log.rows": "reads every decisive row, when everything is compared, or those beside cases, when a round is",
    "log.drop_salts": "looks through all acts, once when a case is erased",
    "sealing.lacking": "looks once, when a process starts, for one value under a key that is not there",
    "acts.refused_since": "reads the newest thousand by their ids, from the end, and stops",
    "epochs.every": "one row for each restore",
    "ballots.uncounted": "reads every ballot, once after a restore",
    "cases.count": "counts what is asked for: every case, or an index of what has not ended",
    "copies.multiply": "makes fictional load; it counts up from one number to another",
    "epochs.begun_after": "reads the restores that an installation ever had, once before another begins",
    "cases.search_ids": "walks from the newest case on until a thousand are found",
    "cases.search": "walks from the newest case on until the page is full",
    "package_events.packages": "verifies every chain, which reads every event anyway",
    "settings.packages": "verifies every chain, which reads every change anyway",
    "counters.skip": "moves every series of numbers, once after a restore",
    "definitions.currents": "reads one row per package from an index that holds nothing else",
    "health.alarms": "reads one row per check, which are a dozen",
    "health.lock_alarms": "reads one row per check, which are a dozen",
    "case_content.of_case": "looks for every word of a case, once when it is erased",
    "erasures.still_needed": "looks whether any file is spoken of elsewhere, once per fifty files that are dropped",
    "erasures.in_archives": "reads what the archives of a place hold, once per case that is erased",
    "deputies.of_places": "walks from the newest on until the page is full",
    "archives.of_places": "walks from the newest archive on until the page is full",
    "incidents.oldest_open": "reads open incidents in an index that holds nothing else",
    "work.dead_count": "counts what was given up in an index that holds nothing else",
    "epochs.any": "reads the first entry of an index",
    "history.newest_at": "reads the newest row",
    "incidents.count_open": "counts open incidents in an index that holds nothing else",
    "incidents.list_open": "walks open incidents from the newest on until the page is full",
    "register.years": "reads the days of all awards from an index that holds nothing else",
    "studio_jobs.interrupt": "reads the jobs that are not over from an index that holds nothing else",
    "studio_jobs.open_jobs": "counts the jobs that are not over in an index that holds nothing else",
    "soundness.astray": "looks at what every case says and at every value, on purpose",
    "soundness.misnamed": "looks at the name of every file, on purpose",
    "soundness.count_anew": "counts everything anew, on purpose",
    "soundness.doubled_effects": "looks at every key, on purpose, in indexes that hold nothing else",
    "soundness.half_done": "looks at every work item, on purpose",
    "soundness.left_over": "looks at everything that waits, on purpose",
    "soundness.not_found": "looks at every name, on purpose",
    "soundness.wrong_sums": "counts everything anew, on purpose",
    "tallies.fold": "puts all sums together anew, now and then",
    "tallies.many_changes": "reads the sums, which are kept few",
    "tallies.recount": "counts everything anew, on purpose",
    "sealing.demand_at_ends": "the same as the next",
    "sealing.lacking_at_ends": "reads a hundred rows at either end of each table by its key, and stops",
    "work.next_due": "reads the first entry of an index",
    "work.provisional": "reads what has a provisional date from an index that holds nothing else",
    "work.timers": "walks timers, soonest first, until the page is full",
    "work.reset_running": "reads what is running from an index that holds nothing else",
}
"""Calls that may read a whole (partial) index, and why that is little."""


class _Undo(Exception):
    """Rolls back what a call wrote."""


@pytest.fixture(scope="module")
def full(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A SQLite file with many rows in every table."""
    path = tmp_path_factory.mktemp("full") / "laurel.db"
    shutil.copy(sqlite_template, path)
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        bulk.fill(connection, ROWS_ON_SQLITE)
    engine.dispose()
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def plans(full: Path) -> dict[str, list[str]]:
    """What SQLite says it does for each call, one line per loop."""
    store = Store(f"sqlite:///{full}", full.parent)
    sent = {name: _statements(store, call) for name, call in CALLS.items()}
    store.close()
    with closing(sqlite3.connect(full)) as connection:
        return {name: [line for one in every for line in _explain(connection, *one)] for name, every in sent.items()}


def test_every_call_is_looked_at(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path}/empty.db", tmp_path).read() as tx:
        parts = {name: getattr(tx, name) for name in dir(tx)}
        repositories = {name: one for name, one in parts.items() if isinstance(one, Repository)}
        repositories["sessions"] = tx.people.sessions
    offered = {
        f"{name}.{call}"
        for name, one in repositories.items()
        for call, _ in inspect.getmembers(one, inspect.ismethod)
        if not call.startswith("_")
    }
    assert offered - set(CALLS) - ONLY_INSERTS == set(), "add these to tests/support/every_call.py"
    assert set(CALLS) <= offered


@pytest.mark.parametrize("name", sorted(CALLS))
def test_nothing_is_found_by_reading_everything(plans: dict[str, list[str]], name: str) -> None:
    scans = [
        line for line in plans[name] if re.match(r"SCAN (?!\(subquery|CONSTANT|anon_|numbers|fresh|again|branch)", line)
    ]
    assert bool(scans) is (name in JUSTIFIED), scans


def test_task_lists_are_read_in_the_order_of_an_index(plans: dict[str, list[str]]) -> None:
    ways = {match.group(1) for line in plans["tasks.list"] if (match := re.search(r"INDEX (ix_task_\w+)", line))}
    assert ways == {
        "ix_task_seat",
        "ix_task_role",
        "ix_task_due",
        "ix_task_mine",
        "ix_task_round",
        "ix_task_round_seat",
        "ix_task_case",
        "ix_task_done",
    }


@pytest.mark.postgres
def test_postgresql_reads_lists_and_due_work_by_index_too(
    postgres: postgres.Cluster, postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    engine = sa.create_engine(owner_of(postgres_url))
    with engine.begin() as connection:
        bulk.fill(connection, ROWS, ("task", "work_item", "case_instance", "notice", "audit"))
    store = open_store(postgres_url)
    names = [
        "tasks.list",
        "tasks.counts",
        "work.claim",
        "work.claim_in",
        "work.oldest_due",
        "work.stands_still",
        "work.next_due",
        "work.due_count",
        "work.due_after",
    ]
    names += ["notices.public", "cases.children", "history.of_case"]
    sent = {name: _statements(store, CALLS[name]) for name in names}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        for name, statements in sent.items():
            for sql, parameters in statements:
                lines = connection.exec_driver_sql(f"EXPLAIN {sql}", parameters).scalars().all()  # type: ignore[arg-type]
                scans = [
                    line for line in lines if re.search("Seq Scan on (?!clock_hold|epoch)", line)
                ]  # these are empty
                assert not scans, (name, sql, lines)
    engine.dispose()


def _statements(store: Store, call: Callable[[Transaction], object]) -> list[tuple[str, object]]:
    """Return what a call sends, questions about the tables themselves left out; nothing of it stays."""
    with store.statements() as sent:
        try:
            with store.write() as tx:
                call(tx)
                raise _Undo
        except _Undo:
            return [(sql, values) for sql, values in sent if not sql.startswith("PRAGMA")]


def _explain(connection: sqlite3.Connection, sql: str, parameters: tuple[object, ...]) -> list[str]:
    return [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
