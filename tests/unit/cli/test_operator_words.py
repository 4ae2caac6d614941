"""What whoever runs a command reads of a database that takes no writing: what it is, so that they look in the right place."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from service.cli.tools import words_of
from service.store import ReadOnly
from service.store.connections.database import translate_database_errors


def test_a_file_that_can_only_be_read_is_no_standby(tmp_path: Path) -> None:
    file = tmp_path / "laurel.db"
    sqlite3.connect(file).close()
    engine = sa.create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(ReadOnly) as found, translate_database_errors(), engine.begin() as connection:
        connection.exec_driver_sql("create table one (a)")
    said = words_of(found.value)
    assert "数据库文件只能读" in said.zh
    assert "备用库" not in said.zh
    assert "standby" not in said.en


def test_a_server_that_takes_no_writing_may_be_a_standby() -> None:
    refused = sa.exc.InternalError("", {}, psycopg.errors.ReadOnlySqlTransaction("cannot execute"))
    with pytest.raises(ReadOnly) as found, translate_database_errors():
        raise refused
    assert "备用库" in words_of(found.value).zh
