"""An attacker with everything but the key: files, write-ahead log, history, logs, backups, and who voted when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

Marks = Sequence[bool]
"""A guess for every member in the order in which they voted: in favour or not."""


@dataclass(frozen=True)
class Loot:
    """What was taken from one ballot.

    ``order`` are roll numbers in the order they voted, ``slips`` what was published (in favour or not) in
    the order it stands, ``urns`` the urn after the opening and after every cast, as far as files kept it.
    """

    order: Sequence[int]
    slips: Sequence[bool]
    urns: Sequence[bytes]
    receipts: Sequence[str]
    sizes: Sequence[int]
    answer: Marks


def urns_in(raw: bytes, known: Sequence[bytes]) -> list[bytes]:
    """Return those versions of an urn that lie in ``raw`` (a database file, its log or a backup)."""
    return [urn for urn in known if urn in raw]


class SqliteFiles:
    """What lies on the disk of an SQLite database; all of it is read as often as one likes."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = Path(url.removeprefix("sqlite:///"))
        self.copies = folder / "copies"
        self.copies.mkdir()

    def written(self) -> int:
        """Return how long the write-ahead log is."""
        return self.database.with_name("laurel.db-wal").stat().st_size

    def log(self) -> bytes:
        """Return the write-ahead log."""
        return self.database.with_name("laurel.db-wal").read_bytes()

    def data(self) -> bytes:
        """Return the database's own files."""
        return self.database.read_bytes()

    def said(self) -> str:
        """Return what the server logged: there is none."""
        return ""

    def backup(self, name: str) -> bytes:
        """Copy the live database as a backup does."""
        with closing(sqlite3.connect(self.database)) as one, closing(sqlite3.connect(self.copies / name)) as two:
            one.backup(two)
        return (self.copies / name).read_bytes()

    def rows(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        """Yield every row of every table in the order of the file."""
        self.backup("rows")
        with closing(sqlite3.connect(self.copies / "rows")) as connection:
            names = [r[0] for r in connection.execute("select name from sqlite_master where type = 'table'")]
            for name in names:
                for row in connection.execute(f'select * from "{name}"'):
                    yield name, row


class PostgresFiles:
    """What lies on the disk of a PostgreSQL server: the files of one database, the write-ahead log since, the server's log."""

    def __init__(self, url: str, folder: Path) -> None:
        self.address = url.replace("postgresql+psycopg", "postgresql")
        with self._connected() as connection:
            ((place, oid),) = connection.execute(
                "select current_setting('data_directory'), oid from pg_database where datname = current_database()"
            ).fetchall()
        self.place, self.oid = Path(place), oid
        self.watch = self._connected()
        self.begin, self.said_before = self._position(), len(self._server_log())

    def written(self) -> int:
        """Return how far the write-ahead log has come, in bytes."""
        return self._position()

    def log(self) -> bytes:
        """Return the write-ahead log since the attack began."""
        end, size = self._position(), 16 * 1024 * 1024
        found = b""
        for segment in range(self.begin // size, end // size + 1):
            name = f"00000001{segment // 256:08X}{segment % 256:08X}"
            content = (self.place / "pg_wal" / name).read_bytes()
            found += content[max(self.begin - segment * size, 0) : min(end - segment * size, size)]
        return found

    def data(self) -> bytes:
        """Return the database's own files, written out by a checkpoint."""
        with self._connected() as connection:
            connection.execute("checkpoint")
        files = sorted((self.place / "base" / str(self.oid)).iterdir())
        return b"".join(file.read_bytes() for file in files if file.is_file())

    def said(self) -> str:
        """Return what the server logged since the attack began: every statement with its values."""
        return self._server_log()[self.said_before :].decode()

    def backup(self, name: str) -> bytes:
        """Copy the files as a backup of the server does."""
        return self.data()

    def rows(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        """Yield every row of every table in the order of the file."""
        with self._connected() as connection:
            names = [r[0] for r in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
            for name in names:
                for row in connection.execute(sql.SQL("select * from {} order by ctid").format(sql.Identifier(name))):
                    yield name, row

    def _position(self) -> int:
        ((at,),) = self.watch.execute("select pg_current_wal_lsn() - '0/0'::pg_lsn").fetchall()
        return int(at)

    def _server_log(self) -> bytes:
        return (self.place.parent / "log").read_bytes()

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self.address, autocommit=True, options="-c log_statement=none")


Files = SqliteFiles | PostgresFiles


def log_statements(url: str) -> None:
    """Let the server log every statement of a database with its values from now on."""
    name = url.rpartition("/")[2]
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(sql.SQL("alter database {} set log_statement = 'all'").format(sql.Identifier(name)))


def guesses(loot: Loot) -> Mapping[str, Marks]:
    """Return what each way of linking says about each member, in the order they voted."""
    yes = sum(loot.slips)
    by_receipt = sorted(range(len(loot.order)), key=lambda n: loot.receipts[n])
    return {
        "order": loot.slips,
        "order backwards": list(reversed(loot.slips)),
        "id": [loot.slips[number - 1] for number in loot.order],
        "receipt": [loot.slips[by_receipt.index(n)] for n in range(len(loot.order))],
        "size": _most(loot.sizes, yes),
        "change of the urn": _most([_distance(a, b) for a, b in zip(loot.urns, loot.urns[1:], strict=False)], yes),
        "place of the change": _most([_heaviest(a, b) for a, b in zip(loot.urns, loot.urns[1:], strict=False)], yes),
    }


def right(guess: Marks, answer: Marks) -> int:
    return sum(g == a for g, a in zip(guess, answer, strict=True))


def _most(figures: Sequence[int], yes: int) -> Marks:
    """Guess that the greatest figures were in favour."""
    ranked = sorted(range(len(figures)), key=lambda n: figures[n], reverse=True)[:yes]
    return [n in ranked for n in range(len(figures))]


def _distance(one: bytes, two: bytes) -> int:
    return sum((a ^ b).bit_count() for a, b in zip(one[12:-16], two[12:-16], strict=True))


def _heaviest(one: bytes, two: bytes) -> int:
    changed = [(a ^ b).bit_count() for a, b in zip(one[12:-16], two[12:-16], strict=True)]
    return changed.index(max(changed))
