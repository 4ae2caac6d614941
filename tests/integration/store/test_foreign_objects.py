"""What acts by itself in the database is found by name, and the program's own tables hold nothing of the kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import sqlalchemy as sa

from service.store import Store

Placed = list[tuple[str, str]]

ON_SQLITE: list[tuple[Sequence[str], Placed]] = [
    (["create trigger quiet before insert on act begin select raise(ignore); end"], [("trigger", "quiet")]),
    (["alter table notice rename to away", "alter table away rename to notice"], []),  # its triggers are written anew
    (["create view newest as select * from act"], [("view", "newest")]),
    (
        ["alter table alarm rename to alarm_kept", "create view alarm as select * from alarm_kept where level = 0"],
        [("view", "alarm")],
    ),
    (
        ["create table copied (id integer primary key on conflict ignore)"],
        [("table that drops rows in a conflict", "copied")],
    ),
    (
        ["alter table alarm add column twice integer generated always as (level * 2) virtual"],
        [("computed column", "alarm.twice")],
    ),
    (
        ["create table other (id integer, at text default (datetime('now')))"],
        [("default of a column", "other.at")],
    ),
]
_FUNCTION = "create function quiet() returns trigger language plpgsql as $$ begin return null; end $$"
ON_POSTGRESQL: list[tuple[Sequence[str], Placed]] = [
    (
        [_FUNCTION, "create trigger quiet before insert on act for each row execute function quiet()"],
        [("function", "quiet"), ("trigger", "act.quiet")],
    ),
    (["create rule quiet as on insert to act do instead nothing"], [("rule", "act.quiet")]),
    (["create view newest as select * from act"], [("view", "newest")]),
    (["create policy none on act using (false)"], [("policy", "act.none")]),
    (["create table later () inherits (act)"], [("table that inherits", "later of act")]),
    (
        [
            "create function one() returns integer language sql as 'select 1'",
            "alter table alarm alter level set default one()",
        ],
        [("default of a column", "alarm.level"), ("function", "one")],
    ),
    (
        ["alter table alarm rename to alarm_kept", "create view alarm as select * from alarm_kept where level = 0"],
        [("table that is not the program's own", "alarm"), ("view", "alarm")],
    ),
    (
        [
            "create or replace function procrastinate_notify_queue_job_inserted_v1() returns trigger"
            " language plpgsql as $$ begin return null; end $$"
        ],
        [
            ("function", "procrastinate_notify_queue_job_inserted_v1"),
            ("trigger", "procrastinate_jobs.procrastinate_jobs_notify_queue_job_inserted_v1"),
        ],
    ),
]


def placed_by_hand(store: Store, statements: Sequence[str]) -> None:
    """Run statements as somebody does who has the database alone."""
    with store.write() as tx:
        for statement in statements:
            tx._connection.execute(sa.text(statement))


def found(store: Store) -> Placed:
    """Return what stands there and acts by itself."""
    with store.read() as tx:
        return [(one.kind, one.name) for one in tx.soundness.foreign_objects()]


@pytest.mark.parametrize(("statements", "named"), ON_SQLITE)
def test_what_acts_by_itself_in_sqlite_is_named(sqlite_store: Store, statements: Sequence[str], named: Placed) -> None:
    assert found(sqlite_store) == []
    placed_by_hand(sqlite_store, statements)
    assert found(sqlite_store) == named


@pytest.mark.postgres
@pytest.mark.parametrize(("statements", "named"), ON_POSTGRESQL)
def test_what_acts_by_itself_in_postgresql_is_named(
    postgres_url: str, open_store: Callable[[str], Store], statements: Sequence[str], named: Placed
) -> None:
    store = open_store(postgres_url)
    assert found(store) == []
    placed_by_hand(store, statements)
    assert found(store) == named
