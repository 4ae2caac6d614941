from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.store import Store
from service.store.migrations import configuration
from service.store.newest_revision import at_newest, newest_revision
from service.store.rows import RecusalRow, SessionRow, WrongPasswordRow, metadata
from service.store.unusable import Unusable
from tests.support import records
from tests.support.records import NOON

LATER = NOON.replace(year=2027)


def test_the_migrated_tables_are_those_the_program_declares(database_url: str, store: Store) -> None:
    store.migrate()
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _ours})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """The tables of the library that rings the bells of the lanes are its own."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    with store.statements() as sent:
        store.migrate()
    assert not [sql for sql, _ in sent if sql.lstrip().startswith(("CREATE", "ALTER", "DROP", "INSERT"))]


def test_the_newest_revision_is_told_by_the_names_of_files(sqlite_url: str, sqlite_store: Store) -> None:
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        assert newest_revision() == MigrationContext.configure(connection).get_current_revision()
        assert at_newest(connection)
    at_revision(sqlite_url, "0109")
    with engine.connect() as connection:
        assert not at_newest(connection)
    engine.dispose()


def test_a_start_with_nothing_to_migrate_does_without_what_migrates(sqlite_url: str, tmp_path: Path) -> None:
    started = (
        "import sys; from service.store import Store\n"
        f"store = Store({sqlite_url!r}, {str(tmp_path / 'files')!r}); store.migrate(); store.close()\n"
        "print('alembic' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", started], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"


def test_a_new_store_says_which_database_it_is_on(database_url: str, open_store: Callable[[str], Store]) -> None:
    assert open_store(database_url).dialect in database_url


def at_revision(url: str, revision: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = :at"), {"at": revision})
    engine.dispose()


@pytest.mark.postgres
def test_a_program_of_before_starts_beside_a_newer_one_that_only_added(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    old = open_store(postgres_url)
    at_revision(postgres_url, "9000")
    old.migrate()
    with old.write() as tx:
        assert records.person(tx) > 0
    at_revision(postgres_url, "b9001")
    with pytest.raises(Unusable, match="更新版本的程序"):
        old.migrate()


def test_nobody_runs_beside_another_on_sqlite(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    old = open_store(sqlite_url)
    at_revision(sqlite_url, "9000")
    with pytest.raises(Unusable, match="更新版本的程序"):
        old.migrate()


@pytest.mark.parametrize("revision", ["0008", "0011"])
def test_a_filled_database_of_an_older_version_opens(revision: str, database_url: str, store: Store) -> None:
    with store.write() as tx:
        li, office = records.person(tx), records.body(tx)
        case_id = records.case(tx)
        tx.tasks.insert_many([records.task(case_id)])
        recusal = RecusalRow(
            jurisdiction="city",
            person_id=li,
            body_id=office,
            case_id=case_id,
            reason="亲属",
            source="declared",
            decided_at=NOON,
        )
        assert tx.experts.recuse(recusal)
        tx.people.sessions.open(
            SessionRow(id="s1", person_id=li, csrf="c", created_at=NOON, seen_at=NOON, expires_at=LATER)
        )
        tx.people.sessions.count_wrong_passwords(WrongPasswordRow(mark="m", count=6, last_at=NOON, forget_at=LATER))
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), revision)
        assert connection.scalar(sa.text("select count(*) from session where csrf = ''")) == 1
    engine.dispose()
    store.migrate()
    with store.read() as tx:
        assert [row.reason for row in tx.experts.recusals([office])] == ["亲属"]
        assert tx.tasks.open_of_case(case_id)[0].title == "受理"
        assert tx.people.sessions.get("s1") is not None
        assert tx.people.sessions.get("m") is None
        wrong = WrongPasswordRow(mark="m", count=6, last_at=NOON, forget_at=LATER)
        assert tx.people.sessions.wrong_passwords("m", NOON) == wrong
