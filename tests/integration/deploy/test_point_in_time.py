"""PostgreSQL's log brings a lost installation back to the moment before the mistake, as deploy/README.md describes it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from service.casework.access.actor import SYSTEM
from service.casework.due.hold import hold_restored
from service.store import Store
from tests.support import postgres as pg
from tests.support.lakeside import make_lakeside
from tests.support.waiting import until


@contextmanager
def archiving(folder: Path) -> Iterator[pg.Cluster]:
    """Run a server that keeps every segment of its log in the folder ``wal``."""
    archive = f"archive_command = 'test ! -f {folder}/wal/%f && cp %p {folder}/wal/%f'"
    with pg.cluster(folder, "wal_level = replica", "archive_mode = on", archive) as server:
        (folder / "wal").mkdir(mode=0o777)
        (folder / "wal").chmod(0o777)
        yield server


def copied(server: pg.Cluster, folder: Path, target: Path) -> None:
    """Take a base backup, as the night does."""
    command = [f"{folder}/bin/pg_basebackup", "-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres"]
    subprocess.run([*pg._step_down(folder), *command, "-D", str(target), "-c", "fast"], check=True, cwd="/")


def now_on(server: pg.Cluster) -> datetime:
    with psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.port}/laurel", autocommit=True) as connection:
        found = connection.execute("SELECT clock_timestamp()").fetchone()
    assert found is not None
    return found[0].astimezone(UTC)  # type: ignore[no-any-return]


def has_recovered(server: pg.Cluster) -> bool:
    """Return whether a server takes writes: until then it answers questions alone."""
    with psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.port}/laurel", autocommit=True) as connection:
        return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)


@pytest.mark.postgres
def test_the_database_comes_back_as_it_was_before_a_mistake(tmp_path: Path) -> None:
    with pg.data_folder() as folder, pg.data_folder() as other:
        pg._step_down(other)
        with archiving(folder) as server:
            town = make_lakeside(migrated(server.create("laurel"), tmp_path))
            kept = [town.start("before the copy")]
            copied(server, folder, other / "data")
            kept.append(town.start("after the copy"))
            right = now_on(server)
            town.start("after the mistake")
            wait_for_archive(server)
            town.desk.store.close()
        (other / "data" / "recovery.signal").touch()
        settings = (
            f"restore_command = 'cp {folder}/wal/%f %p'",
            f"recovery_target_time = '{right.isoformat()}'",
            "recovery_target_action = 'promote'",
            "archive_mode = off",
        )
        with pg.cluster(other, *settings) as again:
            until(lambda: has_recovered(again), what="the end of the recovery")
            store = migrated(again.url("laurel"), tmp_path)
            with store.read() as tx:
                assert [
                    row.id for row in tx.cases.select(jurisdiction="lakeside", award="star_award", status__ne="ended")
                ] == kept
                assert [tx.history.verify(case) for case in kept] == [None, None]
            hold = hold_restored(replace(town.desk, store=store), SYSTEM, town.clock.now(), "恢复到误操作之前")
            assert hold.seen["cases"] == len(kept)
            store.close()


def migrated(url: str, tmp_path: Path) -> Store:
    store = Store(url, tmp_path / "files")
    store.migrate()
    return store


def wait_for_archive(server: pg.Cluster) -> None:
    """Wait until the newest finished segment is in the archive."""
    address = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        name = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert name is not None
        archived = "SELECT 1 FROM pg_stat_archiver WHERE last_archived_wal >= %s"
        until(lambda: connection.execute(archived, name).fetchone(), what=f"the log {name[0]} is archived")
