"""Statements handed to the driver as they were compiled before find, change and refuse what SQLAlchemy does."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from weakref import WeakKeyDictionary

import psycopg
import pytest
import sqlalchemy as sa

from service.store import Store, Transaction
from service.store.connections import prepared
from service.store.connections.prepared import change, change_many, fetch, fetch_each
from service.store.errors import Unreachable
from service.store.repositories.base import among, one
from service.store.repositories.people.sessions import _WITH_SEATS_AND_UNREAD
from service.store.rows import columns as col
from service.store.rows.work import counter
from service.store.types import Instant
from tests.support.postgres import owner_of
from tests.support.waiting import ended

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))
THING = sa.Table(
    "thing_prepared",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), unique=True),
    sa.Column("at", Instant()),
    sa.Column("day", sa.Date),
    sa.Column("good", sa.Boolean),
    sa.Column("more", col.Json.__metadata__[0]),
    sa.Column("raw", sa.LargeBinary),
    sa.Column("filled", sa.Integer, default=7),
)
VALUES = {
    "at": AT,
    "day": date(2026, 3, 2),
    "good": True,
    "more": {"数": [1, None, "100%"]},
    "raw": b"\x00\xff",
    "filled": 1,
}
EMPTY = dict.fromkeys(VALUES)
MEASURED: Mapping[str, Callable[[Transaction], object]] = {
    "due": lambda tx: tx.work.due_count(AT),
    "children": lambda tx: tx.cases.children(7, "p1"),
    "history": lambda tx: tx.history.of_case(7, before=9),
}
"""Calls of which it is told what they send."""


@pytest.fixture
def things(database_url: str, open_store: Callable[[str], Store]) -> Store:
    store = open_store(owner_of(database_url))  # the program makes no table
    with store.write() as tx:
        THING.create(tx.tasks._connection)
    return store


def put(connection: sa.Connection, statement: sa.Executable, name: str, **values: object) -> int:
    return change(connection, statement, {"name": name, **VALUES, **values})


def test_what_was_written_and_read_before_is_written_and_read_alike(things: Store) -> None:
    inserting, by_name = sa.insert(THING), one(THING, "name")
    renaming = sa.update(THING).where(THING.c.name == sa.bindparam("was"), THING.c.good.is_(True))
    with things.write() as tx:
        connection = tx.tasks._connection
        for number in range(4):
            put(connection, inserting, f"n{number}", **(EMPTY if number == 3 else {}))
        plain = {row.name: tuple(row) for row in connection.execute(sa.select(THING))}
        for name in ("n0", "n1", "n2", "n3", "n9"):
            names, rows = fetch(connection, by_name, {"name": name})
            assert names == tuple(THING.c.keys())
            assert [tuple(row) for row in rows] == ([plain[name]] if name in plain else [])
        assert [change(connection, renaming, {"was": w, "name": f"{w}x"}) for w in ("n0", "n1", "n3")] == [1, 1, 0]
    assert plain["n2"][2:] == (AT.astimezone(UTC), *list(VALUES.values())[1:])
    assert plain["n3"][2:] == tuple(EMPTY.values())


def test_two_questions_in_one_statement_are_read_alike_and_twice_the_same_column_too(things: Store) -> None:
    both = sa.union_all(sa.select(THING.c.at, THING.c.more), sa.select(THING.c.at, THING.c.more)).order_by("at")
    twice = sa.select(THING.c.id, THING.c.id, THING.c.at)
    with things.write() as tx:
        connection = tx.tasks._connection
        put(connection, sa.insert(THING), "a")
        for statement in (both, twice):
            plain = [tuple(row) for row in connection.execute(statement)]
            for _ in range(3):
                assert [tuple(row) for row in fetch(connection, statement, {})[1]] == plain
    assert all(prepared._PREPARED[both].values())


def test_lists_of_any_length_are_asked_for_as_sqlalchemy_asks(things: Store) -> None:
    there = among(THING.c.name, "names")
    asked = sa.select(THING).where(there, THING.c.filled.in_([1, 2]), THING.c.day == sa.bindparam("day"))
    renaming = sa.update(THING).where(there).values(filled=2)
    lists = [[], ["n1"], ["n3", "n1"], ["n2", "n0"], ["n0", "100%", "n2"], [f"n{n}" for n in range(40)], ("n1", "n2")]
    with things.write() as tx:
        connection = tx.tasks._connection
        for number in range(4):
            put(connection, sa.insert(THING), f"n{number}")
        for _ in range(2):
            for names in lists:
                given = {"names": names, "day": VALUES["day"]}
                found = [tuple(row) for row in fetch(connection, asked, given)[1]]
                assert found == [tuple(row) for row in connection.execute(asked, given)]
                assert len(found) == len({*names} & {"n0", "n1", "n2", "n3"})
        assert [change(connection, renaming, {"names": names}) for names in lists] == [0, 1, 2, 2, 2, 4, 2]
        [known] = prepared._PREPARED[asked].values()
        assert isinstance(known, prepared._ByLength)
        assert {*known._known} == {(0, 2), (1, 2), (2, 2), (3, 2)}


def test_rows_added_together_are_told_in_their_order(things: Store) -> None:
    adding = sa.insert(THING).returning(THING.c.id, THING.c.name)
    with things.write() as tx:
        connection = tx.tasks._connection
        for start, count in ((0, 1), (1, 3), (4, 30)):
            given = [{"name": f"n{n}", **VALUES} for n in range(start, start + count)]
            assert [name for _, name in sorted(map(tuple, fetch_each(connection, adding, given)))] == [
                each["name"] for each in given
            ]


def test_who_asks_is_found_without_sqlalchemy_compiling_anew(store: Store) -> None:
    for _ in range(3):
        with store.read() as tx:
            tx.people.sessions.with_seats("nobody", AT, unread=True)
    assert prepared._PREPARED[_WITH_SEATS_AND_UNREAD]
    assert all(prepared._PREPARED[_WITH_SEATS_AND_UNREAD].values())


def test_many_rows_at_once_are_written_as_one(things: Store) -> None:
    inserting = sa.insert(THING).inline()
    with things.write() as tx:
        connection = tx.tasks._connection
        for turn in range(3):
            change_many(connection, inserting, [{"name": f"{turn} {n}", **VALUES, "filled": n} for n in range(3)])
        found = connection.execute(sa.select(THING.c.name, THING.c.at, THING.c.more, THING.c.filled)).all()
        with pytest.raises(sa.exc.IntegrityError), tx.savepoint():
            change_many(connection, inserting, [{"name": "same", **VALUES}] * 2)
    assert sorted(map(repr, found)) == sorted(
        repr((f"{turn} {n}", AT.astimezone(UTC), VALUES["more"], n)) for turn in range(3) for n in range(3)
    )


def test_what_only_sqlalchemy_can_fill_in_is_left_to_it(things: Store) -> None:
    among = sa.select(THING.c.name).where(THING.c.name.in_(sa.bindparam("names", expanding=True))).order_by(THING.c.id)
    bare = sa.insert(THING)
    with things.write() as tx:
        connection = tx.tasks._connection
        for name in ("a", "b", "c"):
            change(connection, bare, {"name": name})  # the default is the column's
        for names in (["a"], ["a", "c"], [], ["b", "c", "d"]):
            assert [row[0] for row in fetch(connection, among, {"names": names})[1]] == [
                name for name in names if name != "d"
            ]
        assert {row[0] for row in fetch(connection, sa.select(THING.c.filled), {})[1]} == {7}
        for _ in range(3):
            with pytest.raises(sa.exc.StatementError, match="value is required"):
                fetch(connection, _ONE, {})


_ONE = one(THING, "name")


def test_refusals_are_sqlalchemys_and_name_no_value(things: Store) -> None:
    inserting = sa.insert(THING).inline()
    with things.write() as tx:
        connection = tx.tasks._connection
        for name in ("a", "b", "secret"):
            put(connection, inserting, name)
        with pytest.raises(sa.exc.IntegrityError) as refused, tx.savepoint():
            put(connection, inserting, "secret")
        assert "secret" not in str(refused.value)
        with pytest.raises(sa.exc.StatementError, match="time zone"):
            put(connection, inserting, "naive", at=datetime(2026, 3, 2))
        put(connection, inserting, "after")
        assert fetch(connection, sa.select(sa.func.count()).select_from(THING), {})[1][0][0] == 4


def test_who_listens_hears_statements_that_came_before(things: Store) -> None:
    asked = one(THING, "name")

    def ask() -> None:
        with things.read() as tx:
            fetch(tx.tasks._connection, asked, {"name": "a"})

    for _ in range(3):
        ask()
    with things.statements() as seen:
        ask()
    assert len(seen) == 1
    assert "thing_prepared" in seen[0][0]


def test_what_is_measured_by_listening_is_what_is_sent_where_nobody_listens(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "_PREPARED", WeakKeyDictionary())

    def sent(name: str) -> list[str]:
        found: list[str] = []
        with sqlite_store.read() as tx:
            driver = tx.tasks._connection.connection.driver_connection
            assert driver is not None
            driver.set_trace_callback(found.append)
            try:
                MEASURED[name](tx)
            finally:
                driver.set_trace_callback(None)
        return found

    for name in MEASURED:
        alone = [sent(name) for _ in range(3)][-1]
        with sqlite_store.statements() as heard:
            assert sent(name) == alone, name
        assert len(heard) == len(alone) > 0, name
    assert any(form for forms in prepared._PREPARED.values() for form in forms.values()), "none was prepared"


@pytest.mark.postgres
def test_a_statement_that_finds_its_connection_gone_says_so_and_the_next_unit_of_work_goes_on(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    things, asked = open_store(postgres_url), sa.select(counter)

    def ask(end: bool = False) -> None:
        with things.write() as tx:
            fetch(tx.tasks._connection, asked, {})
            if end:
                with psycopg.connect(things.address, autocommit=True) as other:
                    other.execute(
                        "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                        "where datname = current_database() and pid <> pg_backend_pid()"
                    )
                fetch(tx.tasks._connection, asked, {})

    for _ in range(3):
        ask()
    with pytest.raises(Unreachable):
        ask(end=True)
    ask()


def test_threads_that_prepare_at_once_find_the_same(things: Store) -> None:
    asked, found = one(THING, "name"), list[int]()

    def ask() -> None:
        for _ in range(20):
            with things.read() as tx:
                found.append(len(fetch(tx.tasks._connection, asked, {"name": "a"})[1]))

    with things.write() as tx:
        put(tx.tasks._connection, sa.insert(THING), "a")
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert found == [1] * 80


def test_what_is_known_of_a_statement_goes_with_it(tmp_path: Path) -> None:
    store = Store("sqlite://", tmp_path / "files", durable=False)
    with store.write() as tx:  # what it is compiled to is kept for all databases of the tests, with the first one
        first = sa.select(sa.literal(1))
        fetch(tx.tasks._connection, first, {})
    before = len(prepared._PREPARED)
    with store.write() as tx:
        for _ in range(50):
            statement = sa.select(sa.literal(1))
            for _ in range(3):
                fetch(tx.tasks._connection, statement, {})
    del statement
    gc.collect()
    assert len(prepared._PREPARED) <= before
    store.close()
