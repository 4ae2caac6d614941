"""Connections that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from service.store.connections.postgresql import connect_watched, why_away
from service.store.data_keys import DataKeys
from service.store.errors import Busy, Occupied, ReadOnly, StorageFull, Unreachable, Unusable
from service.store.models import metadata
from service.store.models.columns import tell_postgresql
from service.store.types import encrypt_by, from_text, to_text

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

_SQLITE_PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_THROWN_AWAY = ("synchronous=OFF", "temp_store=MEMORY")
_SQLITE_DRIVER: dict[str, Any] = {"cached_statements": 1000, "check_same_thread": False}
"""A connection keeps more statements prepared than the product has; the pool hands it to one thread at a time."""

_POSTGRES_OPTIONS = (
    "-c timezone=UTC -c idle_in_transaction_session_timeout=60s -c lock_timeout=10s -c statement_timeout=30s"
)

POSTGRES_LINE: dict[str, Any] = {
    "options": _POSTGRES_OPTIONS,
    "connect_timeout": 3,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 4000,
}
"""A network that fell silent is noticed within five seconds, not when the system's own limits end (a quarter of an hour)."""

_SECONDS_FOR_A_CONNECTION = 5
"""How long a request waits for one of the pool's connections."""

_TRY_AGAIN = {"40001", "40P01"}
"""PostgreSQL's codes for a failed serialisation and a deadlock."""

_NO_LOCK = "55P03"
"""PostgreSQL's code for a lock that did not come in time: who tries again at once waits as long again."""

_AWAY = {"080", "57P"}
"""How PostgreSQL's codes begin when it cannot be reached or is shutting down."""

_CLOSED = (
    "connection failed",
    "connection is bad",  # of a socket of this machine that is not there
    "could not connect",
    "connection timeout",
    "unable to open database file",
    "disk I/O error",
)
"""What drivers say when there is no code."""

_NOT_OURS = {"42501", "42P01"}
"""PostgreSQL's codes for what the account may not do, and for a table that is not there."""

_DAMAGED = ("not a database", "malformed", "no such table")
"""What SQLite says of a file that is damaged, no database, or an empty one."""


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database, links followed, whether it is there or not; None for any other database."""
    location = sa.make_url(url)
    on_disk = location.get_backend_name() == "sqlite" and not in_memory(url)
    return Path((location.database or "").removeprefix("file:")).resolve() if on_disk else None


def create_database_engine(
    url: str, *, durable: bool = True, read_only: bool = False, keys: DataKeys | None = None
) -> sa.Engine:
    """Return an engine for ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql+psycopg://…``; nothing is opened yet.

    Without ``durable`` a SQLite file waits for no disk: for seasons that are thrown away afterwards. With
    ``read_only`` the connections to a SQLite file refuse to write. Personal data are encrypted under ``keys``; in memory,
    where all is thrown away, they never are.

    Raises:
        ValueError: for any other database.
    """
    dialect = sa.make_url(url).get_backend_name()
    if in_memory(url):
        return _get_memory_engine()
    if dialect == "sqlite":
        return encrypt_by(_create_sqlite(url, durable, read_only), keys)
    if dialect == "postgresql":
        return encrypt_by(_create_postgresql(url), keys)
    raise ValueError(f"{dialect}: only SQLite and PostgreSQL are supported")


def reach(url: str) -> None:
    """Connect once and hang up again; raises Unreachable, which says why."""
    engine = create_database_engine(url)
    try:
        engine.connect().close()
    except sa.exc.OperationalError as error:
        raise Unreachable(why_away(str(error.orig))) from error
    finally:
        engine.dispose()


def require_server(error: sa.exc.DBAPIError) -> None:
    """Raise Unreachable where ``error`` is that PostgreSQL went away or let nobody in."""
    if getattr(error.orig, "pgconn", None) is not None and _is_away(error):
        raise Unreachable(why_away(str(error.orig))) from error


def _is_away(error: sa.exc.DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or code[:3] in _AWAY or any(words in str(error.orig) for words in _CLOSED)


def address_of(url: sa.URL) -> str:
    """Return the address of a PostgreSQL database as its own tools and drivers take it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def in_memory(url: str) -> bool:
    """Say whether the database is SQLite's in the memory of this process: one connection, for one thread."""
    parts = sa.make_url(url)
    return parts.get_backend_name() == "sqlite" and parts.database in (None, "", ":memory:")


@cache
def _get_memory_engine() -> sa.Engine:
    """Return the engine of every database in memory, which each connection is: they share what is compiled.

    `Alone` begins and ends its units of work: nothing listens, so that no statement looks for listeners.
    """
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool, connect_args=_SQLITE_DRIVER, **_COMMON)
    return _with_pragmas(engine, *_THROWN_AWAY)


def _create_sqlite(url: str, durable: bool, read_only: bool) -> sa.Engine:
    """Writers take the lock when they begin, so that no reader has to become a writer; lists do not queue behind them."""
    engine = sa.create_engine(
        url, pool_size=20, max_overflow=20, pool_use_lifo=True, connect_args=_SQLITE_DRIVER, **_COMMON
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    sa.event.listen(engine, "begin", lambda connection: execute_by_driver(connection, begin))
    return _with_pragmas(engine, *(() if durable else _THROWN_AWAY), f"query_only={int(read_only)}")


def execute_by_driver(connection: sa.Connection, statement: str) -> None:
    """Let SQLite's driver execute what begins a transaction or stands outside of any; raises SQLAlchemy's OperationalError."""
    try:
        _get_driver(connection).execute(statement).fetchall()
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(statement, None, error) from error


def _with_pragmas(engine: sa.Engine, *more: str) -> sa.Engine:
    def apply_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not BEGIN by itself
        for pragma in (*_SQLITE_PRAGMAS, *more):  # once: each makes SQLite prepare every statement again
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", apply_pragmas)
    return engine


def _create_postgresql(url: str) -> sa.Engine:
    tell_postgresql()
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        pool_use_lifo=True,  # each connection plans a statement ten times before it keeps a plan
        pool_pre_ping=True,
        pool_timeout=_SECONDS_FOR_A_CONNECTION,
        connect_args=POSTGRES_LINE,
        **_COMMON,
    )
    sa.event.listen(engine, "do_connect", connect_watched)
    return engine


_COMMON: dict[str, Any] = {"json_serializer": to_text, "json_deserializer": from_text, "hide_parameters": True}
"""Values of statements are personal data: an error that reaches a log names the statement only."""


def build_upsert(connection: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what happens where the row is there already."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # slow to load; who runs on SQLite does without

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


@contextmanager
def _without_values() -> Iterator[None]:
    """Keep the first line of what a driver says: PostgreSQL repeats whole rows below it, and logs must not hold them."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        lines = str(error.orig).splitlines() or [""]
        if error.orig is not None and len(lines) > 1:
            error.orig.args = (lines[0],)
            error.args = (f"({type(error.orig).__name__}) {lines[0]}",)
        raise


@contextmanager
def _require_usable() -> Iterator[None]:
    """Say of a database that it is damaged, empty or closed to the account; raises Unusable."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        code, reason = getattr(error.orig, "sqlstate", None) or "", (str(error.orig).splitlines() or [""])[0]
        if code in _NOT_OURS or any(words in reason for words in _DAMAGED):
            raise Unusable(reason) from error
        raise


@contextmanager
def translate_database_errors() -> Iterator[None]:
    """Say in our own errors what a caller can act upon.

    Raises:
        Busy: for a deadlock.
        Occupied: for a lock or a connection that did not come in time.
        StorageFull: when the disk is full.
        ReadOnly: when the database takes no writing.
        Unreachable: when it cannot be reached or opened.
        Unusable: when it is damaged, has no tables, or the account has no right to them.
    """
    try:
        with _without_values(), _require_usable():
            yield
    except sa.exc.TimeoutError as error:
        raise Occupied from error
    except (sa.exc.OperationalError, sa.exc.InternalError) as error:
        code, reason = getattr(error.orig, "sqlstate", None) or "", str(error.orig)
        if code in _TRY_AGAIN:
            raise Busy from error
        if code == _NO_LOCK or "database is locked" in reason:
            raise Occupied from error
        if code == "53100" or "disk is full" in reason or "no such savepoint" in reason:  # it ends the transaction
            raise StorageFull from error
        if code == "25006" or "readonly database" in reason:
            raise ReadOnly(of_file=code != "25006") from error
        if _is_away(error):
            raise Unreachable from error
        raise


_MADE: list[sa.Connection] = []
"""An empty database with all tables, made on first use."""


def _get_driver(connection: sa.Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


class Alone:
    """Keeps the only connection open and tells its driver where a unit of work begins and ends.

    Taking it from a pool, beginning, and handing it back cost more than a short unit of work itself.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None

    @property
    def connection(self) -> sa.Connection:
        """The database itself: it is gone when this is closed."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def close(self) -> None:
        """Let the database go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def copy_tables(self) -> None:
        """Make all tables: page by page, which takes a fiftieth of making each anew."""
        if not _MADE:
            template = self._engine.connect()
            metadata.create_all(template, checkfirst=False)
            template.commit()
            _MADE.append(template)
        _get_driver(_MADE[0]).backup(_get_driver(self.connection))

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a unit of work, to write or to read: committed at the end, rolled back on an exception."""
        driver = _get_driver(self.connection)
        driver.execute("BEGIN")
        try:
            yield self.connection
        except BaseException:
            driver.rollback()
            raise
        driver.commit()


LONGEST_WAIT = 15.0
"""Seconds that a unit of work waits for its turn, as long as SQLite lets one wait for what another process writes."""


class FairLock:
    """First come, first served: SQLite's own waiting is a lottery that can last seconds."""

    def __init__(self, longest_wait: float = LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def acquire(self) -> None:
        """Wait for our turn.

        Raises:
            RuntimeError: if this thread holds the lock already, for it would wait for itself.
            Occupied: if those before do not end in time.
        """
        me = threading.get_ident()
        with self._guard:
            if self._holder == me:
                raise RuntimeError("this thread already has a unit of work open")
            if self._holder is None:
                self._holder = me
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if not turn.acquire(timeout=self._longest_wait) and self._leave_queue(turn):
            raise Occupied
        self._holder = me

    def _leave_queue(self, turn: threading.Lock) -> bool:
        """Leave the queue; returns False where the lock was handed over in the same moment."""
        with self._guard:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True

    def release(self) -> None:
        """Hand over to the longest waiting thread."""
        with self._guard:
            if self._waiting:
                self._holder = -1
                self._waiting.popleft().release()
            else:
                self._holder = None


_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def writer_lock(database: str) -> FairLock:
    """Return this process's only writer lock for ``database`` (a path)."""
    with _locks_guard:
        return _locks.setdefault(database, FairLock())
