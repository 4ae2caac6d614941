"""The file of data keys of an installation: made at its first start, missed before anything is written where it is lost."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.casework.desk.belonging import demand_belonging
from service.casework.health.columns import columns
from service.casework.health.finding import Level
from service.casework.health.limits import Limits
from service.cli.main import laurel
from service.settings import read_settings
from service.store import CannotDecrypt, DataKeys, KeysUnreadable, Store
from service.store.data_keys import VERSION
from service.store.encrypted import Encrypted, Kind
from service.store.rows import metadata
from tests.support import bulk, records

ADDRESS = {"address": "天山区某街一号"}
COLUMNS = [column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, Encrypted)]


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An installation with a body, whose details are the only thing that is encrypted."""
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_SEPARATION": "one"}))
    with tools.desk().store.write() as tx:
        tx.people.upsert_body("city", "office", kind="authority", name="质量办", roles=[], details=ADDRESS)
    tools.desk().store.close()
    return Installation(tools.settings)


def test_the_first_start_makes_a_key_and_everything_is_under_it(here: Installation) -> None:
    file = here.settings.data_keys
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent != here.settings.data, "a copy of the data takes no key along"
    assert "天山区" not in (here.settings.data / "laurel.db").read_bytes().decode("utf-8", "replace")
    [found] = columns(here.desk(), Limits())
    assert found.level is Level.FINE
    assert len(DataKeys(file).ids) == 1


LOST: dict[str, Callable[[Path], object]] = {
    "gone": lambda file: file.unlink(),
    "emptied": lambda file: file.write_text(""),
    "damaged": lambda file: file.write_text("x"),
    "another": lambda file: (file.unlink(), DataKeys(file).make()),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("how", LOST)
def test_a_lost_file_stops_every_command_before_anything_is_written(here: Installation, how: str) -> None:
    file = here.settings.data_keys
    LOST[how](file)
    before = file.read_text() if file.is_file() else None
    with pytest.raises((CannotDecrypt, KeysUnreadable), match=re.escape(str(file))):
        demand_belonging(here.desk())
    for words in (["doctor"], ["doctor", "--deep"], ["rotate-keys"], ["rotate-keys", "--show"]):
        result = CliRunner().invoke(laurel, words, obj=Installation(here.settings))
        assert result.exit_code != 0, words
        assert str(file) in f"{result.output}{result.exception}"
    assert (file.read_text() if file.is_file() else None) == before, "no key was made in its place"


def test_the_command_changes_the_key_and_the_cipher(here: Installation, tmp_path: Path) -> None:
    file = here.settings.data_keys
    [first] = DataKeys(file).ids
    other = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_CIPHER": "sm4"}))

    def run(*words: str) -> str:
        result = CliRunner().invoke(laurel, ["rotate-keys", *words], obj=other)
        assert result.exit_code == 0, result.output
        return result.output

    assert "body: 1" in run("--show"), "by the cipher that is set it is not encrypted yet"
    told = run()
    [second] = DataKeys(file).ids
    assert (first in told, f"已用密钥 {second} 加密 1 行" in told, "复制一份" in told) == (True, True, True)
    assert "0 行、0 个文件不在最新的密钥下" in run("--show")
    with closing(sqlite3.connect(tmp_path / "data" / "laurel.db")) as beside:
        [(details,)] = beside.execute("select details from body").fetchall()
        [(data,)] = beside.execute("select data from act where action = 'keys.rotate'").fetchall()
    assert details.startswith(f'"{VERSION.decode()}{second}-s')
    assert second in data


def lacking(store: Store, table: str, known: Collection[str] = ()) -> set[tuple[str, str]]:
    """Return what is missed by a look at both ends of every table, and at the whole of this one: the same."""
    with store.read() as tx:
        return {tx.encrypted.lacking_at_ends(known), tx.encrypted.lacking(table, known)}


def test_every_column_counts_at_either_end_of_its_table(sqlite_url: str, tmp_path: Path) -> None:
    keys = DataKeys(tmp_path / "keys")
    ident, nothing = keys.make(), {("", "")}
    head, engine = f"{VERSION.decode()}{ident}-a", sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        bulk.fill(connection, 250, tuple({column.table.name for column in COLUMNS}))
    store = Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)
    with (
        closing(store),
        closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as beside,
    ):
        for column, row in itertools.product(COLUMNS, (0, 249)):
            table, name, kind = column.table.name, column.name, column.type
            assert isinstance(kind, Encrypted)
            assert lacking(store, table) == nothing, "nothing is encrypted"
            order = ", ".join(one.name for one in column.table.primary_key)
            own, before = beside.execute(
                f"select rowid, {name} from {table} order by {order} limit 1 offset {row}"
            ).fetchone()
            put = f"update {table} set {name} = ? where rowid = {own}"
            beside.execute(put, [{Kind.BYTES: head.encode(), Kind.JSON: f'"{head}"'}.get(kind.kind, head)])
            assert lacking(store, table) == {(f"{table}.{name}", ident)}
            assert lacking(store, table, [ident]) == nothing
            beside.execute(put, [before])


def test_a_key_of_any_kind_of_column_is_missed(database_url: str, tmp_path: Path) -> None:
    keys = DataKeys(tmp_path / "keys")
    ident = keys.make()
    with closing(Store(database_url, tmp_path / "files", durable=False, keys=keys)) as store:
        with store.write() as tx:
            records.body(tx)
        assert lacking(store, "body") == {("body.details", ident)}, "an empty document is encrypted too"
        with store.write() as tx:
            tx._connection.execute(sa.text("update body set details = '{}'"))
            assert tx.encrypted.lacking_at_ends(()) == ("", "")
            records.case(tx)
        assert lacking(store, "case_instance") == {("case_instance.facts", ident)}
        with store.write() as tx:
            tx._connection.execute(sa.text("update case_instance set facts = '{}'"))
        assert lacking(store, "case_instance") == {("case_instance.state", ident)}
        with store.write() as tx:
            tx._connection.execute(sa.text("update case_instance set state = ''"))
            records.person(tx, telephone="13912345678")
        assert lacking(store, "person") == {("person.telephone", ident)}
        assert lacking(store, "person", [ident]) == {("", "")}
