"""An installation goes from SQLite to PostgreSQL, and its running cases go on there."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from service.app import Installation
from service.casework.assemble import desk_over
from service.casework.desk.belonging import require_belonging
from service.casework.soundness.checks import broken_chains
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.parameters.calendar_years import TypedNotice, propose_year
from service.casework.tasks.complete import complete_task
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.cli.main import laurel
from service.jobs.process_lock import process_lock
from service.sdk import operations
from service.settings import read_settings
from service.store import Store
from service.store.connections.database import POSTGRES_LINE
from service.store.models import metadata
from service.store.transfer import transfer_rows
from tests.support.keys import keys_beside
from tests.support.lakeside import KEY, Lakeside, make_lakeside
from tests.support.postgres import Cluster

pytestmark = pytest.mark.postgres
Run = Callable[..., Result]
ADMINISTRATOR = "update person set name = ? where login = 'admin'"


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Lakeside]:
    """Two running applications and a draft on SQLite."""
    store = Store(sqlite_url, tmp_path / "files", keys=keys_beside(tmp_path))
    town = make_lakeside(store)
    town.start("first")
    town.start("second")
    open_draft(town.desk, town.designer, KEY, "草稿")
    propose_year(town.desk, town.designer, TypedNotice("元旦 2026-01-01", "cn", 2026, "通知", "9号", "2025-11-01"))
    yield town
    store.close()


@pytest.fixture
def empty(postgres: Cluster) -> Iterator[str]:
    name = postgres.fresh_name()
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def run(tmp_path: Path, sqlite_url: str, empty: str) -> Run:
    def call(*words: str, **environment: str) -> Result:
        given = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url, "LAUREL_TRANSFER_TO": empty}
        return CliRunner().invoke(
            laurel, ["transfer", *words], obj=Installation(read_settings({**given, **environment}))
        )

    return call


def spoil(url: str, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute(statement, values)


def rows_of(url: str) -> dict[str, int]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        counts = {t.name: connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in metadata.sorted_tables}
    engine.dispose()
    return counts


def test_everything_is_there_and_running_cases_go_on(
    town: Lakeside, run: Run, sqlite_url: str, empty: str, tmp_path: Path
) -> None:
    told = run()
    assert told.exit_code == 0, told.output
    before = rows_of(sqlite_url)
    assert before["task"] > 0
    assert rows_of(empty) == before
    carried = sum(before.values())
    assert f"逐行核对 {carried} 行，4 条记录链" in told.stdout
    store = Store(empty, tmp_path / "files", keys=keys_beside(tmp_path))
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=town.clock)
    assert [*broken_chains(desk)] == [*broken_chains(town.desk)]
    there = replace(town, desk=desk)
    with store.read() as tx:
        (task,) = tx.tasks.open_of_case(1)
    complete_task(desk, town.office, task.id, task.version, {"decision": "accept"})
    assert there.start("third") == 3  # numbers go on
    store.close()


@pytest.mark.usefixtures("town")
def test_a_transfer_may_be_idle_for_longer_than_a_request(
    sqlite_url: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings({"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": empty})
    Installation(settings).desk().store.close()  # the tables stand: the short limit is for the rows alone
    monkeypatch.setitem(POSTGRES_LINE, "options", "-c timezone=UTC -c idle_in_transaction_session_timeout=1500ms")

    def told(table: str, _rows: int) -> None:
        time.sleep(2.5 * (table == "definition"))

    assert transfer_rows(sqlite_url, empty, told, keys_beside(tmp_path))["definition"] == 1


def test_a_database_that_holds_something_is_refused(town: Lakeside, run: Run, empty: str) -> None:
    assert run().exit_code == 0
    held = rows_of(empty)
    town.start("third")
    again = run()
    assert again.exit_code == 2
    assert "目标数据库不是空的" in again.stderr
    assert rows_of(empty) == held


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("name", "reason"), [("长" * 81, "81 > 80"), ("空\0字", "\\0")])
def test_what_postgresql_cannot_keep_is_named_before_anything_is_written(
    run: Run, sqlite_url: str, empty: str, name: str, reason: str
) -> None:
    spoil(sqlite_url, ADMINISTRATOR, name)
    refused = run()
    assert refused.exit_code == 2
    assert f"person 2 name: {reason}" in refused.stderr
    assert not any(rows_of(empty).values())


@pytest.mark.usefixtures("town")
def test_a_chain_that_was_broken_before_is_told(run: Run, sqlite_url: str) -> None:
    spoil(sqlite_url, "update audit set text = '改过' where case_id = 2 and seq = 1")
    told = run()
    assert told.exit_code == 0
    assert "原来就不完整的链：case 2: 1" in told.stdout


@pytest.mark.usefixtures("town")
def test_nothing_is_transferred_while_the_server_runs_or_without_a_target(run: Run, tmp_path: Path) -> None:
    with process_lock(tmp_path / "laurel.db.lock"):
        assert "另一个进程" in run().stderr
    assert "LAUREL_TRANSFER_TO" in run(LAUREL_TRANSFER_TO="").stderr


@pytest.mark.usefixtures("town")
def test_a_copy_without_the_keys_carries_nothing_over(run: Run, sqlite_url: str, empty: str, tmp_path: Path) -> None:
    """A folder of data that was copied: its installation lives on elsewhere, where the keys stayed."""
    here = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url}
    require_belonging(Installation(read_settings(here)).desk())
    elsewhere = {"LAUREL_BALLOT_KEYS": str(tmp_path / "other-keys")}
    refused = run(**elsewhere)
    assert (refused.exit_code, "laurel restore" in refused.stderr) == (2, True)
    engine = sa.create_engine(empty)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
