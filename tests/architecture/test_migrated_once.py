"""Tables that are kept for other tests are those that migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from service.store import Store, migrations


def everything_in(file: Path) -> list[object]:
    """Return what a database holds: all that is declared, and all rows."""
    with closing(sqlite3.connect(file)) as db:
        declared = sorted(db.execute("select type, name, tbl_name, sql from sqlite_master"), key=str)
        return [
            declared,
            *(db.execute(f'select * from "{name}"').fetchall() for kind, name, *_ in declared if kind == "table"),
        ]


def test_the_second_empty_database_gets_what_migrations_made_of_the_first(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.db" for name in ("kept", "migrated")]
    for file in files:
        store = Store(f"sqlite:///{file}", tmp_path / "files", durable=False)
        if file.stem == "migrated":
            with store._begin() as connection:
                migrations.upgrade(connection)
        store.migrate()
        store.close()
    first, second = map(everything_in, files)
    assert first == second
    assert len(first) > 50
