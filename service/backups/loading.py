"""The database of a backup is loaded in one act, and bears a mark from before that until the installation is on hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import LiteralString

from service.backups.databases import (
    is_sqlite,
    postgres_session,
    run_postgres,
    sqlite_file,
    sqlite_files,
    table_names,
)
from service.backups.scratch import copy_whole
from service.settings import Settings
from service.store.restoring import MARK as UNFINISHED


def demand_room(settings: Settings, saved: datetime) -> tuple[bool, bool]:
    """Return whether this restore was begun before, and whether its database is loaded; refuses a place that is taken."""
    tables = table_names(settings)
    if UNFINISHED in tables:
        if (before := _marked(settings)) != saved:
            raise SystemExit(
                f"这里有另一个备份（{before:%Y-%m-%d %H:%M:%S} UTC）的恢复没有办完：请用那个备份接着恢复，或者换一个空的地方。"
                " / The restore of another backup was not finished here: go on with that one, or take an empty place."
            )
        return True, len(tables) > 1
    if is_sqlite(settings):
        for taken in sqlite_files(settings):
            if taken.exists():
                raise SystemExit(f"{taken} 已存在，请先移走。 / It exists: move it away first.")
    if tables:
        raise SystemExit(
            "目标数据库里已经有表，不覆盖：请新建一个空数据库，并让 LAUREL_DATABASE 指向它。"
            " / The database has tables already: make an empty one and let LAUREL_DATABASE name it."
        )
    return False, False


def load_dump(settings: Settings, dump: Path, saved: datetime) -> None:
    """Load the database in one act; what is loaded bears the mark."""
    if not is_sqlite(settings):
        run_postgres(
            settings,
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            str(dump),
        )
        return
    with closing(sqlite3.connect(dump)) as copy:
        copy.execute(_marking(saved))
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file, *beside = sqlite_files(settings)
    for left in beside:  # of a program that looked at the mark
        left.unlink(missing_ok=True)
    copy_whole(dump, file)


def mark_unfinished(settings: Settings, saved: datetime, scratch: Path) -> None:
    """Let the database say that a restore is under way, in one statement; on SQLite by a file that holds nothing else."""
    if not is_sqlite(settings):
        with postgres_session(settings) as connection:
            connection.execute(_marking(saved))
        return
    alone = scratch / "mark.db"
    with closing(sqlite3.connect(alone)) as made:
        made.execute(_marking(saved))
    sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True)
    copy_whole(alone, sqlite_file(settings))


def _marking(saved: datetime) -> LiteralString:
    """Return the statement that makes the mark; a time in ISO 8601 holds nothing that ends a word of SQL."""
    return f"CREATE TABLE {UNFINISHED} AS SELECT '{saved.isoformat()}' AS saved_at"


def _marked(settings: Settings) -> datetime:
    """Return when the backup was made whose restore is under way."""
    asked: LiteralString = "SELECT saved_at FROM unfinished_restore"
    if is_sqlite(settings):
        with closing(sqlite3.connect(f"file:{sqlite_file(settings)}?mode=ro", uri=True)) as live:
            return datetime.fromisoformat(live.execute(asked).fetchone()[0])
    with postgres_session(settings) as connection:
        found = connection.execute(asked).fetchone()
        assert found is not None
        return datetime.fromisoformat(found[0])
