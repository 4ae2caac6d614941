"""The file of data keys is lost, emptied, damaged or cannot be read: whatever is encrypted, everybody is told before anything is written."""

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
from service.store import DataKeys, DataKeysMissing, KeysUnreadable, Store
from service.store.rows import metadata
from service.store.secrecy.data_keys import MARK
from service.store.secrecy.sealed_columns import Sealed, SealedBytes, SealedJson
from tests.support import bulk, records

ADDRESS = {"address": "天山区某街一号"}
COLUMNS = [column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, Sealed)]


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An installation that encrypted everything before the first person or case was there: a body alone bears ciphertext."""
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_SEPARATION": "one"}))
    with tools.desk().store.write() as tx:
        tx.people.upsert_body("city", "office", kind="authority", name="质量办", roles=[], details=ADDRESS)
    assert "body: 1" in CliRunner().invoke(laurel, ["data-keys", "seal"], obj=tools).output
    tools.desk().store.close()
    return Installation(tools.settings)


LOST: dict[str, Callable[[Path], object]] = {
    "gone": lambda file: file.unlink(),
    "emptied": lambda file: file.write_text(""),
    "damaged": lambda file: file.write_text("x"),
    "another": lambda file: (file.unlink(), DataKeys(file).make()),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("how", LOST)
def test_a_lost_file_is_noticed_although_no_case_is_encrypted(here: Installation, how: str) -> None:
    file = here.settings.data_keys
    LOST[how](file)
    with pytest.raises((DataKeysMissing, KeysUnreadable), match=re.escape(str(file))):
        demand_belonging(here.desk())
    [found] = columns(here.desk(), Limits())
    assert (found.level, str(file) in found.found.en, "Run laurel data-keys seal" in found.found.en) == (
        Level.FAULT,
        True,
        False,
    )
    for words in (["doctor"], ["doctor", "--deep"]):
        result = CliRunner().invoke(laurel, words, obj=here)
        assert (words, result.exit_code) == (words, 1)
        assert str(file) in result.output


def lacking(store: Store, table: str, known: Collection[str] = ()) -> set[tuple[str, str]]:
    """Return what is missed by a look at both ends of every table, and at the whole of this one: the same."""
    with store.read() as tx:
        return {tx.sealing.lacking_at_ends(known), tx.sealing.lacking(table, known)}


def test_every_column_counts_at_either_end_of_its_table(sqlite_url: str, tmp_path: Path) -> None:
    keys = DataKeys(tmp_path / "keys")
    ident, nothing = keys.make(), {("", "")}
    head, engine = f"{MARK}a-{ident}.", sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        bulk.fill(connection, 250, tuple({column.table.name for column in COLUMNS}))
    store = Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)
    with (
        closing(store),
        closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as beside,
    ):
        for column, row in itertools.product(COLUMNS, (0, 249)):
            table, name = column.table.name, column.name
            assert lacking(store, table) == nothing, "nothing is encrypted"
            order = ", ".join(one.name for one in column.table.primary_key)
            own, before = beside.execute(
                f"select rowid, {name} from {table} order by {order} limit 1 offset {row}"
            ).fetchone()
            put = f"update {table} set {name} = ? where rowid = {own}"
            beside.execute(put, [{SealedBytes: head.encode(), SealedJson: f'"{head}"'}.get(type(column.type), head)])
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
            assert tx.sealing.lacking_at_ends(()) == ("", "")
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
