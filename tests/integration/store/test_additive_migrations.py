"""Each version of the tables, run on PostgreSQL: a program of before finds what it knew, and nothing more is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from service.store.migrations import configuration
from tests.support import postgres as pg
from tests.support.catalogue import Catalogue, read_catalogue, stumbles

FIRST = "0021"
"""The first version that runs beside the program of before; those until 0018 were made for a stop."""

_COUNTS = "it counts what anybody writes, in the same transaction, and refuses nothing"
_WORDS = "it notes the words by which what anybody writes is found, in the same transaction, and refuses nothing"
_ACTS = ("delete", "insert", "update")
_COUNTED = {
    "ended": "case_instance",
    "message": "subscription",
    "running": "case_instance",
    "started": "case_instance",
    "task": "task",
    "work": "work_item",
}
_FOUND = {"ballot": "ballot", "body": "body", "case": "case_instance", "document": "document", "person": "person"}
EXCEPTIONS: dict[str, dict[str, str]] = {
    "0026": {f"trigger tally_{of}_{act} of {table} is new": _COUNTS for of, table in _COUNTED.items() for act in _ACTS},
    "0030": {f"trigger search_{of}_{act} of {table} is new": _WORDS for of, table in _FOUND.items() for act in _ACTS},
    "0034": {f"trigger find_{act} of case_instance is new": _WORDS for act in (*_ACTS, "stale")},
    "0044": {f"trigger search_notice_{act} of notice is new": _WORDS for act in _ACTS},
    "0063": {f"trigger name_file_{act} of upload is new": _WORDS for act in _ACTS},
}
"""What a version does all the same, by revision, with the reason why nobody stumbles over it."""


@pytest.fixture(scope="module")
def changes(postgres: pg.Cluster) -> Iterator[dict[str, list[str]]]:
    """Run every version one after another from an empty database; give what each makes a program of before stumble over."""
    name = postgres.fresh_name()
    engine = sa.create_engine(postgres.create(name), poolclass=sa.NullPool)
    yield dict(_every_version(engine))
    engine.dispose()
    postgres.drop(name)


def _every_version(engine: sa.Engine) -> Iterator[tuple[str, list[str]]]:
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
        with Operations.context(MigrationContext.configure(connection)):
            before = read_catalogue(connection)
            for script in reversed(list(scripts.walk_revisions())):
                script.module.upgrade()
                after = read_catalogue(connection) if script.revision >= "0018" else before
                yield script.revision, stumbles(before, after) if script.revision >= FIRST else []
                before = after


@pytest.mark.postgres
def test_each_version_leaves_the_program_of_before_what_it_needs(changes: dict[str, list[str]]) -> None:
    """One that takes away begins with a letter, as all after it must: programs of before then refuse to start beside it."""
    beside = {revision: found for revision, found in changes.items() if revision >= FIRST and not revision[0].isalpha()}
    assert "0036" in beside
    assert [revision for revision in beside if revision >= "0024" and not re.fullmatch(r"\d{4}", revision)] == []
    told = {
        revision: [one for one in found if one not in EXCEPTIONS.get(revision, {})]
        for revision, found in beside.items()
    }
    assert {revision: found for revision, found in told.items() if found} == {}
    unused = {r: set(reasons) - set(changes.get(r, ())) for r, reasons in EXCEPTIONS.items()}
    assert {r: each for r, each in unused.items() if each} == {}


@pytest.fixture
def connection(postgres_url: str) -> Iterator[sa.Connection]:
    """A connection to the tables of today."""
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.mark.postgres
def test_whatever_takes_away_or_demands_is_seen(connection: sa.Connection) -> None:
    today = read_catalogue(connection)
    for sql, told in (
        ("DROP TABLE task CASCADE", "table task is gone"),
        ("ALTER TABLE task DROP COLUMN title", "column task.title is gone"),
        ("ALTER TABLE task RENAME COLUMN title TO heading", "column task.title is gone"),
        ("ALTER TABLE person ALTER COLUMN email SET NOT NULL", "column person.email is demanded now"),
        ("ALTER TABLE task ADD COLUMN x integer NOT NULL", "column task.x is new, demanded and not filled in"),
        ("ALTER TABLE task ADD CONSTRAINT one UNIQUE (title)", "unique one of task is new"),
        ("ALTER TABLE task ADD CONSTRAINT odd CHECK (id > 0)", "check odd of task is new"),
        ("CREATE UNIQUE INDEX once ON task (title)", "unique index once of task is new"),
        ("ALTER TABLE person ALTER COLUMN telephone TYPE varchar(3)", "column person.telephone was"),
        ("CREATE TRIGGER t BEFORE INSERT ON task FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
         "trigger t of task is new"),
    ):  # fmt: skip
        assert any(each.startswith(told) for each in _after(connection, today, sql)), sql
    assert _after(connection, today, "CREATE TABLE y (id integer PRIMARY KEY, z text UNIQUE NOT NULL)") == []
    assert _after(connection, today, "ALTER TABLE task ADD COLUMN x text NOT NULL DEFAULT ''") == []
    assert _after(connection, today, "CREATE INDEX more ON task (title)") == []
    assert _after(connection, today, "ALTER TABLE person ALTER COLUMN telephone TYPE text") == []


def _after(connection: sa.Connection, before: Catalogue, sql: str) -> list[str]:
    connection.exec_driver_sql(sql)
    found = stumbles(before, read_catalogue(connection))
    connection.rollback()
    return found
