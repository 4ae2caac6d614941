"""The database of an installation as a file: dumped, looked into and reached, of either kind."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.backups.contents import POSTGRES, SQLITE
from service.settings import Settings

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
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return frozenset(name for (name,) in found)


@contextmanager
def postgres_session(settings: Settings) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Connect to the database of the settings; says in a sentence where it cannot be reached or used."""
    import psycopg

    try:
        with psycopg.connect(_postgres_url(settings), connect_timeout=5) as connection:
            yield connection
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
        raise SystemExit("备份与 LAUREL_DATABASE 不是同一种数据库。 / The backup is of the other kind of database.")
    return dump
