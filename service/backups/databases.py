"""The database of an installation as a file: dumped, looked into and reached, of either kind."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

from service.backups.scratch import copy_whole
from service.backups.times import POSTGRES, SQLITE
from service.settings import Settings
from service.store.owner import MARK as UNFINISHED

if TYPE_CHECKING:
    import psycopg


def is_sqlite(settings: Settings) -> bool:
    """Return whether the database is a file of SQLite."""
    return settings.database.startswith("sqlite:")


def sqlite_file(settings: Settings) -> Path:
    """Return the file of a database of SQLite."""
    return Path(settings.database.removeprefix("sqlite:///"))


def sqlite_files(settings: Settings) -> tuple[Path, ...]:
    """Return the database's file and those that SQLite keeps beside it; one of another database would spoil it."""
    file = sqlite_file(settings)
    return file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")


def _postgres_url(settings: Settings) -> str:
    """Return the address of a PostgreSQL database as its own tools take it."""
    return settings.database.replace("postgresql+psycopg:", "postgresql:", 1)


def table_names(settings: Settings) -> frozenset[str]:
    """Return the names of the tables in the database, none where there is no file; says so where it cannot be reached."""
    if is_sqlite(settings):
        if not sqlite_file(settings).exists():
            return frozenset()
        with closing(sqlite3.connect(f"file:{sqlite_file(settings)}?mode=ro", uri=True)) as live:
            return frozenset(name for (name,) in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
    with postgres_session(settings) as connection:
        table_rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return frozenset(name for (name,) in table_rows)


@contextmanager
def postgres_session(settings: Settings) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Connect to the database of the settings; says in a sentence where it cannot be reached or used."""
    import psycopg

    try:
        with psycopg.connect(_postgres_url(settings), connect_timeout=5) as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege:
        raise SystemExit(
            "连接数据库的账户没有权限，什么也没有改动：恢复由建表的账户办理，请设置 LAUREL_DATABASE_OWNER 后再试，见"
            " deploy/README.md。 / The account that connects has no right to it, and nothing was changed: a restore is done by"
            " the owner of the tables; set LAUREL_DATABASE_OWNER and try again, see deploy/README.md."
        ) from None
    except psycopg.Error as error:
        reason = (str(error).splitlines() or [""])[0]
        words = (
            ("连接不上", "cannot be reached")
            if isinstance(error, psycopg.OperationalError)
            else ("不能使用", "cannot be used")
        )
        raise SystemExit(
            f"数据库{words[0]}：请核对 LAUREL_DATABASE，以及数据库是否在运行。 / The database {words[1]}: {reason}."
        ) from None


def run_postgres(settings: Settings, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database; its password is in no argument, which every user could read."""
    import psycopg.conninfo

    url: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(_postgres_url(settings))
    password = url.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [program, f"--dbname={psycopg.conninfo.make_conninfo(**url)}", *arguments]
    try:
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603  no shell
    except FileNotFoundError:
        raise SystemExit(f"没有找到 {program}：请安装 postgresql-client。 / {program} is not installed.") from None
    if done.returncode:
        raise SystemExit(f"{program} 没有完成：{done.stderr.strip()} / {program} failed: nothing is kept.")


def dump_into(settings: Settings, folder: Path) -> Path:
    """Write a consistent copy of the database into a folder while it is in use, and return its file."""
    if is_sqlite(settings):
        with (
            closing(sqlite3.connect(f"file:{sqlite_file(settings)}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(folder / SQLITE)) as copy,
        ):
            live.backup(copy)
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise SystemExit("数据库完整性检查未通过，没有备份。 / The database fails its integrity check.")
        return folder / SQLITE
    run_postgres(settings, "pg_dump", "--format=custom", f"--file={folder / POSTGRES}")
    return folder / POSTGRES


def dump_in(settings: Settings, folder: Path) -> Path:
    """Return the database of the backup; refuses one of the other kind."""
    dump = folder / (SQLITE if is_sqlite(settings) else POSTGRES)
    if not dump.exists():
        raise SystemExit(
            "备份与 LAUREL_DATABASE 不是同一种数据库，什么也没有改动：请恢复到同一种数据库；SQLite 的备份先恢复到 SQLite，"
            "再用 laurel transfer 迁到 PostgreSQL。 / The backup is of the other kind of database, and nothing was changed: restore"
            " it to its own kind; one of SQLite is then carried to PostgreSQL by laurel transfer."
        )
    return dump


def require_room(settings: Settings, saved: datetime) -> tuple[bool, bool]:
    """Return whether this restore was begun before, and whether its database is loaded; refuses a place that is taken."""
    tables = table_names(settings)
    if UNFINISHED in tables:
        if (before := _read_mark(settings)) != saved:
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
        copy.execute(_build_mark_statement(saved))
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file, *beside = sqlite_files(settings)
    for side_file in beside:  # of a program that looked at the mark
        side_file.unlink(missing_ok=True)
    copy_whole(dump, file)


def mark_unfinished(settings: Settings, saved: datetime, scratch: Path) -> None:
    """Let the database say that a restore is under way, in one statement; on SQLite by a file that holds nothing else."""
    if not is_sqlite(settings):
        with postgres_session(settings) as connection:
            connection.execute(_build_mark_statement(saved))
        return
    alone = scratch / "mark.db"
    with closing(sqlite3.connect(alone)) as made:
        made.execute(_build_mark_statement(saved))
    sqlite_file(settings).parent.mkdir(parents=True, exist_ok=True)
    copy_whole(alone, sqlite_file(settings))


def _build_mark_statement(saved: datetime) -> LiteralString:
    """Return the statement that makes the mark; a time in ISO 8601 holds nothing that ends a word of SQL."""
    return f"CREATE TABLE {UNFINISHED} AS SELECT '{saved.isoformat()}' AS saved_at"


def _read_mark(settings: Settings) -> datetime:
    """Return when the backup was made whose restore is under way."""
    query: LiteralString = "SELECT saved_at FROM unfinished_restore"
    if is_sqlite(settings):
        with closing(sqlite3.connect(f"file:{sqlite_file(settings)}?mode=ro", uri=True)) as live:
            return datetime.fromisoformat(live.execute(query).fetchone()[0])
    with postgres_session(settings) as connection:
        mark_row = connection.execute(query).fetchone()
        assert mark_row is not None
        return datetime.fromisoformat(mark_row[0])
